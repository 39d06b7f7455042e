/** The templates in the providers' consoles, and what WhatsApp thinks of them. */

import {askForText} from "./dialogs.js";
import {h, iconButton} from "./dom.js";
import {formatted} from "./markup.js";
import {call, onChange, store} from "./store.js";

const STATES = {
    unsubmitted: "Not submitted",
    received: "Received",
    pending: "Pending",
    approved: "Approved",
    rejected: "Rejected",
    paused: "Paused",
    disabled: "Disabled",
};
const META_STATES = {
    PENDING: "Pending",
    APPROVED: "Approved",
    REJECTED: "Rejected",
    PAUSED: "Paused",
    DISABLED: "Disabled",
};
let dialog = null;
let drawn = "";

export function openTemplates() {
    const close = () => dialog.close();
    dialog = h("dialog.question.templates", {"aria-label": "Templates"});
    dialog.append(
        h(
            "header",
            null,
            h("h2", null, "Templates"),
            iconButton("close", "Close", close)
        ),
        h("p", null, "In Twilio's console. Odoo sees a change when it syncs."),
        h("ul.template-list"),
        h("p", null, "In Meta's WhatsApp Manager, which reports each change."),
        h("ul.template-list")
    );
    dialog.addEventListener("close", () => {
        dialog.remove();
        dialog = null;
    });
    document.body.append(dialog);
    drawn = "";
    draw();
    dialog.showModal();
}

function draw() {
    const key = JSON.stringify([store.contents, store.templates]);
    if (!dialog || key === drawn) {
        return;
    }
    drawn = key;
    const [twilio, meta] = dialog.querySelectorAll("ul");
    const focused = dialog.contains(document.activeElement)
        ? document.activeElement.dataset.key
        : "";
    twilio.replaceChildren(...store.contents.map(row));
    meta.replaceChildren(...store.templates.map(metaRow));
    if (focused) {
        dialog.querySelector(`[data-key="${focused}"]`)?.focus();
    }
}

function metaRow(template) {
    const {sid, name, language, category, components, status} = template;
    const body = components.find(({type}) => type === "BODY");
    const change = (event) =>
        call("PATCH", `/templates/${sid}`, {status: event.target.value});
    const options = Object.entries(META_STATES).map(([value, text]) =>
        h("option", {value, selected: value === status}, text)
    );
    const props = {"aria-label": `State of ${name}`, dataset: {key: sid}};
    return h(
        "li",
        {dataset: {sid, status: status.toLowerCase()}},
        h("strong", null, name),
        h("small", null, `${language} · ${category.toLowerCase()}`),
        h("p.template-body", null, ...formatted(body.text)),
        h(
            "div",
            null,
            h("select", {...props, onchange: change}, options),
            iconButton("trash", `Delete ${name}`, () =>
                call("DELETE", `/templates/${sid}`)
            )
        )
    );
}

function row(content) {
    const {approval, language, sid} = content;
    const status = approval.status || "unsubmitted";
    const [type, fields] = Object.entries(content.types)[0];
    const name = content.friendly_name || sid;
    const facts = [language, approval.category?.toLowerCase(), type];
    return h(
        "li",
        {dataset: {sid, status}},
        h("strong", null, name),
        h("small", null, facts.filter(Boolean).join(" · ")),
        h("p.template-body", null, ...formatted(fields.body || fields.label || "")),
        approval.rejection_reason && h("p.problem", null, approval.rejection_reason),
        h(
            "div",
            null,
            states(content, name, status),
            fields.body && edit(content, type, name),
            iconButton("trash", `Delete ${name}`, () =>
                call("DELETE", `/contents/${sid}`)
            )
        )
    );
}

function states(content, name, status) {
    const options = Object.entries(STATES).map(([value, text]) =>
        h("option", {value, selected: value === status}, text)
    );
    const props = {
        "aria-label": `Approval of ${name}`,
        dataset: {key: content.sid},
        onchange: (event) => decide(content, event.target.value),
    };
    return h("select", props, options);
}

async function decide(content, status) {
    const values = {status};
    if (status === "rejected") {
        const reason = "INVALID_FORMAT. Variables can't be next to each other.";
        const title = "Reject the template";
        values.rejection_reason = await askForText(title, "Reason", "Reject", reason);
        if (!values.rejection_reason) {
            drawn = "";
            return draw();
        }
    }
    return call("PATCH", `/contents/${content.sid}`, values);
}

function edit(content, type, name) {
    const change = async () => {
        const old = content.types[type].body;
        const body = await askForText("Change the template", "Text", "Save", old);
        if (body) {
            const types = {
                ...content.types,
                [type]: {...content.types[type], body},
            };
            await call("PATCH", `/contents/${content.sid}`, {types});
        }
    };
    return iconButton("edit", `Change ${name}`, change);
}

onChange(draw);

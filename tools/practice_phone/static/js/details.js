/** About this phone: who it is, read receipts, the reply window. */

import {confirmRemoval} from "./dialogs.js";
import {h, icon, iconButton, reconcile} from "./dom.js";
import {day, time} from "./format.js";
import {avatar} from "./phones.js";
import {call, conversationOf, select} from "./store.js";

const element = h("aside.details", {"aria-label": "About this phone", hidden: true});
const WINDOWS = [
    ["auto", "24 hours"],
    ["open", "Always open"],
    ["closed", "Closed"],
];
let drawn = "";

export function openDetails() {
    element.classList.add("open");
    element.querySelector("button")?.focus();
}

export function closeDetails() {
    element.classList.remove("open");
}

function draw(customer, line) {
    element.hidden = !customer;
    const conversation = customer && line && conversationOf(customer, line);
    const key = JSON.stringify([customer, line, conversation]);
    // Untouched when nothing changed, so that the keyboard keeps its place.
    if (!customer || key === drawn) {
        return;
    }
    drawn = key;
    const focused = element.contains(document.activeElement)
        ? document.activeElement.name
        : "";
    reconcile(element, parts(customer, line, conversation));
    if (focused) {
        element.querySelector(`[name="${focused}"]`)?.focus();
    }
}

function parts(customer, line, conversation) {
    return [
        iconButton("close", "Close", closeDetails, {className: "icon-button close"}),
        h(
            "header",
            null,
            avatar(customer, ".large"),
            h("h2", null, customer.name),
            customer.phone && h("p", null, customer.shown),
            customer.bsuid && h("p.id", null, customer.bsuid)
        ),
        h("div.card", null, receipts(customer)),
        line?.kind === "whatsapp" &&
            h("div.card", null, ...replyWindow(customer, line, conversation)),
        line && h("div.card", null, ...connection(line)),
        h(
            "button.remove",
            {type: "button", onclick: () => remove(customer)},
            icon("trash"),
            "Remove this phone"
        ),
    ].filter(Boolean);
}

function receipts(customer) {
    const flip = (event) =>
        call("PATCH", `/customers/${customer.id}`, {
            read_receipts: event.target.checked,
        });
    return h(
        "label.switch",
        null,
        h(
            "span",
            null,
            h("strong", null, "Read receipts"),
            h("small", null, "WhatsApp tells when messages were read")
        ),
        h("input", {
            type: "checkbox",
            role: "switch",
            name: "receipts",
            checked: customer.read_receipts,
            onchange: flip,
        }),
        h("i", {"aria-hidden": "true"})
    );
}

function replyWindow(customer, line, conversation) {
    const pick = (event) =>
        call("POST", "/window", {
            customer: customer.id,
            line: line.sid,
            window: event.target.value,
        });
    const options = WINDOWS.map(([value, text]) =>
        h("option", {value, selected: value === (conversation?.window || "auto")}, text)
    );
    return [
        h(
            "label.pick",
            null,
            h("strong", null, "Reply window"),
            h("select", {name: "window", onchange: pick}, options)
        ),
        h("small", null, windowText(conversation)),
    ];
}

function windowText(conversation) {
    const mode = conversation?.window || "auto";
    if (mode !== "auto") {
        return mode === "open"
            ? "The shop may always write."
            : "What the shop writes fails with 63016.";
    }
    if (!conversation?.last_inbound_at) {
        return "The shop may not write before the customer did.";
    }
    const end = conversation.last_inbound_at + 86400;
    const when = `${day(end)}, ${time(end)}`;
    return end * 1000 > Date.now()
        ? `The shop may write until: ${when}.`
        : `Over: ${when}. What the shop writes fails with 63016.`;
}

function connection(line) {
    const url = line.webhook_url.split("#")[0];
    return [
        h("strong", null, url ? "Odoo listens" : "Odoo does not listen"),
        h(
            "small.url",
            null,
            url || "Connect the account in Odoo: the webhook is set from there."
        ),
    ];
}

async function remove(customer) {
    if (await confirmRemoval(customer)) {
        closeDetails();
        select("");
        await call("DELETE", `/customers/${customer.id}`);
    }
}

export const details = {element, draw};

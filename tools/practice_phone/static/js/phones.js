/** The list of phones: choose, search and add. */

import {openTemplates} from "./console.js";
import {askForPhone} from "./dialogs.js";
import {h, icon, iconButton, reconcile} from "./dom.js";
import {hue, initials, mediaIcon, preview, shortTime} from "./format.js";
import {isLost, isUnread, messagesOf, select, store} from "./store.js";

const search = h("input", {
    type: "search",
    placeholder: "Search a name or number",
    "aria-label": "Search phones",
    oninput: () => draw(),
});
const list = h("nav.phone-list", {"aria-label": "Phones"});
const inboxLink = h(
    "a.inbox-link",
    {target: "_blank", rel: "noopener", hidden: true},
    "Open the inbox",
    icon("link")
);
const element = h(
    "section.phones",
    {"aria-label": "Customers' phones"},
    h(
        "header.phones-header",
        null,
        h("div", null, h("h1", null, "Phones"), inboxLink),
        h(
            "div.phones-tools",
            null,
            iconButton("document", "Templates", openTemplates),
            iconButton("add", "Add a phone", add, {className: "icon-button add-phone"})
        )
    ),
    h("label.search", null, icon("search"), search),
    list
);

async function add() {
    const customer = await askForPhone();
    if (customer) {
        search.value = "";
        select(customer.id);
    }
}

export function avatar(customer, size = "") {
    const style = {"--hue": hue(customer.id)};
    return h(
        `span.avatar${size}`,
        {style, "aria-hidden": "true"},
        initials(customer.name)
    );
}

function found() {
    const words = search.value.trim().toLowerCase();
    const rows = store.customers.map((customer) => {
        const messages = messagesOf(customer.id);
        return {customer, messages, last: messages.at(-1)};
    });
    return rows
        .filter(({customer}) => matches(customer, words))
        .sort((one, other) => when(other) - when(one));
}

function when({last}) {
    return last ? last.created_at : 0;
}

function matches(customer, words) {
    const {name, phone, shown, bsuid, username} = customer;
    const text = `${name} ${phone} ${shown} ${bsuid} ${username}`;
    return text.toLowerCase().includes(words);
}

/** Selects the phone above or below (Alt and an arrow). */
export function step(by) {
    const ids = found().map(({customer}) => customer.id);
    const index = ids.indexOf(store.selected.customer);
    const next = ids[Math.min(Math.max(index + by, 0), ids.length - 1)];
    if (next) {
        select(next);
    }
}

const rows = new Map();

function row(entry) {
    const {customer, messages, last} = entry;
    const unread = messages.filter(isUnread).length;
    const current = customer.id === store.selected.customer;
    const key = JSON.stringify([customer, last, unread, current]);
    const cached = rows.get(customer.id) || {node: newRow(customer)};
    if (cached.key !== key) {
        cached.key = key;
        cached.node.ariaCurrent = current ? "true" : null;
        cached.node.replaceChildren(...rowParts(customer, last, unread));
        rows.set(customer.id, cached);
    }
    return cached.node;
}

/** The button stays in place, and with it the keyboard focus. */
function newRow(customer) {
    const onclick = () => select(customer.id);
    return h("button.phone-row", {type: "button", onclick});
}

function rowParts(customer, last, unread) {
    return [
        avatar(customer),
        h(
            "span.phone-row-text",
            null,
            h(
                "span.phone-row-top",
                null,
                h("strong", null, customer.name),
                last && h("time", null, shortTime(last.created_at))
            ),
            h(
                "span.phone-row-bottom",
                null,
                h("span.phone-row-preview", null, ...lastLine(customer, last)),
                unread > 0 &&
                    h("span.unread", {"aria-label": `${unread} unread`}, unread)
            )
        ),
    ];
}

function lastLine(customer, last) {
    if (!last) {
        return [idOf(customer)];
    }
    if (isLost(last)) {
        return ["A message wasn't delivered"];
    }
    const name = last.body ? "" : mediaIcon(last);
    const own = last.direction === "inbound" && "You: ";
    return [own || "", name && icon(name), preview(last)];
}

function idOf(customer) {
    const whatsapp = customer.bsuid && `WhatsApp id ${customer.bsuid}`;
    return customer.shown || whatsapp || "Messenger and Instagram";
}

function draw() {
    inboxLink.hidden = !store.odooUrl;
    inboxLink.href = store.odooUrl ? `${store.odooUrl}/odoo/messaging` : "#";
    const entries = found();
    const nodes = entries.map(row);
    if (!entries.length && store.loaded) {
        const text = search.value ? "No matching phone." : "No phone yet. Add one.";
        nodes.push(h("p.nothing", null, text));
    }
    reconcile(list, nodes);
}

list.addEventListener("keydown", (event) => {
    const steps = {ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling"};
    const next = document.activeElement[steps[event.key]];
    if (next && !event.altKey) {
        event.preventDefault();
        next.focus();
    }
});

export const phones = {element, draw};

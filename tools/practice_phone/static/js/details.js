/** About this phone: its customer, read receipts, the reply window. */

import {askForText, confirmRemoval} from "./dialogs.js";
import {h, icon, iconButton, reconcile} from "./dom.js";
import {day, time} from "./format.js";
import {avatar} from "./phones.js";
import {
    call,
    conversationOf,
    hasGestures,
    isCloud,
    isMeta,
    kindOf,
    select,
} from "./store.js";
import {number} from "./number.js";
import {trouble, troubleKey} from "./trouble.js";

const element = h("aside.details", {"aria-label": "About this phone", hidden: true});
const WINDOWS = [
    ["auto", "24 hours"],
    ["open", "Always open"],
    ["agent", "People only (7 days)"],
    ["closed", "Closed"],
];
const WHATSAPP = [
    ["on", "On WhatsApp"],
    ["refused", "Not there: refused at once (63003)"],
    ["undelivered", "Not there: fails later (63024)"],
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
    const key = JSON.stringify([customer, line, conversation, troubleKey(line)]);
    // Without a change the elements stay, and with them the keyboard focus.
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
            customer.bsuid && h("p.id", null, customer.bsuid),
            customer.username && h("p.id", null, `@${customer.username}`)
        ),
        h("div.card", null, receipts(customer)),
        whatsapp(customer),
        ...cards(customer, line, conversation).map((each) =>
            h("div.card", null, ...each)
        ),
        h(
            "button.remove",
            {type: "button", onclick: () => remove(customer)},
            icon("trash"),
            "Remove this phone"
        ),
    ].filter(Boolean);
}

/** Returns the cards about the line that the customer writes to. */
function cards(customer, line, conversation) {
    if (!line) {
        return [];
    }
    return [
        isMeta(line) && [profile(customer)],
        line.kind !== "sms" && replyWindow(customer, line, conversation),
        hasGestures(line) && outside(customer, line),
        isCloud(line) && [number(line)],
        connection(line),
        hasGestures(line) && trouble(line),
    ].filter(Boolean);
}

/** Whether the number is on WhatsApp, and how it is written there. */
function whatsapp(customer) {
    if (!customer.phone) {
        return null;
    }
    const change = (event) =>
        call("PATCH", `/customers/${customer.id}`, {whatsapp: event.target.value});
    const options = WHATSAPP.map(([value, text]) =>
        h("option", {value, selected: value === customer.whatsapp}, text)
    );
    return h(
        "div.card",
        null,
        h(
            "label.pick",
            null,
            h("strong", null, "WhatsApp"),
            h("select", {name: "whatsapp", onchange: change}, options)
        ),
        customer.other_spelling && spelling(customer)
    );
}

function spelling(customer) {
    const change = (event) =>
        call("PATCH", `/customers/${customer.id}`, {
            spelling: event.target.checked ? "other" : "same",
        });
    return h(
        "label.switch",
        null,
        h(
            "span",
            null,
            h("strong", null, "Other spelling"),
            h("small", null, `WhatsApp knows ${customer.other_spelling}`)
        ),
        h("input", {
            type: "checkbox",
            role: "switch",
            name: "spelling",
            checked: customer.spelling === "other",
            onchange: change,
        }),
        h("i", {"aria-hidden": "true"})
    );
}

function receipts(customer) {
    const hint = "The shop sees when its messages are read";
    return flip(customer, "read_receipts", "Read receipts", hint);
}

function profile(customer) {
    const hint = "The shop can see name and picture";
    return flip(customer, "shows_profile", "Profile", hint);
}

/** A switch for one field of the customer. */
function flip(customer, name, title, hint) {
    const change = (event) =>
        call("PATCH", `/customers/${customer.id}`, {[name]: event.target.checked});
    return h(
        "label.switch",
        null,
        h("span", null, h("strong", null, title), h("small", null, hint)),
        h("input", {
            type: "checkbox",
            role: "switch",
            name,
            checked: customer[name],
            onchange: change,
        }),
        h("i", {"aria-hidden": "true"})
    );
}

/** Answers as the shop in Meta's own inbox; Odoo gets the echo. */
function outside(customer, line) {
    const answer = async () => {
        const body = await askForText("Answer outside Odoo", "As the shop", "Send");
        if (body) {
            await call("POST", "/outside", {
                customer: customer.id,
                line: line.sid,
                body,
            });
        }
    };
    return [
        h("strong", null, "Answer outside Odoo"),
        h("small", null, `Reply as the shop from ${outsideOf(line)}.`),
        h("button.link", {type: "button", onclick: answer}, "Write as the shop"),
    ];
}

function outsideOf(line) {
    return isCloud(line) ? "the phone's own app" : `${kindOf(line)}'s own inbox`;
}

function replyWindow(customer, line, conversation) {
    const pick = (event) =>
        call("POST", "/window", {
            customer: customer.id,
            line: line.sid,
            window: event.target.value,
        });
    const windows = WINDOWS.filter(([value]) => value !== "agent" || isMeta(line));
    const options = windows.map(([value, text]) =>
        h("option", {value, selected: value === (conversation?.window || "auto")}, text)
    );
    return [
        h(
            "label.pick",
            null,
            h("strong", null, "Reply window"),
            h("select", {name: "window", onchange: pick}, options)
        ),
        h("small", null, windowText(line, conversation)),
    ];
}

/** Says how a message fails after the reply window. */
function refusalOf(line) {
    if (isMeta(line)) {
        return "The shop's messages are refused with error 10.";
    }
    const code = isCloud(line) ? 131047 : 63016;
    return `The shop's messages fail with error ${code}.`;
}

function windowText(line, conversation) {
    const mode = conversation?.window || "auto";
    const refusal = refusalOf(line);
    if (mode === "agent") {
        return "Only messages by a person are accepted (HUMAN_AGENT).";
    }
    if (mode !== "auto") {
        return mode === "open" ? "The shop can always write." : refusal;
    }
    if (!conversation?.last_inbound_at) {
        return "The shop can't write before the customer does.";
    }
    const end = conversation.last_inbound_at + 86400;
    const when = `${day(end)}, ${time(end)}`;
    return end * 1000 > Date.now()
        ? `The window ends: ${when}.`
        : `The window ended: ${when}. ${refusal}`;
}

function connection(line) {
    const url = line.webhook_url.split("#")[0];
    return [
        h("strong", null, url ? "Connected to Odoo" : "Not connected to Odoo"),
        h("small.url", null, url || "Connect the account in Odoo to set the webhook."),
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

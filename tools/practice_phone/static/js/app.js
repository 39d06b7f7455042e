/** The practice phone's page: phones on the left, the chosen one beside them. */

import {chat} from "./chat.js";
import {closeDetails, details} from "./details.js";
import {h} from "./dom.js";
import {phones, step} from "./phones.js";
import {
    call,
    changed,
    currentCustomer,
    currentLine,
    isUnread,
    listen,
    messagesOf,
    onChange,
    readHash,
    store,
} from "./store.js";

const offline = h(
    "p.offline",
    {role: "status", hidden: true},
    "The practice phone isn't running. Reconnecting…"
);
const layout = h("main.layout", null, phones.element, chat.element, details.element);
document.body.append(offline, layout);

function draw() {
    const customer = currentCustomer();
    layout.dataset.pane = customer ? "chat" : "phones";
    offline.hidden = store.online;
    phones.draw();
    chat.draw(customer, currentLine());
    details.draw(customer, currentLine());
    document.title = title();
    lookAt(customer, currentLine());
}

function title() {
    const count = [...store.messages.values()].filter(
        (each) => isUnread(each) && ["delivered", "read"].includes(each.status)
    ).length;
    return count ? `(${count}) Practice phone` : "Practice phone";
}

let looking = false;

/** Marks the conversation on the screen as read. */
async function lookAt(customer, line) {
    if (!customer || !line || document.hidden || looking) {
        return;
    }
    if (!messagesOf(customer.id, line.sid).some(isUnread)) {
        return;
    }
    looking = true;
    try {
        await call("POST", "/read", {customer: customer.id, line: line.sid});
        // More messages may have arrived meanwhile.
        changed();
    } catch {
        // The phone is off. Once it is back, everything is drawn and marked again.
    } finally {
        looking = false;
    }
}

document.addEventListener("visibilitychange", draw);
window.addEventListener("hashchange", readHash);
window.addEventListener("popstate", readHash);
document.addEventListener("keydown", (event) => {
    if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
        event.preventDefault();
        step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
        closeDetails();
    }
});
onChange(draw);
readHash();
listen();

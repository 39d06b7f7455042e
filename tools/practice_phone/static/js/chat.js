/** The phone itself: its header, the conversation, the composer. */

import {bubble} from "./bubble.js";
import {composer} from "./composer.js";
import {openDetails} from "./details.js";
import {h, icon, iconButton, reconcile} from "./dom.js";
import {day, hue, initials, time} from "./format.js";
import {avatar} from "./phones.js";
import {
    conversationOf,
    isDropping,
    isMeta,
    isUnread,
    kindOf,
    linesOf,
    messagesOf,
    select,
    store,
} from "./store.js";

const clock = h("span.clock");
const header = h("header.chat-header");
const tabs = h("div.line-tabs", {role: "group", "aria-label": "Written by"});
const thread = h("div.thread", {role: "log", "aria-label": "Messages", tabIndex: 0});
const notice = h("p.chat-notice", {role: "status", hidden: true});
const drop = h("div.drop", {hidden: true}, icon("photo"), "Drop to attach");
const screen = h(
    "div.screen",
    null,
    h("div.status-bar", {"aria-hidden": "true"}, clock, h("span.battery")),
    header,
    tabs,
    thread,
    notice,
    composer.element,
    drop
);
const empty = h(
    "div.empty",
    null,
    icon("contact"),
    h("p", null, "Choose a phone to write as a customer."),
    h(
        "small",
        null,
        h("kbd", null, "Alt"),
        " with ",
        h("kbd", null, "↑"),
        " or ",
        h("kbd", null, "↓"),
        " switches phones."
    )
);
const device = h("section.device", {"aria-label": "Phone"}, screen);
const element = h("div.stage", null, device, empty);

const nodes = new Map();
let shown = "";
let atEnd = true;
let typing = 0;

function draw(customer, line) {
    device.hidden = !customer;
    empty.hidden = Boolean(customer) || !store.loaded;
    clock.textContent = time(Date.now() / 1000);
    if (!customer) {
        shown = "";
        return;
    }
    const key = `${line?.sid}/${customer.id}`;
    const arrived = key !== shown;
    shown = key;
    drawHeader(customer, line);
    endTyping(customer, line);
    drawTabs(customer, line);
    drawThread(customer, line, arrived);
    drawNotice(customer, line);
    composer.draw(customer, line);
}

function drawHeader(customer, line) {
    device.dataset.kind = line?.kind || "";
    const name = line ? line.name || line.shown : "No number yet";
    const style = {"--hue": hue(line?.sid || "")};
    reconcile(header, [
        iconButton("back", "All phones", () => select(""), {
            className: "icon-button back",
        }),
        h("span.avatar.small", {style, "aria-hidden": "true"}, initials(name)),
        h(
            "button.chat-title",
            {type: "button", title: "About this phone", onclick: openDetails},
            h("strong", null, name),
            h("small", {role: "status"}, subtitle(customer, line))
        ),
        owner(customer),
    ]);
}

/** A line of Meta shows no number: customers never see a Page's id. */
function subtitle(customer, line) {
    if (!line) {
        return "";
    }
    if (secondsTyping(customer, line) > 0) {
        return "typing…";
    }
    return isMeta(line) ? kindOf(line) : `${kindOf(line)} · ${line.shown}`;
}

/** Returns how long the shop will still be shown as typing. */
function secondsTyping(customer, line) {
    const until = conversationOf(customer, line)?.typing_until || 0;
    return until - Date.now() / 1000;
}

function endTyping(customer, line) {
    clearTimeout(typing);
    const seconds = line ? secondsTyping(customer, line) : 0;
    if (seconds > 0) {
        typing = setTimeout(() => drawHeader(customer, line), seconds * 1000 + 50);
    }
}

function owner(customer) {
    const label = `About ${customer.name}'s phone`;
    const props = {type: "button", title: label, "aria-label": label};
    return h("button.owner", {...props, onclick: openDetails}, avatar(customer));
}

/** The shop's numbers that the customer can write to. */
function drawTabs(customer, line) {
    const lines = linesOf(customer);
    tabs.hidden = lines.length < 2;
    reconcile(
        tabs,
        lines.map((each) => tab(customer, each, each.sid === line?.sid))
    );
}

function tab(customer, line, current) {
    const unread = messagesOf(customer.id, line.sid).filter(isUnread).length;
    const kind = kindOf(line);
    const same = store.lines.filter((each) => kindOf(each) === kind).length;
    return h(
        "button.line-tab",
        {
            type: "button",
            dataset: {kind: line.kind},
            title: `${line.name} · ${subtitle(line)}`,
            "aria-pressed": String(current),
            onclick: () => select(customer.id, line.sid),
        },
        same > 1 ? `${kind} ${shortName(line)}` : kind,
        unread > 0 && h("span.unread", null, unread)
    );
}

function shortName(line) {
    return isMeta(line) ? line.name : line.shown;
}

function drawThread(customer, line, arrived) {
    const messages = line ? messagesOf(customer.id, line.sid) : [];
    const rows = messages.flatMap((message, index) => {
        const before = messages[index - 1];
        const word = day(message.created_at);
        const isNewDay = !before || day(before.created_at) !== word;
        const node = cached(message, isNewDay ? undefined : before);
        return isNewDay ? [separator(word, message), node] : [node];
    });
    rows.push(...ending(messages));
    reconcile(thread, rows);
    atEnd ||= arrived;
    stayAtEnd();
}

/** Keeps the thread at its end while pictures load, unless it was scrolled up. */
function stayAtEnd() {
    if (atEnd) {
        thread.scrollTop = thread.scrollHeight;
    }
}

thread.addEventListener("scroll", () => {
    const below = thread.scrollHeight - thread.scrollTop - thread.clientHeight;
    atEnd = below < 60;
});
thread.addEventListener("load", stayAtEnd, true);
new ResizeObserver(stayAtEnd).observe(thread);

/** Rebuilds a node only when its message has changed. */
function cached(message, before) {
    const quoted = store.messages.get(message.reply_to);
    const follows = before?.direction === message.direction;
    const key = JSON.stringify([message, quoted, follows]);
    const known = nodes.get(message.sid);
    if (known?.key === key) {
        return known.node;
    }
    const node = bubble(message, {
        quoted,
        follows,
        onReply: () => composer.replyTo(message),
        onJump: () => jump(message.reply_to),
    });
    nodes.set(message.sid, {key, node});
    return node;
}

function jump(sid) {
    const node = nodes.get(sid)?.node;
    node?.scrollIntoView({block: "center", behavior: "smooth"});
    node?.classList.add("found");
    setTimeout(() => node?.classList.remove("found"), 1200);
}

function separator(word, message) {
    const key = `day ${message.sid}`;
    if (nodes.get(key)?.key !== word) {
        const node = h("p.day", null, h("span", null, word));
        nodes.set(key, {key: word, node});
    }
    return nodes.get(key).node;
}

function ending(messages) {
    return messages.length ? [] : [h("p.start", null, "Say hello to start.")];
}

function drawNotice(customer, line) {
    const conversation = line && conversationOf(customer, line);
    const text = noticeOf(line, conversation);
    notice.hidden = !text;
    notice.textContent = text;
}

function noticeOf(line, conversation) {
    if (!line) {
        return "There is no number to write to.";
    }
    if (isDropping(line)) {
        return "Twilio drops what you write: this number's Messaging Service has no webhook.";
    }
    if (!line.webhook_url) {
        return "Odoo isn't connected to this number. Connect the account in Odoo.";
    }
    if (conversation?.opted_out) {
        return "You sent STOP. This number can't text you until you send START.";
    }
    return "";
}

// -- files dropped anywhere on the phone ----------------------------------------

let depth = 0;

function dragged(event, by) {
    if (![...event.dataTransfer.types].includes("Files")) {
        return;
    }
    event.preventDefault();
    depth += by;
    drop.hidden = depth < 1;
}

device.addEventListener("dragenter", (event) => dragged(event, 1));
device.addEventListener("dragleave", (event) => dragged(event, -1));
device.addEventListener("dragover", (event) => dragged(event, 0));
device.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    drop.hidden = true;
    composer.attach([...event.dataTransfer.files]);
});
setInterval(() => (clock.textContent = time(Date.now() / 1000)), 10000);

export const chat = {element, draw};

/** One message as a bubble. */

import {h, icon, iconButton} from "./dom.js";
import {isBigEmoji, preview, time} from "./format.js";
import {attachment, contactCard, mapCard} from "./media.js";
import {emojiPalette, gestures, marks, reactions} from "./gestures.js";
import {formatted} from "./markup.js";
import {call, isLost, isMeta, lineOf} from "./store.js";
import {hasText, templateButtons, templateFooter, templateHeader} from "./template.js";

const LINKS = /(https?:\/\/[^\s<>"]+)/g;

export function bubble(message, options) {
    if (isLost(message)) {
        return lost(message);
    }
    const own = message.direction === "inbound";
    const palette = emojiPalette(message);
    const reacted = Object.keys(message.reactions).length ? ".reacted" : "";
    const classes = own ? ".own" : ".theirs";
    const tail = options.follows ? "" : ".first";
    const body = h(
        "div.bubble-body",
        null,
        ...content(message, options),
        footer(message, own),
        templateButtons(message)
    );
    return h(
        `article.message${classes}${tail}${isSticker(message) ? ".sticker" : ""}${reacted}`,
        {
            tabIndex: 0,
            dataset: {sid: message.sid, status: message.status},
            "aria-label": `${own ? "You" : "Shop"}, ${time(message.created_at)}`,
            ondblclick: options.onReply,
            onkeydown: (event) => event.key === "r" && options.onReply(),
        },
        h(
            "div.bubble",
            null,
            body,
            reactions(message),
            palette,
            !message.unsent && actions(message, own, palette, options)
        ),
        own && message.status === "failed" && failure(message)
    );
}

function isSticker(message) {
    return message.media.length === 1 && message.media[0].content_type === "image/webp";
}

function content(message, options) {
    if (message.unsent) {
        return [h("p.text.unsent", null, "You unsent this message")];
    }
    const media = message.media.filter((each) => each.size || each.content_type);
    const grid = media.length > 1 ? ".several" : "";
    const isCard = Boolean(message.contact);
    return [
        forwarded(message),
        ...marks(message),
        message.reply_to && quote(options),
        media.length > 0 &&
            !isCard &&
            h(
                `div.attachments${grid}`,
                null,
                media.map((each) => attachment(each))
            ),
        isCard && contactCard(message.contact),
        message.location && mapCard(message.location),
        message.choice && h("span.choice", null, icon("reply"), message.choice.type),
        templateHeader(message),
        hasText(message) && text(message),
        templateFooter(message),
    ];
}

function forwarded(message) {
    return message.forwarded && h("span.forwarded", null, icon("forward"), "Forwarded");
}

function quote({quoted, onJump}) {
    const who = quoted && quoted.direction === "inbound" ? "You" : "Shop";
    return h(
        `button.quote.${who.toLowerCase()}`,
        {type: "button", onclick: onJump, title: "Show the quoted message"},
        h("strong", null, who),
        h("span", null, quoted ? preview(quoted) : "An earlier message")
    );
}

function text(message) {
    const {body} = message;
    const isWhatsapp = lineOf(message)?.kind === "whatsapp";
    const parts = body.split(LINKS).flatMap((part, index) => {
        const props = {href: part, target: "_blank", rel: "noopener noreferrer"};
        if (index % 2) {
            return [h("a", props, part)];
        }
        return isWhatsapp ? formatted(part) : [part];
    });
    return h(`p.text${isBigEmoji(body) ? ".big" : ""}`, {dir: "auto"}, ...parts);
}

function footer(message, own) {
    return h(
        "span.meta",
        null,
        h("time", null, time(message.created_at)),
        own && ticks(message)
    );
}

/** Clock: sending. Two ticks: Odoo received it. Blue ticks: an agent saw it. */
function ticks(message) {
    const words = {
        sending: "Sending",
        received: "Received",
        failed: "Not received",
        seen: "Seen",
    };
    const icons = {sending: ["clock"], failed: ["alert"]};
    const names = icons[message.status] || ["check", "check"];
    const isSeen = message.seen || message.extra.read_by_shop;
    const state = isSeen && !icons[message.status] ? "seen" : message.status;
    const label = words[state] || state;
    return h(
        `span.ticks.${state}`,
        {role: "img", "aria-label": label, title: label},
        ...names.map(icon)
    );
}

function actions(message, own, palette, {onReply}) {
    return h(
        "div.actions",
        null,
        iconButton("reply", "Reply", onReply),
        ...gestures(message, own, palette),
        !isMeta(lineOf(message)) &&
            iconButton("forward", "Forward", () => forward(message)),
        own && iconButton("redo", "Redeliver the webhook", () => again(message))
    );
}

function again(message) {
    return call("POST", `/messages/${message.sid}/redeliver`, {});
}

/** Sends the message again, marked as forwarded. */
async function forward(message) {
    const form = new FormData();
    const draft = {line: message.line_sid, body: message.body, forwarded: true};
    if (message.location) {
        draft.location = message.location;
    }
    form.append("message", JSON.stringify(draft));
    for (const media of message.media.filter((each) => each.size)) {
        const blob = await (await fetch(`/control/media/${media.sid}`)).blob();
        const name = media.filename || "file";
        form.append("files", new File([blob], name, {type: media.content_type}));
    }
    await call("POST", `/customers/${message.customer_id}/messages`, form);
}

function failure(message) {
    const hook = message.webhook || {};
    const reason = hook.error || (hook.status ? `Odoo answered ${hook.status}.` : "");
    return h(
        "p.failure",
        null,
        h("span", null, `Not received. ${reason}`),
        h("button", {type: "button", onclick: () => again(message)}, "Try again")
    );
}

/** Shows a failed message, which a real customer would never see. */
function lost(message) {
    return h(
        "article.lost",
        {dataset: {sid: message.sid, status: message.status}},
        icon("alert"),
        h(
            "div",
            null,
            h("strong", null, `Not delivered · ${message.error_code}`),
            h("span", null, message.error_message),
            h("em", null, preview(message))
        )
    );
}

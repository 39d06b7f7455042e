/** Reactions, edits and stories, where Meta has them. */

import {askForText} from "./dialogs.js";
import {h, icon, iconButton} from "./dom.js";
import {call, hasGestures, lineOf} from "./store.js";

// The message whose palette is open: it stays open when the bubble is drawn anew.
let reactingTo = "";
const EMOJI = ["❤️", "😆", "😮", "😢", "😡", "👍"];

function post(message, gesture, values) {
    return call("POST", `/messages/${message.sid}/${gesture}`, values);
}

/** Returns the buttons in the bubble's corner; the first opens the palette. */
export function gestures(message, own, palette) {
    if (!palette) {
        return [];
    }
    return [
        iconButton("smile", "React", () => {
            palette.hidden = !palette.hidden;
            reactingTo = palette.hidden ? "" : message.sid;
        }),
        own && message.body && iconButton("edit", "Edit", () => edit(message)),
        own && iconButton("undo", "Unsend", () => post(message, "unsend", {})),
    ];
}

/** Returns the emoji to react with, on lines that support reactions. */
export function emojiPalette(message) {
    function choice(emoji) {
        const isOn = message.reactions.customer === emoji;
        const onclick = () => {
            reactingTo = "";
            return post(message, "react", {emoji: isOn ? "" : emoji});
        };
        const props = {type: "button", role: "menuitem", "aria-label": emoji, onclick};
        return h(`button${isOn ? ".on" : ""}`, props, emoji);
    }
    const isThere = hasGestures(lineOf(message)) && !message.unsent;
    const hidden = message.sid !== reactingTo;
    return isThere && h("div.palette", {hidden, role: "menu"}, EMOJI.map(choice));
}

async function edit(message) {
    const body = await askForText("Edit the message", "Text", "Save", message.body);
    if (body && body !== message.body) {
        await post(message, "edit", {body});
    }
}

export function reactions(message) {
    const found = Object.entries(message.reactions);
    if (!found.length) {
        return null;
    }
    const who = {customer: "You", us: "Shop"};
    const words = found.map(([by, emoji]) => `${who[by] || by}: ${emoji}`).join(", ");
    const emoji = [...new Set(found.map(([, each]) => each))];
    return h(
        "span.reactions",
        {role: "img", "aria-label": words, title: words},
        ...emoji
    );
}

/** Returns the notes about a message: story, standby, edited. */
export function marks(message) {
    const {story, standby, outside, referral} = message.extra;
    return [
        story && storyCard(message, story),
        standby && note("clock", "Sent to another app (standby)"),
        outside && note("reply", "Sent outside Odoo"),
        (message.fields.referral || referral) && note("ad", "Came from an ad"),
        message.edits > 0 && note("edit", "Edited"),
    ].filter(Boolean);
}

function note(name, words) {
    return h("span.choice", null, icon(name), words);
}

function storyCard(message, story) {
    const words = story === "mention" ? "You mentioned them in your story" : "Story";
    const src = `/control/story/${message.line_sid}`;
    return h(
        "figure.story",
        null,
        h("figcaption", null, words),
        h("img", {src, alt: words})
    );
}

/** A template as WhatsApp draws it: header, footer and buttons. */

import {chooseRow} from "./dialogs.js";
import {h, icon} from "./dom.js";
import {call} from "./store.js";

const ICONS = {
    reply: "reply",
    url: "link",
    phone: "call",
    copy_code: "copy",
    other: "tap",
};

function templateOf(message) {
    return message.extra.template;
}

/** A location's text is already on its map. */
export function hasText(message) {
    return Boolean(message.body) && !templateOf(message)?.location;
}

export function templateHeader(message) {
    const header = templateOf(message)?.header;
    return header && h("strong.template-header", {dir: "auto"}, header);
}

export function templateFooter(message) {
    const footer = templateOf(message)?.footer;
    return footer && h("small.template-footer", {dir: "auto"}, footer);
}

export function templateButtons(message) {
    const template = templateOf(message);
    if (!template?.buttons.length) {
        return null;
    }
    const rows = template.buttons.filter(({kind}) => kind === "item");
    const buttons = template.buttons.filter(({kind}) => kind !== "item");
    return h(
        "div.template-buttons",
        null,
        buttons.map((each) => button(message, each)),
        rows.length > 0 && list(message, template.list, rows)
    );
}

function button(message, {kind, text, value}) {
    const content = [icon(ICONS[kind] || "tap"), text];
    if (kind === "url" && /^https?:/.test(value)) {
        const props = {href: value, target: "_blank", rel: "noopener noreferrer"};
        return h("a.template-button", {...props, title: value}, ...content);
    }
    if (kind === "phone") {
        return h("a.template-button", {href: `tel:${value}`, title: value}, ...content);
    }
    const taps = {
        reply: () => tap(message, text),
        copy_code: () => navigator.clipboard?.writeText(value),
    };
    const props = {type: "button", title: value, onclick: taps[kind]};
    return h("button.template-button", props, ...content);
}

function list(message, title, rows) {
    const choose = async () => {
        const row = await chooseRow(title, rows);
        if (row) {
            await tap(message, row);
        }
    };
    return h(
        "button.template-button",
        {type: "button", onclick: choose},
        icon("list"),
        title
    );
}

function tap(message, text) {
    return call("POST", `/messages/${message.sid}/tap`, {button: text, wait: false});
}

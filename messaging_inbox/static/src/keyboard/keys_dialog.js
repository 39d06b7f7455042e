import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Dialog} from "@web/core/dialog/dialog";
import {inboxCommands} from "../core/inbox_commands";
import {isMacOS} from "@web/core/browser/feature_detection";

const FACES = {
    arrowdown: "↓",
    arrowup: "↑",
    escape: "Esc",
    enter: "Enter",
    shift: "Shift",
};

/** Return the keys of a hotkey in Odoo's notation, as they are printed on keyboards. */
export function keysOf(hotkey) {
    const modifiers = isMacOS()
        ? {alt: "Ctrl", control: "⌘"}
        : {alt: "Alt", control: "Ctrl"};
    return hotkey
        .split("+")
        .map((key) => modifiers[key] || FACES[key] || key.toUpperCase());
}

/** The keys of whatever is on the screen now. */
export class KeysDialog extends Component {
    static template = "messaging_inbox.KeysDialog";
    static components = {Dialog};
    static props = {close: Function};

    get groups() {
        return [
            {title: _t("Conversations"), keys: this.commands},
            {title: _t("In the list"), keys: this.listKeys},
            {title: _t("In the text"), keys: this.textKeys},
        ];
    }

    get commands() {
        return [...inboxCommands]
            .filter(({hotkey, isAvailable}) => hotkey && (isAvailable?.() ?? true))
            .map(({name, hotkey}) => ({name, keys: keysOf(hotkey)}));
    }

    get listKeys() {
        const control = isMacOS() ? "⌘" : "Ctrl";
        return [
            {name: _t("Move to the next or previous row"), keys: ["↓", "↑"]},
            {name: _t("Open the conversation"), keys: ["Enter"]},
            {name: _t("Select or deselect"), keys: ["X"]},
            {name: _t("Select more rows"), keys: ["Shift", "↓"]},
            {name: _t("Select all rows"), keys: [control, "A"]},
        ];
    }

    get textKeys() {
        const control = isMacOS() ? "⌘" : "Ctrl";
        return [
            {name: _t("Send"), keys: ["Enter"]},
            {name: _t("New line"), keys: ["Shift", "Enter"]},
            {name: _t("Switch between reply and private note"), keys: [control, "I"]},
            {name: _t("Choose a template, in an empty text"), keys: ["/"]},
            {name: _t("Choose a canned reply"), keys: ["::"]},
            {name: _t("Mention a colleague, in a private note"), keys: ["@"]},
            {name: _t("Leave the text for the list"), keys: ["Esc"]},
        ];
    }
}

import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {isMacOS} from "@web/core/browser/feature_detection";

/** Switches between a reply to the customer and a note for colleagues. */
export class ComposerModes extends Component {
    static template = "messaging_inbox.ComposerModes";
    static props = {mode: String, onChange: Function};

    get modes() {
        return [
            {key: "reply", icon: "fa-reply", label: _t("Reply")},
            {key: "note", icon: "fa-lock", label: _t("Private note")},
        ];
    }

    get hint() {
        return isMacOS() ? "⌘ I" : "Ctrl+I";
    }
}

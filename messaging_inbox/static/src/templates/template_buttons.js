import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

const ICONS = {
    reply: "fa-reply",
    url: "fa-external-link",
    phone: "fa-phone",
    copy_code: "fa-clone",
    item: "fa-list-ul",
};

/** The buttons under a template as the customer sees them; here they do nothing. */
export class TemplateButtons extends Component {
    static template = "messaging_inbox.TemplateButtons";
    static props = {buttons: Array};

    get label() {
        return _t("Buttons for the customer");
    }

    iconOf({kind}) {
        return ICONS[kind] || "fa-hand-pointer-o";
    }

    /** Return where the button leads: an address, a number or a code. */
    titleOf({kind, value}) {
        return ["url", "phone", "copy_code"].includes(kind) ? value || "" : "";
    }
}

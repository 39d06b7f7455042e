import {LIMITS, MOST_BUTTONS} from "./editor_content";
import {Component} from "@odoo/owl";
import {TextBox} from "./text_box";
import {_t} from "@web/core/l10n/translation";

const KINDS = {
    reply: _t("Quick reply"),
    url: _t("Link"),
    phone: _t("Call"),
    copy_code: _t("Copy code"),
};

/** The buttons under a template's text: quick replies first, then links. */
export class ButtonsEditor extends Component {
    static template = "messaging_inbox.TemplateButtonsEditor";
    static components = {TextBox};
    static props = {
        buttons: Array,
        readonly: {type: Boolean, optional: true},
        variables: Function,
        choose: Function,
        onChange: Function,
        onLeave: Function,
    };

    setup() {
        this.limit = LIMITS.button;
    }

    get links() {
        return this.props.buttons.filter(({kind}) => kind === "url").length;
    }

    get isFull() {
        return this.props.buttons.length >= MOST_BUTTONS;
    }

    kindOf(button) {
        return String(KINDS[button.kind] || _t("Other"));
    }

    /** Add a button behind those of its kind: quick replies stand together. */
    add(kind) {
        const buttons = [...this.props.buttons];
        const after = buttons.findLastIndex((button) => button.kind === kind);
        const place = kind === "reply" ? after + 1 : buttons.length;
        const value = kind === "url" ? "https://" : "";
        buttons.splice(place, 0, {kind, text: "", value, payload: ""});
        this.props.onChange(buttons);
    }

    change(index, values) {
        const change = (button, at) => (at === index ? {...button, ...values} : button);
        this.props.onChange(this.props.buttons.map(change));
    }

    remove(index) {
        this.props.onChange(this.props.buttons.filter((_button, at) => at !== index));
        this.props.onLeave();
    }
}

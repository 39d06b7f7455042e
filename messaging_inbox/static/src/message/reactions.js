import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** The reactions of both sides, one emoji each. */
export class Reactions extends Component {
    static template = "messaging_inbox.Reactions";
    static props = {reactions: Object, contactName: String};

    get reactions() {
        return Object.entries(this.props.reactions)
            .filter(([, emoji]) => emoji)
            .map(([who, emoji]) => ({who, emoji, label: this.labelOf(who, emoji)}));
    }

    labelOf(who, emoji) {
        const name = who === "customer" ? this.props.contactName : _t("We");
        return _t("%(name)s reacted with %(emoji)s", {name, emoji});
    }
}

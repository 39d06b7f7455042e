import {_t} from "@web/core/l10n/translation";
import {Component} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

const MOST = 3;

/** The pictures of colleagues who have the conversation open. */
export class Colleagues extends Component {
    static template = "messaging_inbox.Colleagues";
    static props = {conversation: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
    }

    get all() {
        return this.store.presence.of(this.props.conversation.id);
    }

    get shown() {
        return this.all.slice(0, MOST);
    }

    get others() {
        return this.all.length - this.shown.length;
    }

    labelOf({name, isTyping}) {
        return isTyping
            ? _t("%(name)s is typing…", {name})
            : _t("%(name)s has this conversation open", {name});
    }
}

import {Component, useRef, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {blockWarning, optOutText} from "./opt_out_text";
import {useAutofocus, useService} from "@web/core/utils/hooks";

/** Asks a manager how the customer agreed to messages again. */
export class OptInDialog extends Component {
    static template = "messaging_inbox.OptInDialog";
    static components = {Dialog};
    static props = {conversation: Object, close: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.state = useState({reason: "", isBusy: false});
        this.field = useRef("autofocus");
        useAutofocus();
    }

    get proof() {
        return optOutText(this.props.conversation.row, this.store);
    }

    get warning() {
        const {row, channel} = this.props.conversation;
        return blockWarning(row, channel);
    }

    get canConfirm() {
        return Boolean(this.state.reason.trim()) && !this.state.isBusy;
    }

    async confirm() {
        if (!this.canConfirm) {
            return;
        }
        this.state.isBusy = true;
        const {conversation, close} = this.props;
        const {reason} = this.state;
        const isDone = await this.store.actions.optIn(conversation, reason);
        this.state.isBusy = false;
        if (isDone) {
            close();
        }
    }
}

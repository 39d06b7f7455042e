import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** Why a message wasn't sent, or may not have been, and what can be done. */
export class MessageTrouble extends Component {
    static template = "messaging_inbox.MessageTrouble";
    static props = {conversation: Object, message: Object};

    setup() {
        this.message = useState(this.props.message);
        this.state = useState({isRetrying: false});
    }

    get reason() {
        if (this.message.state === "unknown") {
            return _t(
                "This may have been sent: the provider didn't answer in time. Send it " +
                    "again only if the customer hasn't got it."
            );
        }
        return this.message.failure_reason || _t("This wasn't sent.");
    }

    /** What the server never took can be changed before it is sent again. */
    get canEdit() {
        return !this.message.id && this.message.entry?.isRefused;
    }

    async retry() {
        if (this.state.isRetrying) {
            return;
        }
        this.state.isRetrying = true;
        await this.props.conversation.retry(this.message);
        this.state.isRetrying = false;
    }

    edit() {
        this.props.conversation.takeBack(this.message);
    }
}

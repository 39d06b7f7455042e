import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {obstacleOf} from "../composer/composer_face";
import {useService} from "@web/core/utils/hooks";

/** Says why a message was not, or may not have been, sent, and what to do. */
export class MessageTrouble extends Component {
    static template = "messaging_inbox.MessageTrouble";
    static props = {conversation: Object, message: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.message = useState(this.props.message);
        this.conversation = useState(this.props.conversation);
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

    /** Return whether to offer a retry: only where something can be sent now. */
    get canRetry() {
        const {can_retry: canRetry, direction} = this.message;
        return canRetry && (direction === "note" || this.canSend);
    }

    get retryLabel() {
        return this.message.entry?.isOvertaken ? _t("Send anyway") : _t("Retry");
    }

    /** Return whether such a message can be sent now; a template also after the window. */
    get canSend() {
        const obstacle = obstacleOf(this.conversation, this.store.now);
        const isTemplate = Boolean(this.message.data?.template);
        return !obstacle || (obstacle === "over" && isTemplate);
    }

    /** Return whether to offer editing: what the server refused, and a failed template. */
    get canEdit() {
        const {id, entry, state, data} = this.message;
        if (!id) {
            return entry?.isRefused;
        }
        return state === "failed" && Boolean(data?.template?.variables) && this.canSend;
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
        const {conversation} = this.props;
        const {id, data} = this.message;
        if (id) {
            conversation.templates.again(data.template);
            conversation.mode = "reply";
        } else {
            conversation.takeBack(this.message);
        }
    }
}

import {Component, useState} from "@odoo/owl";
import {toMillis} from "../core/formatting";
import {useService} from "@web/core/utils/hooks";

/** What stands in the way of an answer; "open" when nothing does. */
export function composerFaceOf({row, channel}, now) {
    if (row.state === "closed") {
        return "closed";
    }
    if (!channel || channel.account_state !== "connected") {
        return "disconnected";
    }
    if (!row.can_answer) {
        return "no_replies";
    }
    if (row.opted_out) {
        return "opted_out";
    }
    const until = toMillis(row.reply_until);
    return until && until <= now ? "over" : "open";
}

/** Stands where the composer would, says why it doesn't, and what can be done. */
export class ComposerFace extends Component {
    static template = "messaging_inbox.ComposerFace";
    static props = {face: String, conversation: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.action = useService("action");
        this.conversation = useState(this.props.conversation);
    }

    get hasDraft() {
        return !this.conversation.draft.isEmpty;
    }

    reopen() {
        this.store.actions.reopen(this.conversation);
    }

    openSettings() {
        this.action.doAction("messaging_inbox.messaging_account_action");
    }
}

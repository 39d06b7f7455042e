import {Component, useState} from "@odoo/owl";
import {OptInDialog} from "../opt_out/opt_in_dialog";
import {hasRecord} from "../documents/documents_dialog";
import {optOutText} from "../opt_out/opt_out_text";
import {replyWindowOf} from "../core/reply_window";
import {useService} from "@web/core/utils/hooks";

/** Return why nothing can be sent to the customer now, or "". */
export function obstacleOf({row, channel}, now) {
    if (!channel || channel.account_state !== "connected") {
        return "disconnected";
    }
    if (!row.can_answer) {
        return "no_replies";
    }
    if (row.opted_out) {
        return "opted_out";
    }
    return replyWindowOf(row, now).isOver ? "over" : "";
}

/** Return what to show in place of the composer; "open" for the composer itself. */
export function composerFaceOf(conversation, now) {
    return conversation.row.state === "closed"
        ? "closed"
        : obstacleOf(conversation, now) || "open";
}

/** Replaces the composer: says why nothing can be sent, and what to do about it. */
export class ComposerFace extends Component {
    static template = "messaging_inbox.ComposerFace";
    static props = {face: String, conversation: Object, onTemplates: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.conversation = useState(this.props.conversation);
    }

    get hasDraft() {
        return !this.conversation.draft.isEmpty;
    }

    get optOutText() {
        return optOutText(this.conversation.row, this.store);
    }

    /** Return whether an Agent recorded the opt-out, and so may undo it. */
    get isRecorded() {
        return this.conversation.row.opt_out?.source === "agent";
    }

    get hasTemplates() {
        return Boolean(this.conversation.channel?.sends_templates);
    }

    /** Return whether a document of the linked record could be a template's file. */
    get hasDocuments() {
        return hasRecord(this.conversation);
    }

    recordOptIn() {
        this.dialog.add(OptInDialog, {conversation: this.props.conversation});
    }

    undoOptOut() {
        this.store.actions.undoOptOut(this.conversation);
    }

    reopen() {
        this.store.actions.reopen(this.conversation);
    }

    openSettings() {
        this.action.doAction("messaging_inbox.messaging_account_action");
    }
}

import {Component, onWillDestroy, onWillStart, useRef, useState} from "@odoo/owl";
import {useOwnedDialogs, useService} from "@web/core/utils/hooks";
import {ComposerFacts} from "../composer/composer_facts";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {Dialog} from "@web/core/dialog/dialog";
import {TemplateDraft} from "../core/template_draft";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {channelIcon} from "../core/message_kinds";
import {focusIfLost} from "../core/focus";
import {RecipientField} from "./recipient_field";
import {Start} from "./start";
import {StartingApi} from "./starting_api";
import {StartTemplate} from "./start_template";

/**
 * Starts a conversation: channel, recipient, then a text or a template. Nothing is left
 * on the server unless a message was sent.
 */
export class StartDialog extends Component {
    static template = "messaging_inbox.StartDialog";
    static components = {ComposerFacts, Dialog, RecipientField, StartTemplate};
    static props = {
        close: Function,
        partnerId: {type: [Number, Boolean], optional: true},
        leadId: {type: [Number, Boolean], optional: true},
        phone: {type: String, optional: true},
        kind: {type: String, optional: true},
        onSent: Function,
        onOpen: Function,
    };

    setup() {
        this.store = useService("messaging_inbox.store");
        this.action = useService("action");
        this.addDialog = useOwnedDialogs();
        const api = new StartingApi(useService("orm"));
        this.start = useState(new Start(api, this.props));
        this.draft = useState({body: "", files: []});
        this.templateDraft = useState(new TemplateDraft());
        this.message = useRef("message");
        this.channelIcon = channelIcon;
        onWillStart(() => this.start.load());
        onWillDestroy(() => this.start.cancel());
        this.returnFocus();
        this.askBeforeClosing();
    }

    get title() {
        const {recordName, canSearch} = this.start;
        return recordName && !canSearch
            ? _t("Message to %(name)s", {name: recordName})
            : _t("New conversation");
    }

    /** Return what the composer's facts need of a conversation. */
    get facts() {
        const channel = {...this.start.channel, text_bytes: 0};
        return {draft: this.draft, channel, row: {}, isNote: false};
    }

    /** Give the focus back: Odoo's dialog doesn't, since a field here takes it first. */
    returnFocus() {
        const {activeElement: opener} = document;
        onWillDestroy(() => browser.setTimeout(() => focusIfLost(opener)));
    }

    // Closing ------------------------------------------------------------------------

    /** Every way to close the dialog asks first, if something would be lost. */
    askBeforeClosing() {
        this.env.dialogData.close = () => this.leave(this.props.close);
    }

    /** Return whether the user wrote something that closing would lose. */
    get isWritten() {
        if (this.start.needsTemplate) {
            return Boolean(this.templateDraft.templateId);
        }
        return Boolean(this.draft.body.trim());
    }

    /** Run `go`, after a question where the message would be lost. */
    leave(go) {
        const body = this.start.closingQuestion(this.isWritten);
        if (!body) {
            return go();
        }
        return this.addDialog(ConfirmationDialog, {
            title: _t("Leave without sending?"),
            body: String(body),
            confirmLabel: _t("Leave"),
            confirm: () => go(),
            cancelLabel: _t("Keep writing"),
            cancel: () => undefined,
        });
    }

    openExisting() {
        const id = this.start.existingId;
        this.leave(() => {
            this.props.close();
            this.props.onOpen(id);
        });
    }

    // Writing ------------------------------------------------------------------------

    focusMessage() {
        const field = "textarea, input:not([type=radio]), button";
        this.message.el?.querySelector(field)?.focus();
    }

    get canSendText() {
        return this.start.canSend && Boolean(this.draft.body.trim());
    }

    sendText() {
        const body = this.draft.body.trim();
        return this.send(this.canSendText, (id, clientUuid) =>
            this.store.api.reply(id, {
                body,
                attachmentIds: [],
                clientUuid,
                replyToId: false,
            })
        );
    }

    manageTemplates() {
        this.leave(() => {
            this.props.close();
            this.action.doAction("messaging_inbox.messaging_template_action");
        });
    }

    sendTemplate({templateId, values, attachmentIds}) {
        return this.send(this.start.canSend, (id, clientUuid) =>
            this.store.api.sendTemplate(id, {
                templateId,
                values,
                clientUuid,
                attachmentIds,
            })
        );
    }

    async send(isReady, post) {
        if (isReady && !this.start.attempt) {
            this.sent(await this.start.send(post));
        }
    }

    /** Send the same again: its answer was lost. */
    async retry() {
        this.sent(await this.start.retry());
    }

    sent(id) {
        if (id) {
            this.props.close();
            this.props.onSent(id);
        }
    }
}

import {Reactive} from "@web/core/utils/reactive";
import {deserializeDateTime, serializeDateTime} from "@web/core/l10n/dates";
import {newUuid} from "./outbox";

/** What a conversation's authors wrote to be sent later, the next one first. */
export class ScheduledMessages extends Reactive {
    // As `inbox_scheduled` returns them.
    items = [];

    constructor(conversation) {
        super();
        this.conversation = conversation;
        this.store = conversation.store;
    }

    get api() {
        return this.store.api;
    }

    async load() {
        try {
            this.items = await this.api.scheduled(this.conversation.id);
        } catch {
            // The conversation's next load brings them.
        }
    }

    /**
     * Schedule the content of a draft at a DateTime; return whether it was done. Until
     * then, the caller keeps the draft.
     */
    async add(content, time, cancelOnAnswer) {
        const {body, files, replyTo, template} = content;
        const message = {
            send_at: serializeDateTime(time),
            body,
            attachment_ids: files.map(({id}) => id),
            reply_to_id: replyTo?.id || false,
            cancel_on_answer: cancelOnAnswer,
            template_id: template?.id || false,
            values: template?.values || {},
        };
        message.client_uuid = this.uuidOf(message);
        const isDone = await this.store.attempt(() =>
            this.api.schedule(this.conversation.id, message)
        );
        await this.load();
        return isDone;
    }

    /** After a lost answer, the same message has the same id: it isn't added twice. */
    uuidOf(message) {
        const key = JSON.stringify(message);
        if (this.attempted?.key !== key) {
            this.attempted = {key, uuid: newUuid()};
        }
        return this.attempted.uuid;
    }

    // Changing ----------------------------------------------------------------

    async change(call) {
        const isDone = await this.store.attempt(call);
        await this.load();
        return isDone;
    }

    /** Put it back into the composer. First there, so that nothing gets lost. */
    edit({id, body, files, reply_to: replyTo, template}) {
        const {conversation} = this;
        const kept = files.map((file) => ({
            ...file,
            key: `file-${file.id}`,
            state: "ready",
        }));
        conversation.mode = "reply";
        if (template) {
            const {template_id: templateId, values} = template;
            conversation.templates.putBack({
                template: {id: templateId, values},
                files: kept,
            });
        } else {
            conversation.drafts.reply.putBack({body, files: kept, replyTo});
        }
        return this.change(() => this.api.takeBackScheduled(id));
    }

    sendNow({id}) {
        return this.change(() => this.api.sendScheduledNow(id));
    }

    reschedule({id}, time) {
        const sendAt = serializeDateTime(time);
        return this.change(() => this.api.reschedule(id, sendAt));
    }

    discard({id}) {
        return this.change(() => this.api.discardScheduled(id));
    }

    // Shown -------------------------------------------------------------------

    /** Return "failed", "cancelled" or "waiting"; the customer may just have written. */
    stateOf({reason, is_cancelled: isCancelled, ...item}) {
        if (reason) {
            return "failed";
        }
        const hasAnswered = this.conversation.messages.some(
            ({id, direction}) => direction === "inbound" && id > item.after_message_id
        );
        return isCancelled || (item.cancel_on_answer && hasAnswered)
            ? "cancelled"
            : "waiting";
    }

    timeOf({send_at: sendAt}) {
        return deserializeDateTime(sendAt);
    }
}

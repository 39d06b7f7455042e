import {_t} from "@web/core/l10n/translation";
import {ConversationTemplates} from "./conversation_templates";
import {Draft, NoteDraft} from "./draft";
import {LinkedRecords} from "./linked_records";
import {Newest} from "./newest";
import {Reactive} from "@web/core/utils/reactive";
import {ScheduledMessages} from "./scheduled_messages";
import {isForward, isTrouble} from "./message_states";
import {markRaw} from "@odoo/owl";
import {isForbidden, sentenceOf} from "./errors";

function keyOf({id, client_uuid: clientUuid, part}) {
    return clientUuid ? `${clientUuid}.${part || 0}` : `message-${id}`;
}

/**
 * One conversation: its loaded messages, its drafts and the user's actions. Message
 * objects keep their identity, because components subscribe to them.
 */
export class Conversation extends Reactive {
    status = "new";
    error = "";
    messages = [];
    details = {};
    mode = "reply";
    hasOlder = false;
    isLoadingOlder = false;
    // Only an older part of the thread is loaded: the newest messages are missing.
    hasNewer = false;
    isLoadingNewer = false;
    // Inbound messages that arrived below that part.
    missed = 0;
    // The message to show, as asked by a search result.
    target = null;
    // The bar that finds messages of this conversation is open.
    isFinding = false;
    unreadFromId = false;
    staysUnread = false;
    hasArrivals = false;
    // The scroll position when the user left for a record.
    place = null;
    isStale = true;
    // The promise of `loadOnce`, while it loads.
    loading = null;
    loads = 0;
    // Deltas that arrived while a load was under way.
    buffered = [];

    constructor(store, id) {
        super();
        this.store = store;
        this.id = id;
        this.drafts = {
            reply: new Draft(store.storage, id, store.api),
            note: new NoteDraft(store.storage, id, store.api),
        };
        this.records = new LinkedRecords(this);
        this.templates = new ConversationTemplates(this);
        this.scheduled = new ScheduledMessages(this);
        this.newest = markRaw(new Newest());
    }

    get row() {
        return this.store.rows[this.id];
    }

    /** Return the draft of the current mode: a reply, or a note for colleagues. */
    get draft() {
        return this.drafts[this.mode];
    }

    get isNote() {
        return this.mode === "note";
    }

    /** Return the customer's name as this screen shows it. */
    get contactName() {
        return (
            this.row?.contact_name || this.row?.contact_phone || String(_t("Unknown"))
        );
    }

    get channel() {
        return this.store.channels[this.row?.channel_id];
    }

    get newestId() {
        return Math.max(0, ...this.messages.map((message) => message.id || 0));
    }

    /** Prepare for being shown; `isOther`: another conversation was shown before. */
    enter(isOther, messageId) {
        this.target = messageId ? {id: messageId} : null;
        if (isOther) {
            this.place = null;
            // Where the news began when it was loaded ahead may have been read since.
            this.unreadFromId = false;
            if (this.hasNewer && !messageId) {
                this.leaveOlderPart();
            }
        }
        this.staysUnread = false;
        this.markUnreadFrom(this.row?.unread_count);
    }

    // Loading -----------------------------------------------------------------

    /** Load it unless it is loaded or on its way. */
    loadOnce(ahead = false) {
        if (this.isStale || this.status === "failed") {
            this.loading ||= this.load(ahead).finally(() => (this.loading = null));
        }
        return this.loading || Promise.resolve();
    }

    async load(ahead = false) {
        const isFirst = this.status !== "ready";
        this.status = isFirst ? "loading" : "ready";
        this.loads++;
        await this.newest.take(
            this.store.api.open(this.id, ahead),
            (answer) => this.opened(answer, isFirst),
            (error) => this.notOpened(error, isFirst)
        );
        this.endLoad();
    }

    endLoad() {
        this.loads--;
        if (!this.loads) {
            this.buffered = [];
        }
    }

    /** Buffer deltas during a load: they may be newer than its answer. */
    receiveLive(values) {
        if (this.loads) {
            this.buffered.push(...values);
        }
    }

    /** Leave out what lies beyond the loaded messages: it comes with its page, no gap. */
    withoutGaps(values) {
        const oldest = this.messages.find((message) => message.id);
        const {newestId} = this;
        return values.filter(
            ({id}) =>
                (!this.hasOlder || !oldest || id >= oldest.id) &&
                (!this.hasNewer || id <= newestId)
        );
    }

    /** Return the messages to show: no unconfirmed ones below an older part. */
    get shown() {
        return this.hasNewer ? this.messages.filter(({id}) => id) : this.messages;
    }

    /** Keep what is loaded when a request fails, unless access was lost. */
    notOpened(error, isFirst) {
        if (isForbidden(error)) {
            this.store.forget(this.id, "forbidden");
            return;
        }
        this.error = sentenceOf(error);
        this.status = isFirst ? "failed" : "ready";
    }

    opened({deleted, row, messages, has_more: hasMore, ...answer}, isFirst) {
        if (deleted) {
            // Without a row, the user may have followed a wrong link.
            this.store.forget(this.id, this.row ? "deleted" : "missing");
            return;
        }
        const unread = row.unread_count;
        this.store.putRow(row);
        this.details = answer.details;
        this.scheduled.items = answer.scheduled;
        this.isStale = false;
        if (!this.hasNewer) {
            this.replacePage(messages, hasMore);
        }
        this.receive(this.withoutGaps(this.buffered));
        if (isFirst) {
            this.drafts.reply.restore(row.draft);
            this.drafts.note.restore();
            this.store.outbox.restore(this);
        }
        this.markUnreadFrom(unread);
        this.status = "ready";
    }

    /** Keep only the new page where it doesn't reach the loaded messages: no gap. */
    replacePage(messages, hasMore) {
        const oldestId = messages.length ? messages[0].id : 0;
        if (!this.messages.length || oldestId > this.newestId) {
            const known = new Set(messages.map(keyOf));
            this.messages = this.messages.filter(
                (message) => !message.id || known.has(message.key)
            );
            this.hasOlder = hasMore;
        }
        this.receive(messages);
    }

    async loadOlder() {
        const oldest = this.messages.find((message) => message.id);
        if (this.isLoadingOlder || !this.hasOlder || !oldest) {
            return;
        }
        this.isLoadingOlder = true;
        this.loads++;
        try {
            const page = await this.store.api.messagesBefore(this.id, oldest.id);
            this.receive(page.messages);
            this.hasOlder = page.has_more;
            this.receive(this.withoutGaps(this.buffered));
        } catch {
            // Scrolling up again retries.
        } finally {
            this.isLoadingOlder = false;
            this.endLoad();
        }
    }

    async loadNewer() {
        if (this.isLoadingNewer || !this.hasNewer) {
            return;
        }
        this.isLoadingNewer = true;
        this.loads++;
        try {
            const page = await this.store.api.messagesAfter(this.id, this.newestId);
            this.hasNewer = page.has_more;
            this.receive(page.messages);
            this.receive(this.withoutGaps(this.buffered));
            this.missed = this.hasNewer ? this.missed : 0;
        } catch {
            // Scrolling down again retries.
        } finally {
            this.isLoadingNewer = false;
            this.endLoad();
        }
    }

    /** Load the part of the thread around a message; return whether it is there. */
    async loadAround(messageId) {
        if (this.messages.some(({id}) => id === messageId)) {
            return true;
        }
        this.loads++;
        const isThere = await this.store.attempt(async () => {
            const page = await this.store.api.around(this.id, messageId);
            this.messages = this.messages.filter(({id}) => !id);
            this.hasOlder = page.has_older;
            this.hasNewer = page.has_newer;
            this.receive(page.messages);
            this.receive(this.withoutGaps(this.buffered));
        });
        this.endLoad();
        return isThere;
    }

    /** Load the newest messages again in place of an older part. */
    async backToNewest() {
        if (this.hasNewer) {
            this.leaveOlderPart();
            await this.load();
        }
    }

    leaveOlderPart() {
        this.messages = this.messages.filter(({id}) => !id);
        Object.assign(this, {hasNewer: false, missed: 0, isStale: true});
    }

    /** Place the "unread" separator; it stays until the user leaves the conversation. */
    markUnreadFrom(count) {
        if (!count || this.unreadFromId) {
            return;
        }
        const inbound = this.messages.filter(({direction}) => direction === "inbound");
        this.unreadFromId = inbound[Math.max(0, inbound.length - count)]?.id || false;
    }

    // Messages ----------------------------------------------------------------

    /** Merge messages from the server; return those that were not known. */
    receive(values) {
        const known = new Map();
        for (const message of this.messages) {
            known.set(message.key, message);
            known.set(message.id || message.key, message);
        }
        const added = values.filter((value) => this.mergeOne(value, known));
        this.dropConfirmed(values);
        this.messages.sort((a, b) => (a.id || Infinity) - (b.id || Infinity));
        return added;
    }

    mergeOne(values, known) {
        const key = keyOf(values);
        const message = known.get(values.id) || known.get(key);
        if (!message) {
            this.messages.push({...values, key});
            const added = this.messages[this.messages.length - 1];
            known.set(key, added).set(values.id, added);
            return true;
        }
        const isOlder = message.id && !isForward(message.state, values.state);
        const state = isOlder ? message.state : values.state;
        Object.assign(message, values, {state, entry: undefined});
        return false;
    }

    dropConfirmed(values) {
        const confirmed = new Set(values.map((value) => value.client_uuid || ""));
        confirmed.delete("");
        for (const clientUuid of confirmed) {
            this.store.outbox.forget({conversationId: this.id, clientUuid});
        }
        const isLeft = ({id, client_uuid: uuid}) => id || !confirmed.has(uuid);
        // A new list would render the whole thread
        if (!this.messages.every(isLeft)) {
            this.messages = this.messages.filter(isLeft);
        }
    }

    /** Fetch messages that failed, or our reactions to them: deltas carry no reason. */
    async explainTroubles(values) {
        const hasFailed = ({state, reaction}) => isTrouble(state) || reaction?.failed;
        const ids = values.filter(hasFailed).map(({id}) => id);
        if (ids.length) {
            this.receive(await this.store.api.messageValues(ids));
        }
    }

    addUnconfirmed(messages) {
        this.messages.push(...messages);
    }

    isUnconfirmed(clientUuid) {
        return this.messages.some(
            (message) => message.client_uuid === clientUuid && !message.id
        );
    }

    hasUuid(clientUuid) {
        return this.messages.some(({client_uuid: known}) => known === clientUuid);
    }

    markUnconfirmed(entry) {
        for (const message of this.messages) {
            if (message.client_uuid === entry.clientUuid && !message.id) {
                message.state = entry.error ? "failed" : "queued";
                message.failure_reason = entry.error;
                message.isWaiting = entry.isWaiting && !entry.error;
            }
        }
    }

    async confirm(ids) {
        const missing = ids.filter((id) => !this.messages.some((m) => m.id === id));
        if (missing.length) {
            this.receive(await this.store.api.messageValues(missing));
        }
    }

    // Actions ------------------------------------------------------------------

    // As a subject of the pickers, like the selection.

    get ids() {
        return [this.id];
    }

    assign(userId, seenId) {
        return this.store.actions.assign(this, userId, seenId);
    }

    snooze(until) {
        return this.store.actions.snooze(this, until);
    }

    unsnooze() {
        return this.store.actions.unsnooze(this);
    }

    tag(addIds, removeIds) {
        return this.store.actions.tag(this, addIds, removeIds);
    }

    write(body) {
        this.draft.setBody(body);
        this.store.presence.typed(this.isNote, this.channel?.shows_reading);
        if (!this.isNote) {
            this.row.draft = body;
        }
    }

    send() {
        const content = this.draft.take();
        if (!content.isNote) {
            this.row.draft = "";
        }
        return this.post(content);
    }

    post(content) {
        this.backToNewest();
        this.store.presence.stopTyping();
        if (!content.isNote) {
            this.store.actions.answered(this);
        }
        return this.store.outbox.send(this, content);
    }

    replyTo({id, body, kind, direction, author_id, data}) {
        this.mode = "reply";
        const author_name = data?.former?.author;
        this.draft.replyTo = {id, body, kind, direction, author_id, author_name};
        this.draft.changed();
    }

    /** Put a message that the server refused back into the composer. */
    takeBack({entry}) {
        this.messages = this.messages.filter(
            (message) => message.id || message.client_uuid !== entry.clientUuid
        );
        this.store.outbox.forget(entry);
        this.mode = entry.isNote ? "note" : "reply";
        (entry.template ? this.templates : this.draft).putBack(entry);
    }

    async retry(message) {
        if (message.id) {
            await this.store.attempt(async () => {
                await this.store.api.retryMessage(message.id);
                this.receive(await this.store.api.messageValues([message.id]));
            });
            return;
        }
        const {outbox} = this.store;
        const {entry} = message;
        await (entry.isOvertaken ? outbox.sendAnyway(entry) : outbox.deliver(entry));
    }
}

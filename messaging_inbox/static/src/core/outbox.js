import {isOvertaken, isRefusal, sentenceOf} from "./errors";
import {_t} from "@web/core/l10n/translation";
import {Mutex} from "@web/core/utils/concurrency";
import {browser} from "@web/core/browser/browser";
import {ConnectionLostError} from "@web/core/network/rpc";
import {kindOfMimetype, summaryOf} from "./message_kinds";
import {serializeDateTime} from "@web/core/l10n/dates";

const {DateTime} = luxon;

/** Return a UUID version 4; browsers offer `randomUUID` only over TLS. */
export function newUuid() {
    if (browser.crypto?.randomUUID) {
        return browser.crypto.randomUUID();
    }
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

function idsOf(records) {
    return records.map(({id}) => id);
}

/**
 * Messages that the user has sent and the server has not confirmed. An entry is shown at
 * once and survives a reload. Retries use the same client_uuid, so nothing is sent twice.
 * While offline, entries wait; they are sent automatically on reconnection.
 */
export class Outbox {
    constructor(store) {
        this.store = store;
        this.mutexes = {};
        // Entries that wait for a connection, by client_uuid.
        this.waiting = new Map();
        this.sequence = 0;
    }

    keyOf(entry) {
        return `outbox.${entry.conversationId}.${entry.clientUuid}`;
    }

    /** Send the content that `Draft.take` returned. */
    send(conversation, content) {
        const entry = {
            ...content,
            isCaption: isCaption(content, conversation.channel),
            conversationId: conversation.id,
            clientUuid: newUuid(),
            sentAt: serializeDateTime(DateTime.now()),
            sequence: this.sequence++,
            error: "",
            isRefused: false,
            isWaiting: false,
            // What the user saw: the server refuses if a colleague answered since.
            expectedLastId: conversation.newestId,
            isOvertaken: false,
        };
        this.store.storage.write(this.keyOf(entry), entry);
        conversation.addUnconfirmed(unconfirmedMessages(entry, this.store.user.id));
        return this.deliver(entry);
    }

    /** Deliver one entry at a time per conversation: messages keep their order. */
    deliver(entry) {
        const {conversationId} = entry;
        this.mutexes[conversationId] ??= new Mutex();
        this.mark(entry, {});
        return this.mutexes[conversationId].exec(() => this.post(entry));
    }

    /** Send what the server refused because a colleague had answered. */
    sendAnyway(entry) {
        entry.expectedLastId = false;
        return this.deliver(entry);
    }

    async post(entry) {
        if (!browser.navigator.onLine) {
            this.mark(entry, {isWaiting: true});
            return;
        }
        try {
            await this.confirm(entry, await this.submit(entry));
        } catch (error) {
            const isRefused = isRefusal(error);
            this.mark(entry, {
                error: sentenceOf(error),
                isRefused,
                isOvertaken: isOvertaken(error),
                isWaiting: error instanceof ConnectionLostError,
            });
            if (isRefused) {
                this.notifyElsewhere(entry);
            }
        }
    }

    /** Show the confirmed messages; an unopened conversation just drops the entry. */
    async confirm(entry, ids) {
        const conversation = this.conversationOf(entry);
        if (conversation?.status === "ready") {
            await conversation.confirm(ids);
        } else {
            this.forget(entry);
        }
    }

    conversationOf({conversationId}) {
        return this.store.conversations[conversationId];
    }

    /** Send waiting entries in order, after a reconnection or a page load. */
    resume() {
        this.findWaiting();
        const entries = [...this.waiting.values()].sort(
            (a, b) => a.sentAt.localeCompare(b.sentAt) || a.sequence - b.sequence
        );
        return Promise.all(entries.map((entry) => this.deliver(entry)));
    }

    /** Collect waiting entries of earlier pages and closed tabs. */
    findWaiting() {
        const {storage} = this.store;
        for (const key of storage.keys("outbox.")) {
            const entry = storage.read(key);
            if (entry?.isWaiting && !this.waiting.has(entry.clientUuid)) {
                this.waiting.set(entry.clientUuid, entry);
            }
        }
    }

    /** Notify of an error, unless the conversation is open: there the bubble shows it. */
    notifyElsewhere({conversationId, error}) {
        if (conversationId !== this.store.activeId) {
            const row = this.store.rows[conversationId];
            const name = row?.contact_name || row?.contact_phone || _t("Unknown");
            const title = _t("Not sent to %(name)s", {name});
            this.store.services.notification.add(error, {title, type: "danger"});
        }
    }

    /** Post an entry. Only this decides between a note and a reply to the customer. */
    async submit({isNote, conversationId, body, files, clientUuid, ...entry}) {
        const {api} = this.store;
        const expectedLastId = entry.expectedLastId || false;
        const content = {body, clientUuid, attachmentIds: idsOf(files)};
        if (isNote) {
            const mentionIds = idsOf(entry.mentions);
            return [await api.note(conversationId, {...content, mentionIds})];
        }
        if (entry.template) {
            const {id: templateId, values} = entry.template;
            const {attachmentIds} = content;
            const message = {templateId, values, clientUuid, attachmentIds};
            message.expectedLastId = expectedLastId;
            return api.sendTemplate(conversationId, message);
        }
        const replyToId = entry.replyTo?.id || false;
        const {place = false} = entry;
        const message = {...content, replyToId, expectedLastId, place};
        return api.reply(conversationId, message);
    }

    mark(entry, {error = "", ...flags}) {
        const none = {isRefused: false, isWaiting: false, isOvertaken: false};
        Object.assign(entry, none, flags, {error: String(error)});
        const conversation = this.conversationOf(entry);
        const isKnown = conversation?.hasUuid(entry.clientUuid);
        if (isKnown && !conversation.isUnconfirmed(entry.clientUuid)) {
            return; // The bus delivered the message before the answer.
        }
        if (entry.isWaiting) {
            this.waiting.set(entry.clientUuid, entry);
        } else {
            this.waiting.delete(entry.clientUuid);
        }
        this.store.storage.write(this.keyOf(entry), entry);
        conversation?.markUnconfirmed(entry);
        this.showWaiting(entry);
    }

    forget(entry) {
        this.store.storage.remove(this.keyOf(entry));
        this.waiting.delete(entry.clientUuid);
        this.showWaiting(entry);
    }

    /** Show the last waiting entry in the conversation's row. */
    showWaiting({conversationId}) {
        const row = this.store.rows[conversationId];
        const waiting = [...this.waiting.values()].filter(
            (entry) => entry.conversationId === conversationId && !entry.isNote
        );
        const last = waiting[waiting.length - 1];
        if (row && (last || row.waiting)) {
            const channel = this.store.channels[row.channel_id];
            row.waiting = last ? summaryOf(partsOf(last)[0], channel) : "";
        }
    }

    /** Restore unconfirmed entries; the server ignores those that it already has. */
    restore(conversation) {
        const {storage} = this.store;
        for (const key of storage.keys(`outbox.${conversation.id}.`)) {
            const kept = storage.read(key);
            if (!kept || conversation.hasUuid(kept.clientUuid)) {
                storage.remove(key);
                continue;
            }
            const entry = this.waiting.get(kept.clientUuid) || kept;
            if (!entry.isWaiting) {
                entry.error ||= String(
                    _t("The page was closed before this was confirmed.")
                );
            }
            const messages = unconfirmedMessages(entry, this.store.user.id);
            conversation.addUnconfirmed(messages);
            conversation.markUnconfirmed(entry);
            this.showWaiting(entry);
        }
    }
}

/** Return whether the text goes as the caption of its single file. */
function isCaption({isNote, body, files, template}, channel) {
    if (template) {
        return files.length === 1;
    }
    const longest = channel?.captions?.[files[0]?.mimetype] || 0;
    const length = [...body.trim()].length;
    return !isNote && files.length === 1 && length > 0 && length <= longest;
}

/** Return the messages of an entry: a note is one, a reply may need several. */
function partsOf({isNote, isCaption: isOne, body, files, place}) {
    if (place) {
        return [{kind: "location", body: "", files: []}];
    }
    const ready = files.map((file) => ({...file, state: "ready"}));
    if (isNote) {
        return [{kind: "text", body, files: ready}];
    }
    const text = body.trim() && !isOne ? [{kind: "text", body, files: []}] : [];
    const others = ready.map((file) => ({
        kind: kindOfMimetype(file.mimetype),
        body: isOne ? body : "",
        files: [file],
    }));
    return [...text, ...others];
}

function dataOf({isNote, mentions = [], template, place}) {
    if (isNote) {
        return {mention_ids: idsOf(mentions)};
    }
    return template ? {template: template.shown} : {...place};
}

/** Return the messages to show for an entry, in the shape that the server sends. */
function unconfirmedMessages(entry, userId) {
    const {isNote} = entry;
    return partsOf(entry).map((values, part, {length}) => ({
        ...values,
        isLastPart: part === length - 1,
        id: false,
        key: `${entry.clientUuid}.${part}`,
        entry,
        client_uuid: entry.clientUuid,
        part,
        conversation_id: entry.conversationId,
        direction: isNote ? "note" : "outbound",
        state: "queued",
        author_id: userId,
        sent_at: entry.sentAt,
        reply_to: part === 0 && entry.replyTo,
        data: dataOf(entry),
        failure_reason: "",
        can_retry: true,
    }));
}

import {isRefusal, sentenceOf} from "./errors";
import {_t} from "@web/core/l10n/translation";
import {Mutex} from "@web/core/utils/concurrency";
import {browser} from "@web/core/browser/browser";
import {kindOfMimetype} from "./message_kinds";
import {serializeDateTime} from "@web/core/l10n/dates";

const {DateTime} = luxon;

/** RFC 4122 version 4; `randomUUID` is missing where Odoo is served without TLS. */
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
 * What the user has sent and the server has not confirmed. An entry is shown at once, kept
 * over a reload, and always sent again under the same client_uuid: never twice.
 */
export class Outbox {
    constructor(store) {
        this.store = store;
        this.mutexes = {};
    }

    keyOf(entry) {
        return `outbox.${entry.conversationId}.${entry.clientUuid}`;
    }

    /** `content` is what a draft hands over. */
    send(conversation, content) {
        const entry = {
            ...content,
            conversationId: conversation.id,
            clientUuid: newUuid(),
            sentAt: serializeDateTime(DateTime.now()),
            error: "",
            isRefused: false,
        };
        this.store.storage.write(this.keyOf(entry), entry);
        conversation.addUnconfirmed(unconfirmedMessages(entry, this.store.user.id));
        return this.deliver(conversation, entry);
    }

    /** One at a time in a conversation, so that what was typed first arrives first. */
    deliver(conversation, entry) {
        this.mutexes[conversation.id] ??= new Mutex();
        this.mark(conversation, entry, "", false);
        return this.mutexes[conversation.id].exec(() => this.post(conversation, entry));
    }

    async post(conversation, entry) {
        if (!browser.navigator.onLine) {
            this.mark(
                conversation,
                entry,
                _t("You are offline. Try again later."),
                false
            );
            return;
        }
        try {
            const ids = await this.submit(entry);
            await conversation.confirm(ids);
        } catch (error) {
            this.mark(conversation, entry, sentenceOf(error), isRefusal(error));
        }
    }

    /** Only here it is decided whether words leave the house. */
    async submit({isNote, conversationId, body, files, clientUuid, ...entry}) {
        const {api} = this.store;
        const content = {body, clientUuid, attachmentIds: idsOf(files)};
        if (isNote) {
            const mentionIds = idsOf(entry.mentions);
            return [await api.note(conversationId, {...content, mentionIds})];
        }
        const replyToId = entry.replyTo?.id || false;
        return api.reply(conversationId, {...content, replyToId});
    }

    mark(conversation, entry, error, isRefused) {
        Object.assign(entry, {error: String(error), isRefused});
        if (!conversation.isUnconfirmed(entry.clientUuid)) {
            return; // The bus was faster than the answer.
        }
        this.store.storage.write(this.keyOf(entry), entry);
        conversation.markUnconfirmed(entry);
    }

    forget(entry) {
        this.store.storage.remove(this.keyOf(entry));
    }

    /** Messages that a reload interrupted; the server drops those that it already has. */
    restore(conversation) {
        const {storage} = this.store;
        for (const key of storage.keys(`outbox.${conversation.id}.`)) {
            const entry = storage.read(key);
            if (!entry || conversation.hasUuid(entry.clientUuid)) {
                storage.remove(key);
                continue;
            }
            entry.error ||= String(_t("The page was left before this was confirmed."));
            const messages = unconfirmedMessages(entry, this.store.user.id);
            conversation.addUnconfirmed(messages);
            conversation.markUnconfirmed(entry);
        }
    }
}

/** What becomes one message each: of a note everything together, as nobody carries it. */
function partsOf({isNote, body, files}) {
    const ready = files.map((file) => ({...file, state: "ready"}));
    if (isNote) {
        return [{kind: "text", body, files: ready}];
    }
    const text = body.trim() ? [{kind: "text", body, files: []}] : [];
    const others = ready.map((file) => ({
        kind: kindOfMimetype(file.mimetype),
        body: "",
        files: [file],
    }));
    return [...text, ...others];
}

/** The bubbles that stand for an entry, shaped as the server will shape them. */
function unconfirmedMessages(entry, userId) {
    const {isNote, mentions = []} = entry;
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
        data: isNote ? {mention_ids: idsOf(mentions)} : {},
        failure_reason: "",
        can_retry: true,
    }));
}

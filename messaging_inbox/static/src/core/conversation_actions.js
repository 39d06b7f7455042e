import {browser} from "@web/core/browser/browser";

// Shorter than the store's REFRESH_DELAY, so that refreshed counters include the read.
const READ_DELAY = 300;

/** Return whether there is anything that the user hasn't read: messages or a mention. */
function hasNews({row, hasArrivals}) {
    return Boolean(row?.unread_count || row?.mention === "new" || hasArrivals);
}

/** Show at once that the user has read everything. */
function markSeen(conversation) {
    const {row} = conversation;
    row.unread_count = 0;
    row.mention = row.mention && "seen";
    conversation.hasArrivals = false;
}

/** Actions on a whole conversation. A refusal is shown as a notification. */
export class ConversationActions {
    constructor(store) {
        this.store = store;
    }

    /**
     * Assign the conversation; `userId` false unassigns it. The server refuses if the
     * assignee is no longer `seenId`, the one that the user saw.
     */
    assign(conversation, userId, seenId = conversation.row.user_id) {
        return this.change(conversation, () =>
            this.store.api.assign(conversation.id, userId, seenId || false)
        );
    }

    /** Snooze until a time in UTC, or with false until the customer writes. */
    snooze(conversation, until) {
        return this.change(conversation, () =>
            this.store.api.snooze(conversation.id, until)
        );
    }

    unsnooze(conversation) {
        return this.change(conversation, () =>
            this.store.api.unsnooze(conversation.id)
        );
    }

    /** Add and remove tags; the row shows them at once. */
    async tag(conversation, addIds, removeIds) {
        const {row} = conversation;
        const before = row.tag_ids;
        row.tag_ids = [...before, ...addIds].filter((id) => !removeIds.includes(id));
        const isDone = await this.store.attempt(() =>
            this.store.api.tag(conversation.id, addIds, removeIds)
        );
        if (!isDone) {
            row.tag_ids = before;
        }
    }

    close(conversation) {
        return this.change(conversation, () => this.store.api.close(conversation.id));
    }

    reopen(conversation) {
        return this.change(conversation, () => this.store.api.reopen(conversation.id));
    }

    optOut(conversation) {
        return this.change(conversation, () => this.store.api.optOut(conversation.id));
    }

    undoOptOut(conversation) {
        return this.change(conversation, () =>
            this.store.api.undoOptOut(conversation.id)
        );
    }

    optIn(conversation, reason) {
        return this.change(conversation, () =>
            this.store.api.optIn(conversation.id, reason)
        );
    }

    /** Run an action, then reload, even if refused: users shouldn't wait for the bus. */
    async change(conversation, call) {
        const isDone = await this.store.attempt(call);
        this.store.refreshSoon();
        await conversation.load();
        return isDone;
    }

    async markUnread(conversation) {
        conversation.staysUnread = true;
        return this.change(conversation, () =>
            this.store.api.markUnread(conversation.id)
        );
    }

    /** Mark as read soon: a message is seen when open in a focused page for a moment. */
    readSoon(conversation) {
        browser.clearTimeout(this.readTimer);
        this.readTimer = browser.setTimeout(() => this.read(conversation), READ_DELAY);
    }

    /** The server marks as read on a reply: a second request would wait for its lock. */
    answered(conversation) {
        browser.clearTimeout(this.readTimer);
        markSeen(conversation);
    }

    async read(conversation) {
        const {id, staysUnread, hasNewer} = conversation;
        const isElsewhere = hasNewer || id !== this.store.activeId;
        if (!hasNews(conversation) || staysUnread || isElsewhere) {
            return;
        }
        markSeen(conversation);
        try {
            await this.store.api.markRead(id);
            this.store.refreshSoon();
        } catch {
            // The next refresh restores the row's unread count.
            this.store.changedIds.add(id);
        }
    }

    async remove(conversation) {
        const {id} = conversation;
        const isDone = await this.store.attempt(() => this.store.api.remove(id));
        if (isDone) {
            this.store.forget(id);
            this.store.refreshSoon();
        }
        return isDone;
    }

    /** React to a customer's message; without an emoji, take our reaction away. */
    async react(conversation, message, emoji) {
        const {api, user} = this.store;
        const before = message.reaction;
        message.reaction = {emoji, failed: false, author_id: user.id};
        const isDone = await this.store.attempt(async () => {
            await api.react(message.id, emoji);
            conversation.receive(await api.messageValues([message.id]));
        });
        if (!isDone) {
            message.reaction = before;
        }
    }

    async retryDownload(conversation, file) {
        const isDone = await this.store.attempt(() =>
            this.store.api.retryDownload(file.media_id)
        );
        if (isDone) {
            file.state = "pending";
        }
    }

    async setAvailable(available) {
        const {user, api} = this.store;
        const isDone = await this.store.attempt(() =>
            api.setAvailable(user.id, available)
        );
        if (isDone) {
            this.store.user.available = available;
        }
    }

    /** Fetch the user's availability; if that fails, the switch keeps its last state. */
    async askAvailability() {
        const {user, api} = this.store;
        try {
            user.available = await api.isAvailable(user.id);
        } catch {
            // Harmless: clicking the switch reports its own errors.
        }
    }
}

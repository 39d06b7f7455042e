import {browser} from "@web/core/browser/browser";

// Sooner than the counters are refreshed, so that they count what is left.
const READ_DELAY = 300;

/** What a user does to a conversation as a whole. Refusals are shown as sentences. */
export class ConversationActions {
    constructor(store) {
        this.store = store;
    }

    /**
     * The assignee whom the user saw when deciding goes along, so that nobody takes over
     * unknowingly. `userId` false unassigns.
     */
    assign(conversation, userId, seenId = conversation.row.user_id) {
        return this.change(conversation, () =>
            this.store.api.assign(conversation.id, userId, seenId || false)
        );
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

    /** Asked for anew in either case: who acts shouldn't have to wait for the bus. */
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

    /** Seen means: open, and the page visible and focused for a moment. */
    readSoon(conversation) {
        browser.clearTimeout(this.readTimer);
        this.readTimer = browser.setTimeout(() => this.read(conversation), READ_DELAY);
    }

    /** An answer marks as read by itself: two writers at once would wait for each other. */
    answered(conversation) {
        browser.clearTimeout(this.readTimer);
        conversation.hasArrivals = false;
        conversation.row.unread_count = 0;
    }

    async read(conversation) {
        const {row, id, staysUnread, hasArrivals} = conversation;
        const isUnread = row?.unread_count || hasArrivals;
        if (!isUnread || staysUnread || id !== this.store.activeId) {
            return;
        }
        row.unread_count = 0;
        conversation.hasArrivals = false;
        try {
            await this.store.api.markRead(id);
            this.store.refreshSoon();
        } catch {
            // The row gets its number back with the next refresh.
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

    /** Without an answer the switch shows what we knew last. */
    async askAvailability() {
        const {user, api} = this.store;
        try {
            user.available = await api.isAvailable(user.id);
        } catch {
            // Nothing is lost: a click tells whether it worked.
        }
    }
}

import {browser} from "@web/core/browser/browser";
import {groupBy} from "@web/core/utils/arrays";
import {batched} from "@web/core/utils/timing";

const CHANNEL = "messaging_inbox";
const TICK = 15000;
const ASLEEP = 90000;
const PATIENCE = 2000;

/** Keep the store in sync with the server: bus deltas, reconnection and wake-up. */
export class LiveUpdates {
    constructor(store, bus) {
        this.store = store;
        this.bus = bus;
        this.isStarted = false;
    }

    start() {
        if (this.isStarted) {
            return;
        }
        this.isStarted = true;
        this.subscribe();
        this.store.presence.start(this.bus);
        this.watchConnection();
        this.bus.addChannel(CHANNEL);
    }

    subscribe() {
        const handlers = {
            changed: (payload) => this.changed(payload),
            deleted: ({ids}) => this.deleted(ids),
            // Each channel that changed sends one, often many at a time.
            subscribe: batched(() => this.subscribeAgain()),
            read: (payload) => this.read(payload),
            scheduled: ({conversation_id: id}) =>
                this.store.conversations[id]?.scheduled.load(),
            mentioned: (payload) => this.mentioned(payload),
            availability: (payload) => this.availability(payload),
        };
        for (const [type, handler] of Object.entries(handlers)) {
            this.bus.subscribe(`messaging_inbox/${type}`, handler);
        }
    }

    watchConnection() {
        this.bus.addEventListener("BUS:RECONNECT", () => this.reconnected());
        this.bus.addEventListener("BUS:CONNECT", () => this.firstConnected());
        this.bus.addEventListener("BUS:DISCONNECT", () => this.disconnected());
        this.bus.addEventListener("BUS:RECONNECTING", () => this.disconnected());
        browser.addEventListener("offline", () => (this.store.isOffline = true));
        browser.addEventListener("online", () => this.online());
        this.store.isOffline = !browser.navigator.onLine;
        browser.setInterval(() => this.tick(), TICK);
    }

    online() {
        this.store.isOffline = false;
        this.store.outbox.resume();
    }

    /** Resync after sleep, when timers stop, leaving a long gap, or after a failure. */
    tick() {
        const now = Date.now();
        const wasAsleep = now - this.store.now > ASLEEP;
        this.store.setNow(now);
        // During an interruption, wait: reconnecting resyncs anyway.
        const isOutdated = this.store.isOutdated && !this.store.isInterrupted;
        if (wasAsleep || isOutdated) {
            this.store.resync();
        }
    }

    /** Resync: access may have been revoked during loading, before the subscription. */
    firstConnected() {
        this.connected();
        if (this.store.status === "ready") {
            this.store.refreshSoon();
        }
    }

    connected() {
        browser.clearTimeout(this.disconnectTimer);
        this.disconnectTimer = undefined;
        this.store.isInterrupted = false;
        this.store.outbox.resume();
    }

    reconnected() {
        this.connected();
        this.store.resync();
    }

    /** Report an interruption only when it lasts: short ones recover on their own. */
    disconnected() {
        this.disconnectTimer ??= browser.setTimeout(() => {
            this.store.isInterrupted = true;
        }, PATIENCE);
    }

    // Deltas ------------------------------------------------------------------

    changed({conversations = [], messages = []}) {
        const {store} = this;
        store.setNow(Date.now());
        // Skip unselected companies; no channel is known before the inbox is loaded.
        const visible = conversations.filter((row) => row.channel_id in store.channels);
        for (const row of visible) {
            store.putRow(row);
            store.changedIds.add(row.id);
            store.lists.forEach((list) => list.touched.add(row.id));
        }
        const groups = groupBy(messages, "conversation_id");
        Object.entries(groups).forEach(([id, values]) => this.receive(id, values));
        store.refreshSoon();
    }

    receive(id, deltas) {
        const conversation = this.store.conversations[id];
        conversation?.receiveLive(deltas);
        if (!conversation || conversation.status !== "ready") {
            return;
        }
        const values = conversation.withoutGaps(deltas);
        if (conversation.hasNewer) {
            const inbound = deltas.filter((one) => one.direction === "inbound");
            conversation.missed += inbound.filter(
                (one) => !values.includes(one)
            ).length;
        }
        const added = conversation.receive(values);
        conversation.explainTroubles(values).catch(() => {
            conversation.isStale = true;
        });
        this.countUnread(conversation, added);
        if (added.some(({event_type: type}) => /linked$/.test(type || ""))) {
            conversation.load();
        }
    }

    /** Raise the count at once; the refreshed row brings the exact number. */
    countUnread(conversation, added) {
        const {row, id} = conversation;
        const count = added.filter(({direction}) => direction === "inbound").length;
        if (!row || !count) {
            return;
        }
        if (id === this.store.activeId) {
            conversation.hasArrivals = true;
        } else {
            row.unread_count = Math.min(100, row.unread_count + count);
        }
    }

    deleted(ids) {
        ids.forEach((id) => this.store.forget(id));
        this.store.refreshSoon();
    }

    /** Access has changed: make the websocket subscribe to its channels again. */
    subscribeAgain() {
        this.bus.forceUpdateChannels();
        this.store.accessChanged();
    }

    read({conversation_id: id, unread_count: unread}) {
        const row = this.store.rows[id];
        if (row) {
            row.unread_count = unread;
            row.mention = unread ? row.mention : row.mention && "seen";
        }
        this.store.refreshSoon();
    }

    /** A colleague mentioned this user in a private note. */
    mentioned({conversation_id: id}) {
        if (this.store.rows[id]) {
            this.store.rows[id].mention = "new";
        }
        // Its row may not be loaded; the filter may show it.
        this.store.changedIds.add(id);
        this.store.refreshSoon();
    }

    availability({user_id: userId, available}) {
        this.store.availability[userId] = available;
        if (userId === this.store.user.id) {
            this.store.user.available = available;
        }
    }
}

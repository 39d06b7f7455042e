import {KINDS, REPEAT, eventsOf, switchName, switchesOf} from "./notification_events";
import {FailedSends} from "./failed_sends";
import {Mutex} from "@web/core/utils/concurrency";
import {Reactive} from "@web/core/utils/reactive";
import {NativeNotifications} from "./native_notifications";
import {Ringer} from "./ringer";
import {Tabs} from "./tabs";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {isForbidden} from "../core/errors";
import {markRaw} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {summaryOf} from "../core/message_kinds";
import {session} from "@web/session";
import {user} from "@web/core/user";

const LONGEST_TEXT = 250;
// No conversation has this id: they start at one.
const TEST = 0;
const INBOX = "messaging_inbox.messaging_inbox_action";

/**
 * Notifies the user of events from the bus, on every page and as switched on. The
 * operating system shows them, once for all tabs of the browser; where it isn't allowed
 * to, the tab with the focus does.
 */
export class NotificationCenter extends Reactive {
    settings = switchesOf(user.settings);
    // The bus replays recent events, from before this page was opened.
    since = session.messaging_inbox_bus_id ?? Infinity;

    constructor(services) {
        super();
        this.services = markRaw(services);
        this.store = services["messaging_inbox.store"];
        this.permission = services["mail.notification.permission"];
        this.tabs = markRaw(new Tabs(`messaging_inbox.${session.db}.${user.userId}`));
        this.native = markRaw(
            new NativeNotifications(this.permission, (id) => this.open(id))
        );
        this.ringer = markRaw(
            new Ringer(services["mail.sound_effects"], services["mail.store"])
        );
        this.failedSends = markRaw(
            new FailedSends(this.store, services.notification, (id) => this.open(id))
        );
        this.mutex = markRaw(new Mutex());
        // The number of notified messages per conversation since it was read.
        this.unread = markRaw(new Map());
        this.toasts = markRaw(new Map());
    }

    start() {
        const handlers = {
            changed: (delta, {id}) =>
                id > this.since &&
                Promise.all([this.onChanged(delta), this.failedSends.onChanged(delta)]),
            deleted: ({ids}) => Promise.all(ids.map((id) => this.drop(id))),
            read: ({conversation_id: id, unread_count: left}) => left || this.drop(id),
            mentioned: (mention, {id}) => id > this.since && this.onMentioned(mention),
            subscribe: () => this.checkUnread(),
            notification_settings: (values) => this.keep(values),
            notification_test: (_, {id}) => id > this.since && this.showTest(),
        };
        for (const [type, handler] of Object.entries(handlers)) {
            // One after the other: a slow "changed" must not notify after its "read".
            const inTurn = (...said) => this.mutex.exec(() => handler(...said));
            this.services.bus_service.subscribe(`messaging_inbox/${type}`, inTurn);
        }
        for (const type of ["focus", "blur", "visibilitychange"]) {
            browser.addEventListener(type, () => this.look());
        }
        browser.navigator.serviceWorker?.addEventListener("message", ({data}) => {
            if (data?.type === "messaging_inbox/open") {
                this.open(data.id);
            }
        });
        return this;
    }

    // Settings ----------------------------------------------------------------

    keep(values) {
        Object.assign(this.settings, values);
    }

    async save(values) {
        this.keep(await this.store.api.saveNotifications(values));
    }

    // What the user looks at --------------------------------------------------

    get lookedAt() {
        const isFocused = document.visibilityState === "visible" && document.hasFocus();
        return isFocused && this.screen ? this.store.activeId : false;
    }

    look() {
        this.tabs.lookAt(this.lookedAt);
    }

    /** Open a conversation from any page of Odoo. */
    open(id) {
        if (id !== TEST && this.screen) {
            this.screen.select(id);
        } else if (id !== TEST) {
            this.services.action.doAction(INBOX, {props: {resId: id}});
        }
    }

    // Notifying ---------------------------------------------------------------

    async onChanged(delta) {
        for (const event of eventsOf(delta, this.store.user.id)) {
            if (this.settings[switchName(event.kind, "desktop")]) {
                await this.notify(event);
            }
        }
    }

    /** Show a mention, whatever is switched on: a colleague calls this very user. */
    async onMentioned({conversation_id: id, author_id: authorId}) {
        if (id === this.lookedAt) {
            this.store.actions.readSoon(this.store.active);
            return;
        }
        const [row] = await this.store.api.rows([id]).catch(() => []);
        if (row) {
            await this.notify({id, row, kind: "mentioned", authorId, count: 0});
        }
    }

    async notify(event) {
        const {id, count} = event;
        const isSeen = id === this.lookedAt || (await this.tabs.isLookedAt(id));
        if (!isSeen && (await this.isOurs())) {
            this.count(id, count);
            await this.show(id, await this.contentOf(event));
            this.repeat();
        }
    }

    /** Count notified messages; an assignment has none. */
    count(id, count) {
        if (count) {
            this.unread.set(id, (this.unread.get(id) || 0) + count);
        }
    }

    /** Return whether this tab notifies: as the leader, or as the one with the focus. */
    async isOurs() {
        return this.native.isAllowed ? this.tabs.becomesLeader() : document.hasFocus();
    }

    /** Return who assigned a conversation; nobody did if its snooze is over. */
    assignmentText(assignedBy) {
        return assignedBy
            ? _t("%(name)s assigned this to you", {name: this.store.nameOf(assignedBy)})
            : _t("The snooze is over");
    }

    async contentOf({id, row, kind, assignedBy, authorId, message, newestId}) {
        if (this.store.status !== "ready") {
            // Outside the inbox, channels and colleagues are not loaded yet.
            await this.store.load();
        }
        const count = this.unread.get(id);
        const channel = this.store.channels[row.channel_id];
        const lines = [
            kind === "assigned" && this.assignmentText(assignedBy),
            kind === "mentioned" &&
                _t("%(name)s mentioned you", {name: this.store.nameOf(authorId)}),
            message && count > 1 && _t("%(count)s new messages", {count}),
            message && summaryOf(message, channel).slice(0, LONGEST_TEXT),
            channel?.name,
        ];
        return {
            title: row.contact_name || row.contact_phone || String(_t("Unknown")),
            body: lines.filter(Boolean).join("\n"),
            newestId,
        };
    }

    async showTest() {
        if (await this.isOurs()) {
            await this.show(TEST, {
                title: _t("Test notification"),
                body: _t("This is how new messages are announced in this browser."),
            });
        }
    }

    async show(id, content) {
        if (this.native.isAllowed) {
            await this.native.show(id, content);
        } else {
            this.showToast(id, content);
        }
        this.ringer.ring();
    }

    showToast(id, {title, body}) {
        this.toasts.get(id)?.();
        const onClick = () => {
            this.toasts.get(id)?.();
            this.open(id);
        };
        const buttons = id === TEST ? [] : [{name: _t("Open"), onClick}];
        const className = "o-messaging-Toast";
        const options = {title, type: "info", buttons, className};
        this.toasts.set(id, this.services.notification.add(body, options));
    }

    // Until it is read --------------------------------------------------------

    repeat() {
        if (this.settings[REPEAT] && this.unread.size) {
            this.ringer.repeatWhile(() => this.isStillUnread());
        }
    }

    async isStillUnread() {
        await this.checkUnread();
        return this.settings[REPEAT] && this.unread.size > 0;
    }

    /** Ask the server what is still unread: we may have missed a "read". */
    async checkUnread() {
        const ids = [...this.unread.keys()];
        if (!ids.length) {
            return;
        }
        try {
            const rows = await this.store.api.rows(ids);
            const unread = rows.filter((row) => row.unread_count).map(({id}) => id);
            ids.filter((id) => !unread.includes(id)).forEach((id) => this.drop(id));
        } catch (error) {
            // Without a connection, wait; without access, drop them.
            ids.filter(() => isForbidden(error)).forEach((id) => this.drop(id));
        }
    }

    drop(id) {
        this.unread.delete(id);
        this.toasts.get(id)?.();
        this.toasts.delete(id);
        return this.native.close(id);
    }

    // The bell ----------------------------------------------------------------

    get wantsDesktop() {
        return KINDS.some(({name}) => this.settings[switchName(name, "desktop")]);
    }

    /** Return whether notifications are on, but blocked by the browser. */
    get isBlocked() {
        return this.wantsDesktop && this.permission.permission !== "granted";
    }
}

export const notificationService = {
    dependencies: [
        "action",
        "bus_service",
        "mail.notification.permission",
        "mail.sound_effects",
        "mail.store",
        "messaging_inbox.store",
        "notification",
    ],
    start(env, services) {
        return new NotificationCenter(services).start();
    },
};

registry.category("services").add("messaging_inbox.notifications", notificationService);

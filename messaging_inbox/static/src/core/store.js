import {Reactive} from "@web/core/utils/reactive";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {markRaw} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {Conversation} from "./conversation";
import {ConversationActions} from "./conversation_actions";
import {ConversationList, sectionOf} from "./conversation_list";
import {InboxApi} from "./api";
import {LiveUpdates} from "./live_updates";
import {Outbox} from "./outbox";
import {Storage} from "./storage";
import {Uploads} from "./uploads";
import {isForbidden, sentenceOf} from "./errors";
import {user as currentUser} from "@web/core/user";

export const SECTIONS = ["mine", "unassigned", "others", "closed"];
const NO_COUNTERS = {mine: 0, unassigned: 0, others: 0, totals: {}, badge: 0};
const REFRESH_DELAY = 400;

/**
 * The inbox as this browser tab knows it. Rows (conversations in lists) live once in `rows`;
 * sections are views on them; opened conversations keep their messages in `conversations`.
 */
export class MessagingStore extends Reactive {
    status = "new";
    error = "";
    // It couldn't be asked what changed: it is asked again.
    isOutdated = false;
    user = {id: currentUser.userId, name: currentUser.name, available: true};
    isAgent = false;
    isManager = false;
    hasAccount = false;
    channels = {};
    users = {};
    // Who of the colleagues is available, as far as somebody has asked or told.
    availability = {};
    counters = NO_COUNTERS;
    rows = {};
    conversations = {};
    activeId = false;
    // The conversation whose row the list brings into sight, because a link opened it.
    linkedId = false;
    query = "";
    channelId = false;
    now = Date.now();
    isOffline = false;
    isInterrupted = false;

    constructor(services) {
        super();
        this.services = markRaw(services);
        this.api = markRaw(new InboxApi(services.orm));
        this.storage = markRaw(new Storage(currentUser.userId));
        this.uploads = markRaw(new Uploads(services.file_upload, this.api));
        this.outbox = markRaw(new Outbox(this));
        this.actions = markRaw(new ConversationActions(this));
        this.live = markRaw(new LiveUpdates(this, services.bus_service));
        this.search = new ConversationList(this, false);
        this.sections = {};
        for (const section of SECTIONS) {
            this.sections[section] = new ConversationList(this, section);
        }
        this.changedIds = markRaw(new Set());
        this.folded = this.storage.read("folded") || {others: true, closed: true};
    }

    get active() {
        return this.conversations[this.activeId];
    }

    get isSearching() {
        return Boolean(this.query.trim());
    }

    get lists() {
        return [this.search, ...Object.values(this.sections)];
    }

    /** The colleague who wrote a message, also one whose user was deleted since. */
    authorOf({author_id: author, author_name: former, data}) {
        return former || data?.former?.author || this.nameOf(author);
    }

    /** `isObject`: within a sentence, as in "assigned to you". */
    nameOf(userId, isObject = false) {
        return userId === this.user.id
            ? String(isObject ? _t("you") : _t("You"))
            : this.users[userId] || String(_t("Someone"));
    }

    // Loading -----------------------------------------------------------------

    /** From the systray, on every page: who is an agent hears of new messages. */
    startForAgent(counters) {
        this.isAgent = true;
        if (counters) {
            this.setCounters(counters);
        }
        this.live.start();
    }

    async load() {
        this.status = this.status === "new" ? "loading" : this.status;
        try {
            this.initialised(await this.api.init());
        } catch (error) {
            this.notLoaded(error);
        }
    }

    /** A lost connection leaves what we have; a lost group leaves nothing. */
    notLoaded(error) {
        if (isForbidden(error)) {
            this.shutOut();
            return;
        }
        this.error = sentenceOf(error);
        this.isOutdated = true;
        this.status = this.status === "ready" ? "ready" : "failed";
    }

    shutOut() {
        Object.keys(this.conversations).forEach((id) => this.forget(id, "forbidden"));
        Object.assign(this, {rows: {}, channels: {}, isAgent: false});
        this.isOutdated = false;
        this.setCounters(NO_COUNTERS);
        this.status = "forbidden";
    }

    initialised(answer) {
        this.user = answer.user;
        this.isManager = answer.is_manager;
        this.hasAccount = answer.has_account;
        this.uploads.convertible = new Set(answer.convertible_types || []);
        this.users = answer.users;
        this.channels = {};
        for (const channel of answer.channels) {
            this.channels[channel.id] = channel;
        }
        this.setCounters(answer.counters);
        this.startForAgent();
        this.isOutdated = false;
        this.status = "ready";
        this.outbox.resume();
    }

    setCounters(counters) {
        this.counters = counters;
        this.services.title.setCounters({messaging: counters.badge});
    }

    /** Once for a burst of changes, and steadily while they don't end. */
    refreshSoon() {
        this.refreshTimer ??= browser.setTimeout(() => {
            this.refreshTimer = undefined;
            this.refresh();
        }, REFRESH_DELAY);
    }

    /** Exact numbers come from the server alone. */
    async refresh() {
        const ids = [...this.changedIds];
        this.changedIds.clear();
        try {
            const [counters, rows] = await Promise.all([
                this.api.counters(),
                ids.length ? this.api.rows(ids) : [],
            ]);
            this.setCounters(counters);
            this.refreshed(ids, rows);
        } catch (error) {
            // Otherwise the next change or the reconnection asks again.
            if (isForbidden(error)) {
                this.shutOut();
            }
        }
    }

    /** What the server leaves out is gone or out of reach; the open one says which. */
    refreshed(ids, rows) {
        rows.forEach((row) => this.putRow(row));
        const found = new Set(rows.map(({id}) => id));
        for (const id of ids.filter((one) => !found.has(one))) {
            this.forget(id, "new");
            if (id === this.activeId) {
                this.active.load();
            }
        }
    }

    /** What we know may be somebody else's by now: each row is asked for. */
    accessChanged() {
        Object.keys(this.rows).forEach((id) => this.changedIds.add(Number(id)));
        return this.resync();
    }

    /** After a lost connection or a change of access, nothing that we have is certain. */
    async resync() {
        Object.values(this.conversations).forEach((conversation) => {
            conversation.isStale = true;
        });
        const lists = this.lists.filter((list) => list.status !== "new");
        await Promise.all([
            // Pages where nobody opened the inbox know nothing but the numbers.
            this.status === "new" || this.load(),
            this.refresh(),
            ...lists.map((list) => list.reload()),
            this.active?.load(),
        ]);
    }

    setFilter(changes) {
        Object.assign(this, changes);
        if ("channelId" in changes) {
            Object.values(this.sections).forEach((list) => list.reset());
        }
        this.search.reset();
    }

    /** Shows the row of what a link opened, in its section, on this page alone. */
    reveal(id) {
        const row = this.rows[id];
        if (row && id === this.activeId) {
            this.folded[sectionOf(row, this.user.id)] = false;
            this.linkedId = id;
        }
    }

    setFolded(section, isFolded) {
        this.folded[section] = isFolded;
        this.storage.write("folded", this.folded);
    }

    // Rows --------------------------------------------------------------------

    /** Rows keep their identity; a delta without the viewer's fields leaves those alone. */
    putRow(values) {
        const row = this.rows[values.id];
        if (!row) {
            this.rows[values.id] = {unread_count: 0, draft: "", ...values};
        } else if (values.seq >= row.seq) {
            Object.assign(row, values);
        }
        return this.rows[values.id];
    }

    dropRow(id) {
        if (id !== this.activeId) {
            delete this.rows[id];
        }
    }

    /** The conversation is gone for this user: deleted, or forbidden. */
    forget(id, status = "deleted") {
        if (this.conversations[id]) {
            const nothing = {status, messages: [], isStale: true};
            Object.assign(this.conversations[id], nothing);
        }
        delete this.rows[id];
        this.storage.remove(`draft.${id}`);
        this.storage.remove(`note.${id}`);
    }

    // The open conversation ---------------------------------------------------

    open(id) {
        const isOther = this.activeId !== id;
        if (isOther) {
            this.leave();
        }
        this.activeId = id;
        if (!id) {
            return Promise.resolve();
        }
        this.conversations[id] ||= new Conversation(this, id);
        const {active} = this;
        active.place = isOther ? null : active.place;
        active.staysUnread = false;
        active.markUnreadFrom(active.row?.unread_count);
        return active.isStale || active.status === "failed"
            ? active.load()
            : Promise.resolve();
    }

    leave() {
        if (this.active) {
            this.active.unreadFromId = false;
        }
    }

    // Errors ------------------------------------------------------------------

    /** Runs what the user asked for; a refusal is shown as its sentence. */
    async attempt(action) {
        try {
            await action();
            return true;
        } catch (error) {
            this.services.notification.add(sentenceOf(error), {type: "danger"});
            return false;
        }
    }
}

export const messagingStoreService = {
    dependencies: ["bus_service", "file_upload", "notification", "orm", "title"],
    start(env, services) {
        return new MessagingStore(services);
    },
};

registry.category("services").add("messaging_inbox.store", messagingStoreService);

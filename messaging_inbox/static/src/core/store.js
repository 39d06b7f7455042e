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
import {LoadAhead} from "./load_ahead";
import {MessageSearch} from "./message_search";
import {Outbox} from "./outbox";
import {Presence} from "./presence";
import {Selection} from "./selection";
import {Storage} from "./storage";
import {Uploads} from "./uploads";
import {isForbidden, sentenceOf} from "./errors";
import {startOfDay} from "./formatting";
import {user as currentUser} from "@web/core/user";

export const SECTIONS = ["mine", "unassigned", "others", "snoozed", "closed"];
const NO_COUNTERS = {
    mine: 0,
    unassigned: 0,
    others: 0,
    totals: {},
    mentions: 0,
    badge: 0,
};
const REFRESH_DELAY = 400;
// How long rows keep their places after the pointer moved over them.
const FROZEN = 2000;
// What a delta, which is the same for all users, lacks.
const NO_VALUES = {unread_count: 0, draft: "", mention: false, tag_ids: []};

/**
 * The state of the inbox in this browser tab. Rows (conversations in lists) are stored
 * once, in `rows`; sections are views of them. `conversations` holds the opened ones.
 */
export class MessagingStore extends Reactive {
    status = "new";
    error = "";
    // The last refresh or resync failed: it is retried.
    isOutdated = false;
    user = {id: currentUser.userId, name: currentUser.name, available: true};
    isAgent = false;
    isManager = false;
    hasAccount = false;
    channels = {};
    users = {};
    tags = {};
    // Availability of colleagues, as far as it was fetched or published.
    availability = {};
    counters = NO_COUNTERS;
    rows = {};
    conversations = {};
    activeId = false;
    // The conversation that a link opened: the list scrolls to its row.
    linkedId = false;
    query = "";
    channelId = false;
    // Filters of the list (`list_filters.js`) by name.
    filters = {};
    // "newest", or "waiting" for the longest wait first.
    order = "newest";
    // Filters of the search by name: user_id, date_from, date_to, has_file.
    searchFilters = {};
    // All conversations that a search found are shown, not only the first.
    showsAllFound = false;
    now = Date.now();
    // For what needs only the day: `now` renders its readers at each tick
    today = startOfDay(Date.now());
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
        this.messageSearch = new MessageSearch(this);
        this.selection = new Selection(this);
        this.presence = new Presence(this);
        this.ahead = markRaw(new LoadAhead(this));
        this.sections = {};
        for (const section of SECTIONS) {
            this.sections[section] = new ConversationList(this, section);
        }
        this.changedIds = markRaw(new Set());
        // Rows that a record's form shows, whatever the lists contain.
        this.keptIds = markRaw(new Set());
        Object.assign(this, this.storage.read("list"));
        this.foldedCards = this.storage.read("cards") || {};
        this.folded = this.storage.read("folded") || {
            others: true,
            snoozed: true,
            closed: true,
        };
    }

    get active() {
        return this.conversations[this.activeId];
    }

    get isSearching() {
        return Boolean(this.query.trim());
    }

    /** Return the search's filters that also apply to conversations. */
    get listSearchFilters() {
        const {has_file: _hasFile, ...filters} = this.searchFilters;
        return filters;
    }

    get lists() {
        return [this.search, ...Object.values(this.sections)];
    }

    /** Return the name of a message's author, even if the user was deleted. */
    authorOf({author_id: author, author_name: former, data}) {
        return former || data?.former?.author || this.nameOf(author);
    }

    /** Return a user's name; `isObject`: within a sentence, as in "assigned to you". */
    nameOf(userId, isObject = false) {
        return userId === this.user.id
            ? String(isObject ? _t("you") : _t("You"))
            : this.users[userId] || String(_t("Someone"));
    }

    setNow(now) {
        this.now = now;
        this.today = startOfDay(now);
    }

    // Loading -----------------------------------------------------------------

    /** Start live updates for Agents; the systray calls this on every page. */
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

    /** Keep what is loaded when the connection fails; clear it when access is lost. */
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
        this.selection.clear();
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
        this.tags = Object.fromEntries(answer.tags.map((tag) => [tag.id, tag]));
        this.dropUnknownTags();
        this.channels = {};
        for (const channel of answer.channels) {
            this.channels[channel.id] = channel;
        }
        this.channelId = this.channelId in this.channels && this.channelId;
        this.setCounters(answer.counters);
        this.startForAgent();
        this.isOutdated = false;
        this.status = "ready";
        this.outbox.resume();
    }

    /** Forget remembered filters by tags that no longer exist. */
    dropUnknownTags() {
        const {tag_ids: ids, ...others} = this.filters;
        const known = (ids || []).filter((id) => id in this.tags);
        this.filters = known.length ? {...others, tag_ids: known} : others;
    }

    setCounters(counters) {
        this.counters = counters;
        this.services.title.setCounters({messaging: counters.badge});
    }

    /** Refresh once per burst of changes, and regularly while changes go on. */
    refreshSoon() {
        this.refreshTimer ??= browser.setTimeout(() => {
            this.refreshTimer = undefined;
            this.refresh();
        }, REFRESH_DELAY);
    }

    /** Fetch counters and changed rows: only the server knows the exact numbers. */
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
            // Otherwise the next change or reconnection retries.
            if (isForbidden(error)) {
                this.shutOut();
            }
        }
    }

    /** Drop rows that the server left out (deleted or forbidden). */
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

    /** Access has changed: check every row. */
    accessChanged() {
        Object.keys(this.rows).forEach((id) => this.changedIds.add(Number(id)));
        return this.resync();
    }

    /** Reload everything after a lost connection or a change of access. */
    async resync() {
        Object.values(this.conversations).forEach((conversation) => {
            conversation.isStale = true;
        });
        const lists = this.lists.filter((list) => list.status !== "new");
        await Promise.all([
            // A page where the inbox was never opened has only the counters.
            this.status === "new" || this.load(),
            this.refresh(),
            ...lists.map((list) => list.reload()),
            this.active?.load(),
        ]);
    }

    /** Keep rows at their places for a moment: the pointer is about to hit one. */
    freezeLists() {
        this.lists.forEach((list) => list.freeze());
        browser.clearTimeout(this.thawTimer);
        this.thawTimer = browser.setTimeout(() => this.thawLists(), FROZEN);
    }

    thawLists() {
        browser.clearTimeout(this.thawTimer);
        this.lists.forEach((list) => list.thaw());
    }

    setFilter(changes) {
        Object.assign(this, changes);
        if (!("query" in changes || "searchFilters" in changes)) {
            const {channelId, filters, order} = this;
            this.storage.write("list", {channelId, filters, order});
            Object.values(this.sections).forEach((list) => list.reset());
        }
        this.showsAllFound = false;
        this.selection.clear();
        this.search.reset();
        this.messageSearch.reset();
    }

    /** Return whether keys act on this subject: on the selection if there is one. */
    isTarget(subject) {
        const {selection} = this;
        return selection.isEmpty || subject instanceof Selection;
    }

    /** Return the rows that the list shows, from top to bottom. */
    get shownRows() {
        const lists = this.isSearching
            ? [this.search]
            : SECTIONS.filter((section) => !this.folded[section]).map(
                  (section) => this.sections[section]
              );
        return lists.flatMap((list) => list.rows);
    }

    /** Return the id of the open conversation `step` rows below, or false. */
    neighbourOf(id, step) {
        const rows = this.shownRows.filter(
            (row) => row.id === id || row.state === "open"
        );
        const position = rows.findIndex((row) => row.id === id);
        if (position < 0) {
            return rows[0]?.id || false;
        }
        return rows[position + step]?.id || false;
    }

    /** Return whether sections show only a part, whose numbers nobody counts. */
    get isFiltered() {
        return Boolean(this.channelId) || Object.keys(this.filters).length > 0;
    }

    /** Unfold the section of a conversation opened by a link, without remembering it. */
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

    /** Fold a card of the details, or unfold it. */
    foldCard(name, isFolded) {
        this.foldedCards[name] = isFolded;
        this.storage.write("cards", this.foldedCards);
    }

    // Rows --------------------------------------------------------------------

    /** Merge a row into the known one, which keeps the fields that a delta lacks. */
    putRow(values) {
        const row = this.rows[values.id];
        if (!row) {
            this.rows[values.id] = {...NO_VALUES, ...values};
        } else if (values.seq >= row.seq) {
            Object.assign(row, values);
        }
        return this.rows[values.id];
    }

    dropRow(id) {
        if (id !== this.activeId && !this.keptIds.has(id)) {
            this.removeRow(id);
        }
    }

    removeRow(id) {
        delete this.rows[id];
        this.selection.drop(Number(id));
    }

    /** Forget a conversation that was deleted, or is forbidden for this user. */
    forget(id, status = "deleted") {
        const conversation = this.conversations[id];
        // The bus repeats deletions from before: a wrong link stays one.
        if (conversation && conversation.status !== "missing") {
            Object.assign(conversation, {status, messages: [], isStale: true});
        }
        this.removeRow(id);
        this.storage.remove(`draft.${id}`);
        this.storage.remove(`note.${id}`);
    }

    // The open conversation ---------------------------------------------------

    /** Open a conversation, at a message of it if `messageId` is given. */
    open(id, messageId = false) {
        const isOther = this.activeId !== id;
        if (isOther) {
            this.leave();
        }
        this.activeId = id;
        if (isOther) {
            this.presence.enter(id);
        }
        if (!id) {
            return Promise.resolve();
        }
        const active = this.conversationOf(id);
        active.enter(isOther, messageId);
        return active.loadOnce();
    }

    conversationOf(id) {
        this.conversations[id] ||= new Conversation(this, id);
        return this.conversations[id];
    }

    leave() {
        if (this.active) {
            this.active.unreadFromId = false;
            this.active.isFinding = false;
        }
    }

    // Errors ------------------------------------------------------------------

    /** Run an action; show its error as a notification. Return whether it succeeded. */
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

import {KeepLast} from "@web/core/utils/concurrency";
import {Reactive} from "@web/core/utils/reactive";
import {markRaw} from "@odoo/owl";
import {passes} from "./list_filters";

const PAGE = 40;
// The server's limit for one request.
const LONGEST_RELOAD = 100;

/** Return a row's section. It is never stored: it follows from state and assignee. */
export function sectionOf(row, userId) {
    if (row.state === "closed") {
        return "closed";
    }
    if (row.is_snoozed) {
        return "snoozed";
    }
    if (!row.user_id) {
        return "unassigned";
    }
    return row.user_id === userId ? "mine" : "others";
}

function byNewest(a, b) {
    return b.seq - a.seq || b.id - a.id;
}

/** Those who wait come first, the longest wait at the top. */
function byWait(a, b) {
    const [first, second] = [a, b].map((row) => row.waiting_seq || Infinity);
    return first === second ? byNewest(a, b) : first - second;
}

/**
 * The loaded part of one section, or of a search (section false). It pages by a cursor,
 * not by offset, so that a row that moves during scrolling is neither skipped nor doubled.
 */
export class ConversationList extends Reactive {
    status = "new";
    hasMore = true;
    cursor = false;
    foundIds = [];
    // The order of ids while the pointer is about to hit a row.
    frozenIds = false;

    constructor(store, section) {
        super();
        this.store = store;
        this.section = section;
        this.touched = markRaw(new Set());
        this.keepLast = markRaw(new KeepLast());
    }

    get isLoaded() {
        return this.status === "ready";
    }

    get isLoading() {
        return this.status === "loading";
    }

    get rows() {
        const rows = this.section ? this.sectionRows() : this.foundRows();
        rows.sort(this.store.order === "waiting" ? byWait : byNewest);
        return this.frozenIds ? this.asFrozen(rows) : rows;
    }

    /** Return the rows at their frozen places; only further pages are added below. */
    asFrozen(rows) {
        const known = new Set(this.frozenIds);
        const isKnown = rows.map(({id}) => known.has(id));
        const added = rows.slice(isKnown.lastIndexOf(true) + 1);
        const kept = this.frozenIds.map((id) => this.store.rows[id]).filter(Boolean);
        return [...kept, ...added];
    }

    freeze() {
        this.frozenIds ||= this.rows.map(({id}) => id);
    }

    thaw() {
        this.frozenIds = false;
    }

    sectionRows() {
        const store = this.store;
        return Object.values(store.rows).filter(
            (row) =>
                sectionOf(row, store.user.id) === this.section &&
                (!store.channelId || row.channel_id === store.channelId) &&
                (row.id === store.activeId || passes(row, store.filters)) &&
                this.reaches(row)
        );
    }

    foundRows() {
        const {rows} = this.store;
        return this.foundIds.map((id) => rows[id]).filter(Boolean);
    }

    /**
     * Return whether a row is within the loaded pages, so that none above it is missing.
     * Opened conversations are always shown.
     */
    reaches(row) {
        const isLoaded = this.cursor !== false && this.isAbove(row);
        return !this.hasMore || isLoaded || row.id in this.store.conversations;
    }

    /** Return whether a row stands above the cursor, which the server explains. */
    isAbove(row) {
        if (this.store.order !== "waiting") {
            return row.seq >= this.cursor;
        }
        return this.cursor > 0
            ? row.waiting_seq > 0 && row.waiting_seq <= this.cursor
            : row.waiting_seq > 0 || row.seq >= -this.cursor;
    }

    reset() {
        this.status = "new";
        this.hasMore = true;
        this.cursor = false;
        this.foundIds = [];
        this.thaw();
    }

    async loadMore() {
        if (this.isLoading || !this.hasMore) {
            return;
        }
        const page = await this.fetch(this.cursor, PAGE);
        if (page) {
            this.append(page);
        }
    }

    /** Reload as many rows as were shown, and drop those that are gone. */
    async reload() {
        const shown = this.isLoaded ? this.rows.length : 0;
        const limit = Math.min(Math.max(PAGE, shown), LONGEST_RELOAD);
        const page = await this.fetch(false, limit);
        if (page) {
            this.forgetAllBut(page.rows);
            this.foundIds = [];
            this.cursor = false;
            this.append(page);
        }
    }

    async fetch(before, limit) {
        const {api, query, channelId, filters, order} = this.store;
        this.status = "loading";
        this.touched.clear();
        const request = api.list({
            section: this.section,
            query: this.section ? "" : query,
            channelId,
            filters: this.section ? filters : this.store.listSearchFilters,
            order: this.section ? order : "newest",
            before,
            limit,
        });
        try {
            return await this.keepLast.add(request);
        } catch {
            this.status = "failed";
            return false;
        }
    }

    append({rows, has_more: hasMore, cursor}) {
        for (const row of rows) {
            this.store.putRow(row);
            if (!this.foundIds.includes(row.id)) {
                this.foundIds.push(row.id);
            }
        }
        this.hasMore = hasMore;
        this.cursor = rows.length ? cursor : this.cursor;
        this.status = "ready";
    }

    /** Drop other rows of this section, except those that a delta touched meanwhile. */
    forgetAllBut(rows) {
        if (!this.section) {
            return;
        }
        const store = this.store;
        const kept = new Set(rows.map((row) => row.id));
        for (const row of Object.values(store.rows)) {
            const isOurs = sectionOf(row, store.user.id) === this.section;
            if (isOurs && !kept.has(row.id) && !this.touched.has(row.id)) {
                store.dropRow(row.id);
            }
        }
    }
}

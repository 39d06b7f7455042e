import {Newest} from "./newest";
import {Reactive} from "@web/core/utils/reactive";
import {markRaw} from "@odoo/owl";

/** The messages that a search found, newest first. Only the newest answer is shown. */
export class MessageSearch extends Reactive {
    status = "new";
    hits = [];
    hasMore = false;
    // All words are so short that only the latest messages were searched.
    isRecentOnly = false;

    constructor(store) {
        super();
        this.store = store;
        this.newest = markRaw(new Newest());
    }

    /** Return where the next page begins, which `LoadMore` watches. */
    get cursor() {
        return this.hits.at(-1)?.message_id || false;
    }

    get isLoaded() {
        return this.status === "ready";
    }

    get isLoading() {
        return this.status === "loading";
    }

    reset() {
        this.newest.forget();
        Object.assign(this, {status: "new", hits: [], hasMore: false});
    }

    /** Search for the store's query, or load the next page of its hits. */
    async loadMore() {
        if (this.isLoading || (this.isLoaded && !this.hasMore)) {
            return;
        }
        const {api, query, channelId, searchFilters} = this.store;
        this.status = "loading";
        const filters = {...searchFilters, ...(channelId && {channel_id: channelId})};
        const before = this.cursor;
        await this.newest.take(
            api.searchMessages({query, before, filters}),
            (page) => this.append(page),
            () => (this.status = "failed")
        );
    }

    append({hits, has_more: hasMore, is_recent_only: isRecentOnly}) {
        // The bus keeps known rows; the search may come from a replica that lags.
        const unknown = hits.filter(({row}) => !this.store.rows[row.id]);
        unknown.forEach(({row}) => this.store.putRow(row));
        this.hits.push(...hits);
        Object.assign(this, {hasMore, isRecentOnly, status: "ready"});
    }
}

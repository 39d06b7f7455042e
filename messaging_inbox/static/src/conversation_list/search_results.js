import {Component} from "@odoo/owl";
import {ConversationRow} from "./conversation_row";
import {LoadMore} from "./load_more";
import {SearchHit} from "./search_hit";
import {useService} from "@web/core/utils/hooks";

const FIRST_CONVERSATIONS = 5;

/** What a search found: conversations of all sections, then messages. */
export class SearchResults extends Component {
    static template = "messaging_inbox.SearchResults";
    static components = {ConversationRow, LoadMore, SearchHit};
    static props = {onSelect: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
    }

    get list() {
        return this.store.search;
    }

    get messages() {
        return this.store.messageSearch;
    }

    /** Return the first conversations, until the user asks for all. */
    get rows() {
        const {rows} = this.list;
        return this.store.showsAllFound ? rows : rows.slice(0, FIRST_CONVERSATIONS);
    }

    get hasMoreRows() {
        const isCut = this.list.rows.length > FIRST_CONVERSATIONS;
        return !this.store.showsAllFound && (isCut || this.list.hasMore);
    }

    showAll() {
        this.store.showsAllFound = true;
    }

    get isEmpty() {
        const {list, messages} = this;
        return (
            list.isLoaded &&
            messages.isLoaded &&
            !list.rows.length &&
            !messages.hits.length
        );
    }
}

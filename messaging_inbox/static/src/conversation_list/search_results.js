import {Component} from "@odoo/owl";
import {ConversationRow} from "./conversation_row";
import {LoadMore} from "./load_more";
import {useService} from "@web/core/utils/hooks";

/** The search results of all sections, in one flat list. */
export class SearchResults extends Component {
    static template = "messaging_inbox.SearchResults";
    static components = {ConversationRow, LoadMore};
    static props = {onSelect: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
    }

    get list() {
        return this.store.search;
    }
}

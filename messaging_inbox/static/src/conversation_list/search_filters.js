import {Component} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/** Narrows a search: by assignee, by date, to messages with files. */
export class SearchFilters extends Component {
    static template = "messaging_inbox.SearchFilters";
    static props = {onChange: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
    }

    get filters() {
        return this.store.searchFilters;
    }

    get users() {
        return Object.entries(this.store.users)
            .map(([id, name]) => ({id, name}))
            .sort((a, b) => a.name.localeCompare(b.name));
    }

    /** Set a filter, or remove it with an empty value. */
    set(name, value) {
        const {[name]: _former, ...others} = this.filters;
        const isEmpty = value === "" || value === undefined;
        this.store.setFilter({
            searchFilters: isEmpty ? others : {...others, [name]: value},
        });
        this.props.onChange();
    }

    setAssignee({target: {value}}) {
        const ids = {"": undefined, nobody: false};
        this.set("user_id", value in ids ? ids[value] : Number(value));
    }

    get assignee() {
        const {user_id: id} = this.filters;
        return id === false ? "nobody" : String(id || "");
    }

    toggleFiles() {
        this.set("has_file", this.filters.has_file ? undefined : true);
    }
}

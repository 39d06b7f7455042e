import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {cappedCount} from "../core/formatting";
import {listFilters} from "../core/list_filters";
import {useService} from "@web/core/utils/hooks";

/** The switches above the list: which conversations it shows, and in which order. */
export class ListFilters extends Component {
    static template = "messaging_inbox.ListFilters";
    static props = {};

    setup() {
        this.store = useService("messaging_inbox.store");
    }

    get filters() {
        return listFilters.getEntries().map(([key, filter]) => ({key, ...filter}));
    }

    /** Return the number on a switch, "" for none. */
    countOf({counter}) {
        const count = this.store.counters[counter];
        return count ? cappedCount(count) : "";
    }

    isOn(name) {
        return name in this.store.filters;
    }

    toggle(name) {
        const {[name]: isOn, ...filters} = this.store.filters;
        this.store.setFilter({filters: isOn ? filters : {...filters, [name]: true}});
    }

    get isByWait() {
        return this.store.order === "waiting";
    }

    get orderLabel() {
        return this.isByWait
            ? _t("Longest wait first. Show the newest first")
            : _t("Newest first. Show the longest wait first");
    }

    toggleOrder() {
        this.store.setFilter({order: this.isByWait ? "newest" : "waiting"});
    }
}

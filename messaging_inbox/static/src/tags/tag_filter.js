import {_t} from "@web/core/l10n/translation";
import {CheckboxItem} from "@web/core/dropdown/checkbox_item";
import {Component} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {listFilters} from "../core/list_filters";
import {useService} from "@web/core/utils/hooks";

/** Shows only conversations with one of the chosen tags. */
export class TagFilter extends Component {
    static template = "messaging_inbox.TagFilter";
    static components = {CheckboxItem, Dropdown};
    static props = {};

    setup() {
        this.store = useService("messaging_inbox.store");
    }

    get tags() {
        return Object.values(this.store.tags).sort((a, b) =>
            a.name.localeCompare(b.name)
        );
    }

    get chosen() {
        return this.store.filters.tag_ids || [];
    }

    get label() {
        const names = this.chosen.map((id) => this.store.tags[id]?.name);
        return names.filter(Boolean).join(", ") || _t("Tags");
    }

    toggle(id) {
        const {tag_ids: _former, ...others} = this.store.filters;
        const chosen = this.chosen.includes(id)
            ? this.chosen.filter((one) => one !== id)
            : [...this.chosen, id];
        this.store.setFilter({
            filters: chosen.length ? {...others, tag_ids: chosen} : others,
        });
    }
}

listFilters.add("tag_ids", {
    Component: TagFilter,
    isMatch: (row, ids) => ids.some((id) => row.tag_ids?.includes(id)),
});

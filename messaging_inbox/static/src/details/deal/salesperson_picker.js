import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {sentenceOf} from "../../core/errors";
import {useAutofocus} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {useSearchMenu} from "../../core/search_menu";

const TYPING = 250;

/** The deal's salesperson, and a list to choose another. */
export class SalespersonPicker extends Component {
    static template = "messaging_inbox.SalespersonPicker";
    static components = {Dropdown, DropdownItem};
    static props = {
        api: Object,
        salesperson: [Object, Boolean],
        isEditable: Boolean,
        onSelect: Function,
    };

    setup() {
        this.state = useState({query: "", users: null, error: ""});
        this.dropdown = useDropdownState();
        this.menu = useSearchMenu(_t("Salesperson"));
        this.keepLast = new KeepLast();
        this.askSoon = useDebounced(() => this.ask(), TYPING);
        useAutofocus({refName: "query"});
    }

    get name() {
        return this.props.salesperson.name || _t("Nobody");
    }

    open() {
        Object.assign(this.state, {query: "", users: null, error: ""});
        this.ask();
    }

    async ask() {
        try {
            const asking = this.props.api.salespeople(this.state.query.trim());
            this.state.users = await this.keepLast.add(asking);
            this.state.error = "";
        } catch (error) {
            this.state.error = String(sentenceOf(error));
        }
    }

    select(user) {
        this.dropdown.close();
        if (user.id !== this.props.salesperson.id) {
            this.props.onSelect(user);
        }
    }

    onQueryKeydown(ev) {
        const [first] = this.state.users || [];
        if (ev.key === "Enter" && this.state.query && first) {
            this.select(first);
        }
    }
}

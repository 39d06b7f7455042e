import {_t} from "@web/core/l10n/translation";
import {AssigneePicker} from "../thread_header/assignee_picker";
import {Component} from "@odoo/owl";
import {SnoozeMenu} from "../snooze/snooze_menu";
import {TagPicker} from "../tags/tag_picker";
import {useService} from "@web/core/utils/hooks";

/** What can be done with all conversations that are checked. */
export class SelectionBar extends Component {
    static template = "messaging_inbox.SelectionBar";
    static components = {AssigneePicker, SnoozeMenu, TagPicker};
    static props = {};

    setup() {
        this.store = useService("messaging_inbox.store");
    }

    get selection() {
        return this.store.selection;
    }

    get label() {
        return _t("%(count)s selected", {count: this.selection.count});
    }

    get isClosed() {
        return this.selection.row.state === "closed";
    }

    get stateLabel() {
        return this.isClosed ? _t("Reopen") : _t("Close conversations");
    }

    toggleState() {
        return this.selection.setState(this.isClosed ? "open" : "closed");
    }
}

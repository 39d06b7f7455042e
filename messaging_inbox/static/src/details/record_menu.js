import {Component} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";

/** The menu of a linked record. */
export class RecordMenu extends Component {
    static template = "messaging_inbox.RecordMenu";
    static components = {Dropdown, DropdownItem};
    static props = {
        label: String,
        isReadable: Boolean,
        isBusy: Boolean,
        onOpen: Function,
        onChange: Function,
        onUnlink: Function,
    };
}

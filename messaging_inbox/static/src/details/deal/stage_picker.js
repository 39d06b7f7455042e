import {Component} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";

/** The deal's stage, and a menu to change it. */
export class StagePicker extends Component {
    static template = "messaging_inbox.StagePicker";
    static components = {Dropdown, DropdownItem};
    static props = {
        stage: [Object, Boolean],
        stages: Array,
        isEditable: Boolean,
        onSelect: Function,
    };

    get position() {
        return this.props.stages.findIndex(({id}) => id === this.props.stage.id);
    }
}

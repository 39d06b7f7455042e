import {Component, useRef} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {inserted} from "./editor_content";

/** A text with its counter, and a menu that puts a variable where the cursor is. */
export class TextBox extends Component {
    static template = "messaging_inbox.TemplateTextBox";
    static components = {Dropdown, DropdownItem};
    static props = {
        label: String,
        text: String,
        limit: Number,
        name: String,
        isLong: {type: Boolean, optional: true},
        readonly: {type: Boolean, optional: true},
        isWrong: {type: Boolean, optional: true},
        placeholder: {type: String, optional: true},
        /** Returns what can be inserted: a list of {key, label}. */
        variables: {type: Function, optional: true},
        /** Returns the name of a chosen variable, which may be new. */
        choose: {type: Function, optional: true},
        onChange: Function,
        onLeave: {type: Function, optional: true},
    };

    setup() {
        this.input = useRef("input");
        this.cursor = null;
    }

    get used() {
        return this.props.text.trim().length;
    }

    /** Remember the cursor: the menu takes the focus. */
    keepCursor() {
        const {selectionStart, selectionEnd} = this.input.el;
        this.cursor = [selectionStart, selectionEnd];
    }

    insert(key) {
        const {text, choose, onChange} = this.props;
        const [from, until] = this.cursor || [text.length, text.length];
        const name = choose(key);
        const next = inserted(text, name, from, until);
        onChange(next.text);
        const {el} = this.input;
        // Before the next draw, so that the cursor can be set.
        el.value = next.text;
        this.cursor = [next.end + 2, next.end + 2];
        // The menu gives the focus back first.
        setTimeout(() => {
            el.focus();
            el.setSelectionRange(...this.cursor);
        });
    }
}

import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {amountOf, amountText} from "../amounts";
import {_t} from "@web/core/l10n/translation";
import {focusIfLost} from "../../core/focus";
import {useAutofocus} from "@web/core/utils/hooks";

/** A number that becomes an input when clicked; Enter saves it, Escape cancels. */
export class InlineNumber extends Component {
    static template = "messaging_inbox.InlineNumber";
    static props = {
        label: String,
        value: Number,
        text: String,
        max: {type: Number, optional: true},
        isEditable: Boolean,
        onSave: Function,
    };

    setup() {
        this.state = useState({isEditing: false, text: "", isWrong: false});
        this.button = useRef("button");
        useAutofocus({refName: "input", selectAll: true, mobile: true});
        useEffect(
            (isEditing) => (isEditing ? () => focusIfLost(this.button.el) : undefined),
            () => [this.state.isEditing]
        );
    }

    edit() {
        const text = amountText(this.props.value);
        Object.assign(this.state, {isEditing: true, isWrong: false, text});
    }

    get amount() {
        const amount = amountOf(this.state.text);
        const isInside = amount >= 0 && amount <= (this.props.max ?? Infinity);
        return isInside ? amount : NaN;
    }

    get refusal() {
        return this.props.max === undefined
            ? _t("Enter 0 or more.")
            : _t("Enter a number from 0 to %(max)s.", {max: this.props.max});
    }

    save() {
        const {amount} = this;
        if (Number.isNaN(amount)) {
            this.state.isWrong = true;
            return;
        }
        this.state.isEditing = false;
        if (amount !== this.props.value) {
            this.props.onSave(amount);
        }
    }

    onBlur() {
        if (this.state.isEditing && Number.isNaN(this.amount)) {
            this.state.isEditing = false;
        } else if (this.state.isEditing) {
            this.save();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            this.save();
        } else if (ev.key === "Escape") {
            ev.stopPropagation();
            this.state.isEditing = false;
        }
    }
}

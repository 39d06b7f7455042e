import {_t} from "@web/core/l10n/translation";
import {Component, useState} from "@odoo/owl";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {TimeChoices} from "../snooze/time_choices";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {useInboxCommand} from "../core/inbox_commands";

/** Beside a button that sends: sends at a time instead. */
export class SendLater extends Component {
    static template = "messaging_inbox.SendLater";
    static components = {Dropdown, TimeChoices};
    static props = {
        isDisabled: Boolean,
        // The end of the reply window, in UTC, or false.
        until: {type: [String, {value: false}], optional: true},
        // Gets a DateTime, and whether the customer's message cancels it.
        onChoose: Function,
    };

    setup() {
        this.state = useState({cancelsOnAnswer: true});
        this.dropdown = useDropdownState();
        useInboxCommand(_t("Send later"), () => this.dropdown.open(), {
            hotkey: "alt+shift+s",
            isAvailable: () => !this.props.isDisabled,
            button: () => document.querySelector(".o-messaging-SendLater"),
        });
    }

    get latest() {
        const {until} = this.props;
        return until ? deserializeDateTime(until) : undefined;
    }

    choose(time) {
        this.dropdown.close();
        this.props.onChoose(time, this.state.cancelsOnAnswer);
    }
}

import {_t} from "@web/core/l10n/translation";
import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {serializeDateTime} from "@web/core/l10n/dates";
import {TimeChoices} from "./time_choices";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {useInboxCommand} from "../core/inbox_commands";
import {useService} from "@web/core/utils/hooks";

/** Snoozes a conversation or the selection until a time or the next message. */
export class SnoozeMenu extends Component {
    static template = "messaging_inbox.SnoozeMenu";
    static components = {Dropdown, DropdownItem, TimeChoices};
    static props = {subject: Object, goOnAfter: {type: Function, optional: true}};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.subject = useState(this.props.subject);
        this.dropdown = useDropdownState();
        useInboxCommand(_t("Snooze"), () => this.dropdown.open(), {
            hotkey: "alt+shift+z",
            isAvailable: () => this.store.isTarget(this.props.subject),
            button: () => document.querySelector(".o-messaging-Snooze"),
        });
    }

    get isSnoozed() {
        return this.subject.row.is_snoozed;
    }

    get label() {
        return this.isSnoozed ? _t("Snoozed. Change or end it") : _t("Snooze");
    }

    snooze(until) {
        this.dropdown.close();
        const time = until ? serializeDateTime(until) : false;
        const action = () => this.subject.snooze(time);
        // Nothing else is opened if only the time changes.
        const {goOnAfter} = this.props;
        return this.isSnoozed || !goOnAfter ? action() : goOnAfter(action);
    }

    wake() {
        return this.subject.unsnooze();
    }
}

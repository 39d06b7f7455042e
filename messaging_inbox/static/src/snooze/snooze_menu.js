import {_t} from "@web/core/l10n/translation";
import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {serializeDateTime} from "@web/core/l10n/dates";
import {shortTime, snoozeTimes} from "./snooze_times";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {useInboxCommand} from "../core/inbox_commands";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;

/** Snoozes the conversation until a time or the customer's next message. */
export class SnoozeMenu extends Component {
    static template = "messaging_inbox.SnoozeMenu";
    static components = {Dropdown, DropdownItem};
    static props = {conversation: Object, goOnAfter: {type: Function, optional: true}};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.conversation = useState(this.props.conversation);
        this.state = useState({time: ""});
        this.dropdown = useDropdownState();
        useInboxCommand(_t("Snooze"), () => this.dropdown.open(), {
            hotkey: "alt+shift+z",
            button: () => document.querySelector(".o-messaging-Snooze"),
        });
    }

    get isSnoozed() {
        return this.conversation.row.is_snoozed;
    }

    get label() {
        return this.isSnoozed ? _t("Snoozed. Change or end it") : _t("Snooze");
    }

    get times() {
        return snoozeTimes(this.store.now).map((time) => ({
            ...time,
            shown: shortTime(time.until, this.store.now),
        }));
    }

    /** Return the earliest time that can be picked, as the field wants it. */
    get earliest() {
        return DateTime.fromMillis(this.store.now).toFormat("yyyy-MM-dd'T'HH:mm");
    }

    snooze(until) {
        const time = until ? serializeDateTime(until) : false;
        const action = () => this.store.actions.snooze(this.conversation, time);
        // Nothing else is opened if only the time changes.
        const {goOnAfter} = this.props;
        return this.isSnoozed || !goOnAfter ? action() : goOnAfter(action);
    }

    snoozeUntilPicked() {
        const picked = DateTime.fromISO(this.state.time);
        this.dropdown.close();
        return this.snooze(picked);
    }

    wake() {
        return this.store.actions.unsnooze(this.conversation);
    }
}

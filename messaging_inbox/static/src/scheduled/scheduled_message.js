import {_t} from "@web/core/l10n/translation";
import {Component, useState} from "@odoo/owl";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {MessageText} from "../core/ui/message_text";
import {shortTime} from "../snooze/snooze_times";
import {TimeChoices} from "../snooze/time_choices";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {useService} from "@web/core/utils/hooks";

const ICONS = {
    waiting: "fa-clock-o",
    cancelled: "fa-ban",
    failed: "fa-exclamation-triangle",
};

/** A message that will be sent later, below the others, and why it wasn't sent. */
export class ScheduledMessage extends Component {
    static template = "messaging_inbox.ScheduledMessage";
    static components = {Dropdown, MessageText, TimeChoices};
    static props = {conversation: Object, item: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.conversation = useState(this.props.conversation);
        this.dropdown = useDropdownState();
    }

    get scheduled() {
        return this.conversation.scheduled;
    }

    get item() {
        return this.props.item;
    }

    get state() {
        return this.scheduled.stateOf(this.item);
    }

    get icon() {
        return ICONS[this.state];
    }

    get time() {
        return shortTime(this.scheduled.timeOf(this.item), this.store.now);
    }

    get label() {
        const {time} = this;
        return {
            waiting: _t("Will be sent: %(time)s", {time}),
            cancelled: _t("Not sent: the customer wrote first"),
            failed: _t("Not sent: %(reason)s", {reason: this.item.reason}),
        }[this.state];
    }

    /** Return whether the customer's message will cancel it. */
    get mayBeCancelled() {
        return this.state === "waiting" && this.item.cancel_on_answer;
    }

    get author() {
        const {author_id: author} = this.item;
        return author === this.store.user.id ? "" : this.store.nameOf(author);
    }

    /** Return the end of the reply window; a template can be sent later, too. */
    get latest() {
        const {reply_until: until} = this.conversation.row;
        return until && !this.item.template ? deserializeDateTime(until) : undefined;
    }

    reschedule(time) {
        this.dropdown.close();
        return this.scheduled.reschedule(this.item, time);
    }
}

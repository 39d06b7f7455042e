import {Component, useState} from "@odoo/owl";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {shortTime, snoozeTimes} from "./snooze_times";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;

/** The usual times and a field for any other; `onChoose` gets a DateTime. */
export class TimeChoices extends Component {
    static template = "messaging_inbox.TimeChoices";
    static components = {DropdownItem};
    static props = {
        onChoose: Function,
        // Of the field, and of its button.
        label: String,
        button: String,
        // Times after this one can't be chosen, a DateTime.
        latest: {type: Object, optional: true},
        // More choices, between the times and the field.
        slots: {type: Object, optional: true},
    };

    setup() {
        this.store = useService("messaging_inbox.store");
        this.state = useState({time: ""});
    }

    get times() {
        const {latest} = this.props;
        return snoozeTimes(this.store.now)
            .filter(({until}) => !latest || until < latest)
            .map((time) => ({...time, shown: shortTime(time.until, this.store.now)}));
    }

    /** Return the earliest time that can be picked, as the field wants it. */
    get earliest() {
        return fieldValue(DateTime.fromMillis(this.store.now));
    }

    get latest() {
        return this.props.latest && fieldValue(this.props.latest);
    }

    choosePicked() {
        this.props.onChoose(DateTime.fromISO(this.state.time));
    }
}

function fieldValue(time) {
    return time.toFormat("yyyy-MM-dd'T'HH:mm");
}

import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

/** Switches whether conversations may be assigned to the user: a green or empty dot. */
export class AvailabilitySwitch extends Component {
    static template = "messaging_inbox.AvailabilitySwitch";
    static props = [];

    setup() {
        this.store = useService("messaging_inbox.store");
    }

    get role() {
        return "switch";
    }

    get look() {
        return "btn btn-sm fw-bold";
    }

    get isAvailable() {
        return this.store.user.available;
    }

    get label() {
        return this.isAvailable ? _t("Available") : _t("Unavailable");
    }

    get help() {
        return this.isAvailable
            ? _t("Conversations can be assigned to you. Click to become unavailable.")
            : _t("Conversations can't be assigned to you. Click to become available.");
    }

    toggle() {
        return this.store.actions.setAvailable(!this.isAvailable);
    }
}

import {AvailabilitySwitch} from "./availability_switch";
import {_t} from "@web/core/l10n/translation";
import {onWillStart} from "@odoo/owl";
import {registry} from "@web/core/registry";

/** The same switch in the user menu, available on every page. */
export class AvailabilityMenuItem extends AvailabilitySwitch {
    setup() {
        super.setup();
        // Fetched when the menu opens, not on each page load.
        onWillStart(() => this.store.actions.askAvailability());
    }

    get role() {
        return "menuitemcheckbox";
    }

    get look() {
        return this.env.isSmall
            ? "btn w-100 px-0 py-3 fs-4 fw-normal text-body"
            : "dropdown-item o-navigable";
    }

    get label() {
        return this.isAvailable
            ? _t("Available for conversations")
            : _t("Unavailable for conversations");
    }
}

function availabilityItem(env) {
    return {
        type: "component",
        contentComponent: AvailabilityMenuItem,
        show: () => env.services["messaging_inbox.store"].isAgent,
        sequence: 44,
    };
}

registry
    .category("user_menuitems")
    .add("messaging_inbox.availability", availabilityItem);

import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {cappedCount} from "../core/formatting";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * Opens the inbox from every page, with the number of pending conversations. The number
 * comes with Odoo's lazy session call, so page loads need no extra request. Only Agents
 * get it; others have no icon.
 */
export class MessagingSystray extends Component {
    static template = "messaging_inbox.MessagingSystray";
    static props = [];

    setup() {
        this.store = useService("messaging_inbox.store");
        this.action = useService("action");
        const lazySession = useService("lazy_session");
        lazySession.getValue("messaging_inbox", (counters) => {
            if (counters) {
                this.store.startForAgent(counters);
            }
        });
    }

    get badge() {
        return this.store.counters.badge;
    }

    get badgeText() {
        return cappedCount(this.badge);
    }

    get label() {
        return _t("Messaging inbox, %(count)s unread", {count: this.badgeText});
    }

    open() {
        this.action.doAction("messaging_inbox.messaging_inbox_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry
    .category("systray")
    .add("messaging_inbox.systray", {Component: MessagingSystray}, {sequence: 24});

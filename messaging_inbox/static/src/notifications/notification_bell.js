import {Component} from "@odoo/owl";
import {NotificationDialog} from "./notification_dialog";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

/** Opens the notification settings; crossed out if this browser shows none. */
export class NotificationBell extends Component {
    static template = "messaging_inbox.NotificationBell";
    static props = [];

    setup() {
        this.center = useService("messaging_inbox.notifications");
        this.dialog = useService("dialog");
    }

    get label() {
        return this.center.isBlocked
            ? _t("Notifications: this browser doesn't show any")
            : _t("Notifications");
    }

    open() {
        this.dialog.add(NotificationDialog);
    }
}

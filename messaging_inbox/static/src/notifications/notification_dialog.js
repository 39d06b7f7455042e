import {Component, useState} from "@odoo/owl";
import {KINDS, METHODS, REPEAT, switchName} from "./notification_events";
import {Dialog} from "@web/core/dialog/dialog";
import {NotificationDoctor} from "./notification_doctor";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";

const TAKE = "messaging_take_on_reply";

/**
 * The notification settings. Nothing changes before Save; switches that aren't touched
 * here follow those saved in another tab.
 */
export class NotificationDialog extends Component {
    static template = "messaging_inbox.NotificationDialog";
    static components = {Dialog, NotificationDoctor};
    static props = {close: Function};

    setup() {
        this.center = useService("messaging_inbox.notifications");
        this.store = useService("messaging_inbox.store");
        this.kinds = KINDS;
        this.methods = METHODS;
        this.repeat = REPEAT;
        this.switchName = switchName;
        this.state = useState({
            changes: {},
            isSaving: false,
            takes: Boolean(user.settings[TAKE]),
        });
    }

    isOn(name) {
        return Boolean(this.state.changes[name] ?? this.center.settings[name]);
    }

    toggle(name) {
        this.state.changes[name] = !this.isOn(name);
    }

    /** Save whether answering assigns the conversation: one of Odoo's user settings. */
    saveTaking() {
        const {takes} = this.state;
        return (
            takes !== Boolean(user.settings[TAKE]) && user.setUserSettings(TAKE, takes)
        );
    }

    async save() {
        this.state.isSaving = true;
        const changes = {...this.state.changes};
        const isSaved = await this.store.attempt(() =>
            Promise.all([this.center.save(changes), this.saveTaking()])
        );
        this.state.isSaving = false;
        if (isSaved) {
            this.props.close();
        }
    }
}

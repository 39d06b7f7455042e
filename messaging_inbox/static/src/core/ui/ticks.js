import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {stateFace} from "../message_states";

/** The delivery state of an outbound message, as the usual ticks. */
export class Ticks extends Component {
    static template = "messaging_inbox.Ticks";
    static props = {
        state: {type: [String, Boolean], optional: true},
        /** The customer listened to the voice note. */
        isPlayed: {type: Boolean, optional: true},
    };

    get face() {
        return stateFace(this.props.state);
    }

    get label() {
        return String(this.props.isPlayed ? _t("Played") : this.face.label);
    }
}

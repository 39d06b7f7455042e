import {Component} from "@odoo/owl";
import {stateFace} from "../message_states";

/** The delivery state of an outbound message, as the usual ticks. */
export class Ticks extends Component {
    static template = "messaging_inbox.Ticks";
    static props = {state: {type: [String, Boolean], optional: true}};

    get face() {
        return stateFace(this.props.state);
    }

    get label() {
        return String(this.face.label);
    }
}

import {Component} from "@odoo/owl";
import {splitLinks} from "../linkify";

/** Plain text with its links made clickable; never HTML. */
export class MessageText extends Component {
    static template = "messaging_inbox.MessageText";
    static props = {text: String};

    get pieces() {
        return splitLinks(this.props.text);
    }
}

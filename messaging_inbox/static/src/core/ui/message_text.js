import {Component} from "@odoo/owl";
import {splitLinks, splitMentions} from "../linkify";

/** Plain text with its links made clickable; never HTML. */
export class MessageText extends Component {
    static template = "messaging_inbox.MessageText";
    static props = {text: String, mentions: {type: Array, optional: true}};

    get pieces() {
        return splitMentions(splitLinks(this.props.text), this.props.mentions || []);
    }
}

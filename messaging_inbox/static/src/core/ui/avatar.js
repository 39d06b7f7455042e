import {Component} from "@odoo/owl";
import {channelIcon, channelLabel} from "../message_kinds";
import {hueOf, initialsOf} from "../formatting";

/** A customer's initials on a colour of his own, with the channel he writes through. */
export class ConversationAvatar extends Component {
    static template = "messaging_inbox.ConversationAvatar";
    static props = {
        id: Number,
        name: String,
        channelKind: {type: String, optional: true},
    };

    get initials() {
        return initialsOf(this.props.name);
    }

    get style() {
        return `--o-messaging-hue: ${hueOf(this.props.id)}`;
    }

    get icon() {
        return channelIcon(this.props.channelKind);
    }

    get label() {
        return channelLabel(this.props.channelKind);
    }
}

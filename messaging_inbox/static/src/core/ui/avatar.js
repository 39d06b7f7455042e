import {Component, onWillUpdateProps, useState} from "@odoo/owl";
import {channelIcon, channelLabel} from "../message_kinds";
import {hueOf, initialsOf} from "../formatting";

/**
 * A customer's picture where the provider has one, otherwise the initials on a colour of
 * their own; with the icon of the channel.
 */
export class ConversationAvatar extends Component {
    static template = "messaging_inbox.ConversationAvatar";
    static props = {
        id: Number,
        name: String,
        picture: {type: [String, Boolean], optional: true},
        channelKind: {type: String, optional: true},
    };

    setup() {
        this.state = useState({isBroken: false});
        onWillUpdateProps(({picture}) => {
            this.state.isBroken &&= picture === this.props.picture;
        });
    }

    get picture() {
        return !this.state.isBroken && this.props.picture;
    }

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

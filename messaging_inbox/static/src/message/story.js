import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/**
 * The story that a customer replied to, a picture or a video. The provider keeps it for
 * a day and we may not store it, so the server fetches it for each view.
 */
export class Story extends Component {
    static template = "messaging_inbox.Story";
    static props = {messageId: Number};

    setup() {
        this.state = useState({face: "picture"});
    }

    get url() {
        return `/messaging/story/${this.props.messageId}`;
    }

    get label() {
        return _t("Replied to your story");
    }

    onError() {
        this.state.face = this.state.face === "picture" ? "video" : "gone";
    }
}

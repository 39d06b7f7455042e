import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

const WEB = /^https?:\/\//i;

/**
 * The story that a customer answers. It lives at the provider for a day and may not be
 * kept, so it is looked at where it is, as long as it is there: a picture, or a video.
 */
export class Story extends Component {
    static template = "messaging_inbox.Story";
    static props = {url: {type: String, optional: true}};

    setup() {
        this.state = useState({face: WEB.test(this.props.url) ? "picture" : "gone"});
    }

    get label() {
        return _t("Replied to your story");
    }

    onError() {
        this.state.face = this.state.face === "picture" ? "video" : "gone";
    }
}

import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {reasonIcon} from "./match_reasons";

const SHOWN = 3;

/** Records that the customer may be, each with its reason. The agent alone decides. */
export class Matches extends Component {
    static template = "messaging_inbox.Matches";
    static props = {
        title: String,
        hits: Array,
        isBusy: Boolean,
        onUse: Function,
        onReject: {type: Function, optional: true},
    };

    setup() {
        this.state = useState({showsAll: false, usedId: false});
        this.reasonIcon = reasonIcon;
    }

    get shown() {
        return this.state.showsAll ? this.props.hits : this.props.hits.slice(0, SHOWN);
    }

    get moreLabel() {
        return _t("Show %(count)s more", {count: this.props.hits.length - SHOWN});
    }

    use(hit) {
        this.state.usedId = hit.id;
        this.props.onUse(hit);
    }
}

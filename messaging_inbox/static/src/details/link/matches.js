import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {reasonIcon} from "./match_reasons";

const SHOWN = 3;

/** Records that may be the customer's, each with its reason. The Agent decides. */
export class Matches extends Component {
    static template = "messaging_inbox.Matches";
    static props = {
        title: {type: String, optional: true},
        hits: Array,
        isBusy: Boolean,
        onUse: Function,
        onReject: {type: Function, optional: true},
    };

    setup() {
        this.state = useState({showsAll: false, usedId: false});
        this.reasonIcon = reasonIcon;
    }

    get title() {
        const {title, hits} = this.props;
        const count = hits.length;
        const likely =
            count === 1
                ? _t("1 likely match")
                : _t("%(count)s likely matches", {count});
        return title || likely;
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

import {Component} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/** The heading of a card, which folds it. The browser remembers which are folded. */
export class CardTitle extends Component {
    static template = "messaging_inbox.CardTitle";
    static props = {
        name: String,
        title: String,
        id: {type: String, optional: true},
    };

    setup() {
        this.store = useService("messaging_inbox.store");
    }

    get isFolded() {
        return Boolean(this.store.foldedCards[this.props.name]);
    }

    toggle() {
        this.store.foldCard(this.props.name, !this.isFolded);
    }
}

import {Component, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";

/**
 * The right pane: cards from the registry `messaging_inbox.details_cards`. A card is
 * `{Component, isShown?(conversation)}`; the component gets the conversation.
 */
export class DetailsPane extends Component {
    static template = "messaging_inbox.DetailsPane";
    static props = {conversation: Object, isOverlay: Boolean, onClose: Function};

    setup() {
        this.conversation = useState(this.props.conversation);
    }

    get cards() {
        return registry
            .category("messaging_inbox.details_cards")
            .getEntries()
            .map(([key, card]) => ({key, ...card}))
            .filter((card) => card.isShown?.(this.conversation) ?? true);
    }
}

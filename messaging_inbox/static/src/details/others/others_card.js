import {CardTitle} from "../card_title";
import {Component, useEffect, useState} from "@odoo/owl";
import {ConversationRow} from "../../conversation_list/conversation_row";
import {Newest} from "../../core/newest";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** The customer's other conversations, on whatever channel; a click opens one. */
export class OthersCard extends Component {
    static template = "messaging_inbox.OthersCard";
    static components = {CardTitle, ConversationRow};
    static props = {conversation: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.center = useService("messaging_inbox.notifications");
        this.conversation = useState(this.props.conversation);
        this.state = useState({ids: []});
        this.newest = new Newest();
        useEffect(
            () => {
                this.load();
            },
            () => [this.conversation.row?.partner_id]
        );
    }

    async load() {
        await this.newest.take(
            this.store.api.otherConversations(this.conversation.id),
            (rows) => {
                rows.forEach((row) => this.store.putRow(row));
                this.state.ids = rows.map(({id}) => id);
            },
            // The pane is complete without this card.
            () => (this.state.ids = [])
        );
    }

    get rows() {
        return this.state.ids.map((id) => this.store.rows[id]).filter(Boolean);
    }

    open(id) {
        this.center.open(id);
    }
}

registry
    .category("messaging_inbox.details_cards")
    .add("others", {Component: OthersCard}, {sequence: 80});

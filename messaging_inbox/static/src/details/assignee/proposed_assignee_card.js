import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** The salesperson of the linked record may be the one to answer. */
export class ProposedAssigneeCard extends Component {
    static template = "messaging_inbox.ProposedAssigneeCard";
    static props = {conversation: Object};

    setup() {
        this.conversation = useState(this.props.conversation);
        this.state = useState({isSaving: false});
    }

    get proposed() {
        return this.conversation.details.proposed_assignee;
    }

    get sentence() {
        const {name, source} = this.proposed;
        return source === "lead"
            ? _t("%(user)s is the salesperson of this deal.", {user: name})
            : _t("%(user)s is the salesperson of this contact.", {user: name});
    }

    get isAvailable() {
        const {id, available} = this.proposed;
        return this.conversation.store.availability[id] ?? available;
    }

    get assignLabel() {
        return _t("Assign to %(user)s", {user: this.proposed.name});
    }

    async assign() {
        this.state.isSaving = true;
        const {conversation} = this;
        await conversation.store.actions.assign(conversation, this.proposed.id);
        this.state.isSaving = false;
    }
}

registry.category("messaging_inbox.details_cards").add(
    "proposed_assignee",
    {
        Component: ProposedAssigneeCard,
        isShown: ({details}) => Boolean(details.proposed_assignee),
    },
    {sequence: 5}
);

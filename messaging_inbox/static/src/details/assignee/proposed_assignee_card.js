import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const SENTENCES = {
    partner: {
        mine: () => _t("You are the salesperson of this contact."),
        theirs: (user) => _t("%(user)s is the salesperson of this contact.", {user}),
    },
    lead: {
        mine: () => _t("You are the salesperson of this lead."),
        theirs: (user) => _t("%(user)s is the salesperson of this lead.", {user}),
    },
    opportunity: {
        mine: () => _t("You are the salesperson of this deal."),
        theirs: (user) => _t("%(user)s is the salesperson of this deal.", {user}),
    },
};

/** Proposes the salesperson of the linked record as assignee. */
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

    get isMe() {
        return this.proposed.id === this.conversation.store.user.id;
    }

    get sentence() {
        const {name, source} = this.proposed;
        const {lead} = this.conversation.details;
        const {mine, theirs} = SENTENCES[source === "lead" ? lead.type : source];
        return this.isMe ? mine() : theirs(name);
    }

    get isAvailable() {
        const {id, available} = this.proposed;
        const {user, availability} = this.conversation.store;
        return this.isMe ? user.available : (availability[id] ?? available);
    }

    get assignLabel() {
        return this.isMe
            ? _t("Assign to me")
            : _t("Assign to %(user)s", {user: this.proposed.name});
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

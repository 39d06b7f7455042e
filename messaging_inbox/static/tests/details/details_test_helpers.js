import {
    COLLEAGUE,
    FakeInbox,
    ME,
    openInbox,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {onRpc} from "@web/../tests/web_test_helpers";

const STAGES = [
    {id: 1, name: "New", is_won: false},
    {id: 2, name: "Qualified", is_won: false},
    {id: 3, name: "Proposition", is_won: false},
    {id: 4, name: "Won", is_won: true},
];

export function hitOf(values) {
    return {
        id: 1,
        name: "Ana Ruiz",
        detail: "Blue Ltd",
        phone: "+34611111111",
        reason: "same_phone",
        reason_text: "Same number",
        ...values,
    };
}

/** A fake of the server's methods for contacts, leads and deals. */
export class FakeRecords extends FakeInbox {
    partners = {};
    leads = {};
    matches = [];
    leadMatches = [];
    duplicates = [];

    partner(values = {}) {
        const partner = {
            id: this.nextId++,
            name: "Ana Ruiz",
            readable: true,
            editable: true,
            company_name: "Blue Ltd",
            is_company: false,
            phone: "+34611111111",
            email: "ana@blue.example",
            tags: [{id: 1, name: "VIP", color: 2}],
            salesperson: {id: COLLEAGUE, name: "Ana Morales"},
            deals: [],
            deal_count: 0,
            ...values,
        };
        this.partners[partner.id] = partner;
        return partner;
    }

    lead(values = {}) {
        const lead = {
            id: this.nextId++,
            name: "40 blue ones",
            readable: true,
            editable: true,
            type: "opportunity",
            stage: STAGES[1],
            stages: STAGES,
            expected_revenue: 2400,
            currency_id: 1,
            probability: 40,
            salesperson: {id: ME, name: "Mitchell"},
            won_status: "pending",
            lost_reason: false,
            partner: false,
            activity: false,
            ...values,
        };
        this.leads[lead.id] = lead;
        return lead;
    }

    // The methods of the contract ----------------------------------------------

    inbox_details([id]) {
        const row = this.rows.find((candidate) => candidate.id === id);
        return {
            ...super.inbox_details([id]),
            partner: this.partners[row.partner_id] || false,
            lead: this.leads[row.lead_id] || false,
        };
    }

    inbox_suggestions() {
        return {partners: this.matches, leads: this.leadMatches};
    }

    inbox_link_search([, model, query]) {
        const records = model === "crm.lead" ? this.leads : this.partners;
        return Object.values(records)
            .filter(({name}) => name.toLowerCase().includes(query.toLowerCase()))
            .map(({id, name}) => hitOf({id, name, reason: false, reason_text: false}));
    }

    action_link([[id]], links) {
        return this.change(id, links);
    }

    action_unlink_partner([[id]]) {
        return this.change(id, {partner_id: false});
    }

    action_unlink_lead([[id]]) {
        return this.change(id, {lead_id: false});
    }

    action_not_this_person(_ids, {partner_id: partnerId}) {
        this.matches = this.matches.filter((hit) => hit.id !== partnerId);
        return true;
    }

    inbox_partner_defaults([id]) {
        const row = this.rows.find((candidate) => candidate.id === id);
        const {contact_name: name, contact_phone: phone} = row;
        return {values: {name, phone, company_id: 1}, duplicates: this.duplicates};
    }

    inbox_partner_duplicates() {
        return this.duplicates;
    }

    inbox_lead_defaults([id]) {
        const {values, duplicates} = this.inbox_partner_defaults([id]);
        const source = {id: 3, name: "WhatsApp Sales"};
        return {
            values: {...values, contact_name: values.name, source_id: source},
            duplicates,
        };
    }

    inbox_lead_duplicates() {
        return this.duplicates;
    }

    action_create_partner([[id], values]) {
        const partner = this.partner(values);
        this.change(id, {partner_id: partner.id});
        return partner.id;
    }

    action_create_lead([[id], values, type]) {
        const lead = this.lead({...values, type});
        this.change(id, {lead_id: lead.id});
        return lead.id;
    }

    // Odoo's own methods --------------------------------------------------------

    install() {
        super.install();
        onRpc("crm.lead", "write", ({args: [[id], values]}) => this.write(id, values));
        onRpc("crm.lead", "action_set_won", ({args: [[id]]}) =>
            this.write(id, {stage_id: 4, probability: 100})
        );
        onRpc("crm.lead", "action_restore", ({args: [[id]]}) => {
            this.leads[id].won_status = "pending";
            return true;
        });
        onRpc("res.users", "name_search", () => [
            [ME, "Mitchell"],
            [COLLEAGUE, "Ana Morales"],
        ]);
        onRpc("mail.activity", "action_feedback", () => {
            Object.values(this.leads).forEach((lead) => (lead.activity = false));
            return true;
        });
    }

    write(id, values) {
        this.calls.push({method: "write", args: [id, values]});
        this.failIfAsked("write");
        const {stage_id: stageId, user_id: userId, ...others} = values;
        const lead = Object.assign(this.leads[id], others);
        if (stageId) {
            lead.stage = STAGES.find((stage) => stage.id === stageId);
            lead.won_status = lead.stage.is_won ? "won" : "pending";
        }
        if (userId) {
            lead.salesperson = {id: userId, name: "Ana Morales"};
        }
        return true;
    }
}

/** Open the inbox at a conversation with these values. */
export async function openPane(server, values = {}) {
    const row = server.conversation({contact_name: "Ana", ...values});
    await openInbox(server, {resId: row.id});
    return row;
}

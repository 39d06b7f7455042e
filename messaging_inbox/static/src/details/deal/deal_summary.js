import {Component, useState} from "@odoo/owl";
import {InlineNumber} from "./inline_number";
import {NextActivity} from "./next_activity";
import {SalespersonPicker} from "./salesperson_picker";
import {StagePicker} from "./stage_picker";
import {formatCurrency} from "@web/core/currency";
import {formatFloat} from "@web/core/utils/numbers";
import {useService} from "@web/core/utils/hooks";

/** The linked lead or deal, with the fields that change during a conversation. */
export class DealSummary extends Component {
    static template = "messaging_inbox.DealSummary";
    static components = {InlineNumber, NextActivity, SalespersonPicker, StagePicker};
    static props = {
        records: Object,
        lead: Object,
        partnerId: [Number, Boolean],
        hasBanner: Boolean,
        onOpen: Function,
    };

    setup() {
        this.action = useService("action");
        this.records = useState(this.props.records);
    }

    get lead() {
        return this.props.lead;
    }

    /** Return the deal's customer, unless it is the contact in the card above. */
    get customer() {
        const {partner} = this.lead;
        return partner.id === this.props.partnerId ? "" : partner.name;
    }

    get isPending() {
        return this.lead.won_status === "pending";
    }

    get revenue() {
        return formatCurrency(this.lead.expected_revenue, this.lead.currency_id);
    }

    get probability() {
        const digits = Number.isInteger(this.lead.probability) ? 0 : 2;
        return `${formatFloat(this.lead.probability, {digits: [16, digits]})} %`;
    }

    moveTo(stage) {
        if (stage.id !== this.lead.stage.id) {
            this.records.editLead({stage}, {stage_id: stage.id});
        }
    }

    setRevenue(amount) {
        const values = {expected_revenue: amount};
        this.records.editLead(values, values);
    }

    setProbability(percent) {
        const values = {probability: percent};
        this.records.editLead(values, values);
    }

    setSalesperson(user) {
        this.records.editLead({salesperson: user}, {user_id: user.id});
    }

    /** Mark as lost: Odoo's dialog asks for the reason. */
    setLost() {
        return this.action.doAction("crm.crm_lead_lost_action", {
            additionalContext: {active_model: "crm.lead", active_ids: [this.lead.id]},
            onClose: () => this.records.refresh(),
        });
    }
}

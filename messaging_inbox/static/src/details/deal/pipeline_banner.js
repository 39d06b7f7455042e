import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";

/** Offers what to do when the customer writes again after the deal was won or lost. */
export class PipelineBanner extends Component {
    static template = "messaging_inbox.PipelineBanner";
    static components = {Dropdown, DropdownItem};
    static props = {conversation: Object, onNewDeal: Function};

    setup() {
        this.conversation = useState(this.props.conversation);
        this.records = useState(this.props.conversation.records);
    }

    get pipeline() {
        return this.conversation.details.pipeline;
    }

    get lead() {
        return this.conversation.details.lead;
    }

    get sentence() {
        if (this.lead.type === "lead") {
            return _t("This lead is lost, and the customer has written again.");
        }
        return this.pipeline.status === "won"
            ? _t("This deal is won, and the customer has written again.")
            : _t("This deal is lost, and the customer has written again.");
    }

    get reopenLabel() {
        return this.lead.type === "lead"
            ? _t("Reopen this lead")
            : _t("Reopen this deal");
    }

    get canCreate() {
        return this.conversation.details.can?.create_deal;
    }

    get openStages() {
        return this.lead.stages.filter((stage) => !stage.is_won);
    }

    use(deal) {
        return this.records.link({lead_id: deal.id});
    }

    moveTo(stage) {
        return this.records.editLead(
            {stage, won_status: "pending"},
            {stage_id: stage.id}
        );
    }
}

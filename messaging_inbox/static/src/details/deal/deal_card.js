import {CardTitle} from "../card_title";
import {Component, useState} from "@odoo/owl";
import {CreateForm} from "../create/create_form";
import {DealSummary} from "./deal_summary";
import {LinkSearch} from "../link/link_search";
import {Matches} from "../link/matches";
import {PipelineBanner} from "./pipeline_banner";
import {RecordMenu} from "../record_menu";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useCardMode} from "../card_mode";
import {useOpenRecord} from "../../core/open_record";

/** The linked lead or deal, or suggestions for it. */
export class DealCard extends Component {
    static template = "messaging_inbox.DealCard";
    static components = {
        CardTitle,
        CreateForm,
        DealSummary,
        LinkSearch,
        Matches,
        PipelineBanner,
        RecordMenu,
    };
    static props = {conversation: Object};

    setup() {
        this.conversation = useState(this.props.conversation);
        this.records = useState(this.props.conversation.records);
        this.mode = useCardMode("card");
        this.openRecord = useOpenRecord();
    }

    get details() {
        return this.conversation.details;
    }

    get lead() {
        return this.details.lead;
    }

    get title() {
        if (!this.lead && this.details.can?.create_lead) {
            return _t("Lead or deal");
        }
        return this.lead?.type === "lead" ? _t("Lead") : _t("Deal");
    }

    get matches() {
        return this.records.matches.leads;
    }

    /** Return the suggestions without deals that the contact's card already shows. */
    get shownMatches() {
        const deals = (this.details.partner?.deals || []).map(({id}) => id);
        return this.matches.filter(({id}) => !deals.includes(id));
    }

    async unlink() {
        if (await this.records.unlinkLead()) {
            this.mode.close();
        }
    }

    async use(hit) {
        if (await this.records.link({lead_id: hit.id})) {
            this.mode.close();
        }
    }
}

registry
    .category("messaging_inbox.details_cards")
    .add("deal", {Component: DealCard}, {sequence: 20});

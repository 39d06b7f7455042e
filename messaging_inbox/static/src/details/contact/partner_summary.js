import {Component, useState} from "@odoo/owl";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";

// Keeps number and address visible.
const SHOWN_TAGS = 8;

/** A summary of the linked contact; only its name without read access. */
export class PartnerSummary extends Component {
    static template = "messaging_inbox.PartnerSummary";
    static components = {CopyButton};
    static props = {
        partner: Object,
        linkedDealId: [Number, Boolean],
        isBusy: Boolean,
        onOpen: Function,
        onLinkDeal: Function,
    };

    setup() {
        this.state = useState({showsAllTags: false});
    }

    get tags() {
        const {tags} = this.props.partner;
        return this.state.showsAllTags ? tags : tags.slice(0, SHOWN_TAGS);
    }

    get moreTags() {
        const more = this.props.partner.tags.length - this.tags.length;
        return more > 0 ? _t("Show %(count)s more", {count: more}) : "";
    }

    /** Return the contact's deals except the linked one, which has its own card. */
    get deals() {
        const {partner, linkedDealId} = this.props;
        return partner.deals.filter(({id}) => id !== linkedDealId);
    }

    /** Return how many deals the server left out of its list. */
    get moreDeals() {
        const {deals, deal_count: count} = this.props.partner;
        const more = count - deals.length;
        return more > 0 ? _t("and %(count)s more", {count: more}) : "";
    }

    dealDetail({stage, expected_revenue: revenue, currency_id: currencyId}) {
        const amount = revenue ? formatCurrency(revenue, currencyId) : "";
        return [stage, amount].filter(Boolean).join(" · ");
    }
}

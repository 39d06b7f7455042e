import {Component, useState} from "@odoo/owl";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";

// Number and address mustn't be pushed out of sight.
const SHOWN_TAGS = 8;

/** The linked contact at a glance; its name alone to who may not read it. */
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

    /** The linked one has a card of its own. */
    get deals() {
        const {partner, linkedDealId} = this.props;
        return partner.deals.filter(({id}) => id !== linkedDealId);
    }

    /** The server sends the first few of `deal_count`. */
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

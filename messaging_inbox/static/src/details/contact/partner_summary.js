import {Component} from "@odoo/owl";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";

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

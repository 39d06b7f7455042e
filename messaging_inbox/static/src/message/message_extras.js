import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {appointmentText, productDetails} from "./cards";
import {mapLinkOf} from "../core/map_link";
import {referralTexts} from "./referral";
import {Story} from "./story";

const WEB = /^https?:\/\//i;

/** Parts of a message besides text and files: locations, choices, unknown types… */
export class MessageExtras extends Component {
    static template = "messaging_inbox.MessageExtras";
    static components = {Story};
    static props = {message: Object};

    setup() {
        this.message = useState(this.props.message);
    }

    get kind() {
        return this.message.kind;
    }

    get data() {
        return this.message.data || {};
    }

    /** Return a map link; only numbers get into it, never the customer's raw values. */
    get mapLink() {
        return mapLinkOf(this.data);
    }

    get placeName() {
        return this.data.label || _t("Location");
    }

    get choice() {
        return this.data.title && this.data.title !== this.message.body
            ? this.data.title
            : "";
    }

    get originalType() {
        const {original_type: type, explanation} = this.data;
        return [type, explanation].filter(Boolean).join(": ");
    }

    get hasPlace() {
        return this.kind === "location" || this.data.latitude !== undefined;
    }

    get referrals() {
        return this.data.referral ? referralTexts(this.data.referral) : [];
    }

    /** Return shared posts and links; only http and https URLs become links. */
    get shares() {
        return (this.data.shares || []).map((share) => {
            const url = WEB.test(share.url) ? share.url : "";
            return {url, title: share.title || url || _t("A post")};
        });
    }

    get products() {
        return (this.data.products || []).map(productDetails);
    }

    get appointment() {
        return this.data.appointment ? appointmentText(this.data.appointment) : "";
    }
}

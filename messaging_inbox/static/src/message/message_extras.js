import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {referralText} from "./referral";
import {Story} from "./story";

const WEB = /^https?:\/\//i;

/** What a message is besides text and files: a place, a choice, an unknown thing… */
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

    /** Numbers only: what a customer sends never becomes part of an address as it is. */
    get mapLink() {
        const latitude = Number(this.data.latitude);
        const longitude = Number(this.data.longitude);
        if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) {
            return "";
        }
        return (
            "https://www.openstreetmap.org/?" +
            `mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`
        );
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
        return this.data.original_type || "";
    }

    get referral() {
        return this.data.referral ? referralText(this.data.referral) : "";
    }

    /** A post or a link that was shared; only a web address becomes a link. */
    get share() {
        const {share} = this.data;
        const url = WEB.test(share?.url) ? share.url : "";
        return share && {url, title: share.title || url || _t("A post")};
    }
}

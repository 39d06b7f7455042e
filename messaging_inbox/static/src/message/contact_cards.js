import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

const SHOWN_AT_FIRST = 3;

/** The people of contact cards, each with buttons to call, write and save. */
export class ContactCards extends Component {
    static template = "messaging_inbox.ContactCards";
    static props = {conversation: Object, message: Object};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.message = useState(this.props.message);
        this.state = useState({all: false});
    }

    get contacts() {
        return this.message.data?.contacts || [];
    }

    get shown() {
        return this.state.all ? this.contacts : this.contacts.slice(0, SHOWN_AT_FIRST);
    }

    get moreLabel() {
        const count = this.contacts.length - this.shown.length;
        return count > 0 ? _t("Show %s more", count) : "";
    }

    /** Return how many cards are only in the file. */
    get restLabel() {
        const rest = (this.message.data?.contact_count || 0) - this.contacts.length;
        return rest > 0 && !this.moreLabel ? _t("%s more in the file", rest) : "";
    }

    get canCreate() {
        return this.props.conversation.details?.can?.create_partner;
    }

    /** Return a link to call; only digits of the customer's text get into it. */
    callLink({value}) {
        const digits = value.replace(/\D/g, "");
        return digits && `tel:${/^\s*\+/.test(value) ? "+" : ""}${digits}`;
    }

    mailLink({value}) {
        return /^[^\s@]+@[^\s@]+$/.test(value) && `mailto:${encodeURIComponent(value)}`;
    }

    aboutOf({title, organization, name}) {
        const parts = [title, organization !== name && organization];
        return parts.filter(Boolean).join(", ");
    }

    addressLine({street, zip, city, region, country}) {
        const town = [zip, city].filter(Boolean).join(" ");
        return [street, town, region, country].filter(Boolean).join(", ");
    }

    async create(index) {
        const action = await this.orm.call(
            "messaging.message",
            "action_create_contact",
            [[this.message.id], index]
        );
        await this.action.doAction(action);
    }
}

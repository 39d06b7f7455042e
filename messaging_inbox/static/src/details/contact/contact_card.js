import {CardTitle} from "../card_title";
import {Component, useState} from "@odoo/owl";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {CreateForm} from "../create/create_form";
import {LinkSearch} from "../link/link_search";
import {Matches} from "../link/matches";
import {PartnerSummary} from "./partner_summary";
import {RecordMenu} from "../record_menu";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useCardMode} from "../card_mode";
import {useOpenRecord} from "../../core/open_record";

/** The linked contact, or suggestions for it. */
export class ContactCard extends Component {
    static template = "messaging_inbox.ContactCard";
    static components = {
        CardTitle,
        CopyButton,
        CreateForm,
        LinkSearch,
        Matches,
        PartnerSummary,
        RecordMenu,
    };
    static props = {conversation: Object};

    setup() {
        this.conversation = useState(this.props.conversation);
        this.records = useState(this.props.conversation.records);
        this.mode = useCardMode("card");
        this.openRecord = useOpenRecord();
    }

    get row() {
        return this.conversation.row;
    }

    get name() {
        return this.row.contact_name || _t("No name yet");
    }

    /** Return the number, unless the name is the number already. */
    get phone() {
        return this.row.contact_phone === this.name ? "" : this.row.contact_phone;
    }

    get partner() {
        return this.conversation.details.partner;
    }

    get canCreate() {
        return this.conversation.details.can?.create_partner;
    }

    get linkedDealId() {
        return this.conversation.details.lead?.id || false;
    }

    get matches() {
        return this.records.matches.partners;
    }

    async unlink() {
        if (await this.records.unlinkPartner()) {
            this.mode.close();
        }
    }

    reject(hit) {
        this.records.notThisPerson(hit);
        this.mode.close();
    }

    async use(hit) {
        if (await this.records.link({partner_id: hit.id})) {
            this.mode.close();
        }
    }
}

registry
    .category("messaging_inbox.details_cards")
    .add("contact", {Component: ContactCard}, {sequence: 10});

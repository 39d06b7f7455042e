import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** The customer as the channel knows him, and the records that he is linked with. */
export class ContactCard extends Component {
    static template = "messaging_inbox.ContactCard";
    static components = {CopyButton};
    static props = {conversation: Object};

    setup() {
        this.action = useService("action");
        this.conversation = useState(this.props.conversation);
    }

    get row() {
        return this.conversation.row;
    }

    get name() {
        return this.row.contact_name || _t("No name yet");
    }

    /** Customers without a name are called by their number already. */
    get phone() {
        return this.row.contact_phone === this.name ? "" : this.row.contact_phone;
    }

    get partner() {
        return this.conversation.details.partner;
    }

    get lead() {
        return this.conversation.details.lead;
    }

    open(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry
    .category("messaging_inbox.details_cards")
    .add("contact", {Component: ContactCard}, {sequence: 10});

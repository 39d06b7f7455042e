import {Component, useState} from "@odoo/owl";
import {channelLabel} from "../core/message_kinds";
import {useService} from "@web/core/utils/hooks";

/** Says that a customer's number was refused lately, and offers an SMS instead. */
export class UnreachableNotice extends Component {
    static template = "messaging_inbox.UnreachableNotice";
    static props = {conversation: Object};

    setup() {
        this.starting = useService("messaging_inbox.starting");
        this.state = useState(this.starting.state);
        this.conversation = useState(this.props.conversation);
    }

    get isShown() {
        return Boolean(this.conversation.row?.unreachable);
    }

    get kind() {
        return channelLabel(this.conversation.channel?.kind);
    }

    get offersSms() {
        const isOther = this.conversation.channel?.kind !== "sms";
        return isOther && this.state.kinds.includes("sms");
    }

    sendSms() {
        const {contact_phone: phone, partner_id, lead_id} = this.conversation.row;
        this.starting.open({
            partnerId: partner_id,
            leadId: lead_id,
            phone: phone || "",
            kind: "sms",
        });
    }
}

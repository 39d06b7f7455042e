import {Chatter} from "@mail/chatter/web_portal/chatter";
import {canLinkTo, linkTo} from "./links";
import {channelLabel} from "../core/message_kinds";
import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";
import {useState} from "@odoo/owl";

patch(Chatter.prototype, {
    setup() {
        super.setup(...arguments);
        this.messagingStarting = useService("messaging_inbox.starting");
        this.messagingState = useState(this.messagingStarting.state);
    },

    get canStartMessaging() {
        const {threadModel, threadId} = this.props;
        return Boolean(
            canLinkTo(threadModel) && threadId && this.messagingState.kinds.length
        );
    },

    /** Return where one can write first, such as "SMS / WhatsApp". */
    get startMessagingLabel() {
        return this.messagingState.kinds.map(channelLabel).join(" / ");
    },

    /** Start a conversation with the record as it is on the screen: save it first. */
    async startMessaging() {
        const {threadModel, threadId, saveRecord, record} = this.props;
        if (record && !(await saveRecord?.())) {
            return;
        }
        this.messagingStarting.open({
            ...linkTo(threadModel, threadId),
            onSent: () => record?.load(),
        });
    },
});

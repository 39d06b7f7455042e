import {PhoneField} from "@web/views/fields/phone/phone_field";
import {linkTo} from "./links";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useState} from "@odoo/owl";

function smsButtonPatch() {
    return {
        setup() {
            super.setup(...arguments);
            this.messagingStarting = useService("messaging_inbox.starting");
            this.messagingState = useState(this.messagingStarting.state);
        },

        /** Open our dialog, where the company has an SMS channel and wants that. */
        async onClick() {
            if (!this.messagingState.replacesSms) {
                return super.onClick(...arguments);
            }
            const {record, name} = this.props;
            if (!(await record.save())) {
                return;
            }
            this.messagingStarting.open({
                ...linkTo(record.resModel, record.resId),
                phone: record.data[name],
                kind: "sms",
                onSent: () => record.load(),
            });
        },
    };
}

/**
 * Odoo's module `sms` puts an SMS button beside phone numbers. We don't depend on it, so
 * its button is looked up once all modules are loaded.
 */
export const smsButtonService = {
    start() {
        const {SendSMSButton} = PhoneField.components || {};
        if (SendSMSButton && !SendSMSButton.isMessagingPatched) {
            SendSMSButton.isMessagingPatched = true;
            patch(SendSMSButton.prototype, smsButtonPatch());
        }
    },
};

registry.category("services").add("messaging_inbox.sms_button", smsButtonService);

import {_t} from "@web/core/l10n/translation";
import {reactive} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {StartDialog} from "./start_dialog";

/**
 * Opens the dialog that starts a conversation. `state` tells what this user may start,
 * and comes with Odoo's lazy session call: the kinds of channels, and whether Odoo's SMS
 * buttons open this dialog.
 */
export const startingService = {
    dependencies: [
        "dialog",
        "lazy_session",
        "messaging_inbox.notifications",
        "notification",
    ],
    start(env, services) {
        const center = services["messaging_inbox.notifications"];
        const state = reactive({kinds: [], replacesSms: false});
        services.lazy_session.getValue("messaging_inbox_starting", (values) => {
            state.kinds = values?.kinds || [];
            state.replacesSms = Boolean(values?.replaces_sms);
        });

        function confirmSent(id) {
            const close = services.notification.add(_t("The message is on its way."), {
                type: "success",
                buttons: [
                    {
                        name: _t("Open the conversation"),
                        onClick: () => {
                            close();
                            center.open(id);
                        },
                    },
                ],
            });
        }

        /**
         * Open the dialog for `partnerId` or `leadId`, with their number `phone`, or with
         * neither. The inbox shows the conversation at once; elsewhere the user stays
         * with the record, and `onSent` updates it.
         */
        function open({onSent = () => undefined, ...props} = {}) {
            services.dialog.add(StartDialog, {
                ...props,
                onOpen: (id) => center.open(id),
                onSent: (id) => {
                    if (center.screen) {
                        center.open(id);
                    } else {
                        confirmSent(id);
                    }
                    onSent(id);
                },
            });
        }

        return {open, state};
    },
};

registry.category("services").add("messaging_inbox.starting", startingService);

/** The buttons of contacts, leads and deals, and the action menus of their lists. */
function startFromRecord(env, {params}) {
    const {action, "messaging_inbox.starting": starting} = env.services;
    starting.open({
        partnerId: params.partner_id,
        leadId: params.lead_id,
        onSent: () => action.doAction({type: "ir.actions.client", tag: "soft_reload"}),
    });
}

registry.category("actions").add("messaging_inbox.start", startFromRecord);

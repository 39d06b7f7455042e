import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";

/** Asks for confirmation, and says what is deleted and what stays. */
export class DeleteDialog extends ConfirmationDialog {
    static template = "messaging_inbox.DeleteDialog";
    static props = {
        ...ConfirmationDialog.props,
        contactName: String,
        providerName: {type: String, optional: true},
        providerUrl: {type: String, optional: true},
    };
    static defaultProps = {
        ...ConfirmationDialog.defaultProps,
        title: _t("Delete conversation"),
    };

    get provider() {
        return this.props.providerName || _t("the messaging provider");
    }
}

import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {channelIcon} from "../core/message_kinds";
import {AssigneePicker} from "./assignee_picker";
import {Colleagues} from "../presence/colleagues";
import {ConversationAvatar} from "../core/ui/avatar";
import {DeleteDialog} from "./delete_dialog";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {OptInDialog} from "../opt_out/opt_in_dialog";
import {optOutText} from "../opt_out/opt_out_text";
import {SnoozeMenu} from "../snooze/snooze_menu";
import {TagPicker} from "../tags/tag_picker";
import {Tags} from "../tags/tags";
import {useInboxCommand} from "../core/inbox_commands";
import {useService} from "@web/core/utils/hooks";

/** The customer, channel and assignee, and buttons to close or reopen. */
export class ThreadHeader extends Component {
    static template = "messaging_inbox.ThreadHeader";
    static components = {
        AssigneePicker,
        Colleagues,
        ConversationAvatar,
        Dropdown,
        DropdownItem,
        SnoozeMenu,
        TagPicker,
        Tags,
    };
    static props = {
        conversation: Object,
        onBack: Function,
        onCloseAndGoOn: Function,
        goOnAfter: Function,
        onToggleDetails: Function,
        showsDetails: Boolean,
    };

    setup() {
        this.store = useService("messaging_inbox.store");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.ui = useService("ui");
        this.conversation = useState(this.props.conversation);
        useInboxCommand(_t("Mark as unread"), () => this.markUnread(), {
            hotkey: "alt+shift+u",
        });
        useInboxCommand(_t("Details"), () => this.props.onToggleDetails(), {
            hotkey: "alt+shift+d",
            button: () => document.querySelector(".o-messaging-Header-details"),
        });
    }

    get row() {
        return this.conversation.row;
    }

    get name() {
        return this.conversation.contactName;
    }

    /** Return "@name", unless the name is it already. */
    get username() {
        const {contact_username: username} = this.row;
        const shown = username ? `@${username}` : "";
        return shown === this.name ? "" : shown;
    }

    get channel() {
        return this.conversation.channel;
    }

    get typing() {
        return this.store.presence.typingIn(this.conversation.id);
    }

    get channelIcon() {
        return channelIcon(this.channel?.kind);
    }

    get isClosed() {
        return this.row?.state === "closed";
    }

    get stateLabel() {
        return this.isClosed ? _t("Reopen") : _t("Close conversation");
    }

    get canDelete() {
        return Boolean(this.conversation.details?.can_delete);
    }

    get canView() {
        return Boolean(this.conversation.details?.partner?.readable);
    }

    viewContact() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: this.row.partner_id,
            views: [[false, "form"]],
        });
    }

    find() {
        this.conversation.isFinding = true;
    }

    async markUnread() {
        const isDone = await this.store.actions.markUnread(this.conversation);
        if (isDone && this.ui.isSmall) {
            this.props.onBack();
        }
    }

    toggleState() {
        const {actions} = this.store;
        return this.isClosed
            ? actions.reopen(this.conversation)
            : actions.close(this.conversation);
    }

    get optOutText() {
        return optOutText(this.row, this.store);
    }

    /** Return the label; Agents can only undo what an Agent recorded. */
    get optOutLabel() {
        const {opted_out: isOut, opt_out: proof} = this.row;
        if (!isOut) {
            return _t("Record an opt-out");
        }
        if (proof?.source === "agent") {
            return _t("Undo the opt-out");
        }
        return this.store.isManager ? _t("Record an opt-in…") : "";
    }

    changeOptOut() {
        const {actions} = this.store;
        const {conversation} = this;
        if (!this.row.opted_out) {
            return actions.optOut(conversation);
        }
        return this.row.opt_out?.source === "agent"
            ? actions.undoOptOut(conversation)
            : this.dialog.add(OptInDialog, {conversation});
    }

    askToDelete() {
        const {provider_name: providerName, provider_url: providerUrl} =
            this.conversation.details;
        this.dialog.add(DeleteDialog, {
            contactName: this.name,
            providerName,
            providerUrl,
            confirm: () => this.store.actions.remove(this.conversation),
            cancel: () => true,
        });
    }
}

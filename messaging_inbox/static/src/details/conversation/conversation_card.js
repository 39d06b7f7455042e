import {CardTitle} from "../card_title";
import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {channelIcon} from "../../core/message_kinds";
import {fullTime, shortDuration} from "../../core/formatting";
import {registry} from "@web/core/registry";
import {replyWindowOf} from "../../core/reply_window";
import {SnoozeMenu} from "../../snooze/snooze_menu";
import {TagPicker} from "../../tags/tag_picker";
import {Tags} from "../../tags/tags";
import {useService} from "@web/core/utils/hooks";

/** State, assignee, channel and reply window of the conversation. */
export class ConversationCard extends Component {
    static template = "messaging_inbox.ConversationCard";
    static components = {CardTitle, SnoozeMenu, TagPicker, Tags};
    static props = {conversation: Object};

    setup() {
        this.ui = useService("ui");
        this.store = useService("messaging_inbox.store");
        this.conversation = useState(this.props.conversation);
        this.channelIcon = channelIcon;
    }

    get row() {
        return this.conversation.row;
    }

    get state() {
        return this.row.state === "closed" ? _t("Closed") : _t("Open");
    }

    get assignee() {
        return this.row.user_id ? this.store.nameOf(this.row.user_id) : _t("Nobody");
    }

    get openedAt() {
        return fullTime(this.conversation.details.opened_at);
    }

    get replyWindow() {
        if (!this.row.reply_until) {
            return _t("No limit");
        }
        const {left} = replyWindowOf(this.row, this.store.now);
        return left > 0
            ? _t("%(duration)s left", {duration: shortDuration(left)})
            : _t("Over");
    }
}

registry
    .category("messaging_inbox.details_cards")
    .add("conversation", {Component: ConversationCard}, {sequence: 90});

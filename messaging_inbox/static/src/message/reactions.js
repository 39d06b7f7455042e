import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {canReact, ourReaction} from "./reacting";
import {useService} from "@web/core/utils/hooks";

/** The reactions of both sides, one emoji each, and why ours wasn't sent. */
export class Reactions extends Component {
    static template = "messaging_inbox.Reactions";
    static props = {conversation: Object, message: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.message = useState(this.props.message);
    }

    get customers() {
        return this.message.data?.reactions?.customer || "";
    }

    get ours() {
        return ourReaction(this.message);
    }

    get customersLabel() {
        const name = this.props.conversation.contactName;
        return _t("%(name)s reacted with %(emoji)s", {name, emoji: this.customers});
    }

    get oursLabel() {
        return _t("%(name)s reacted with %(emoji)s", {
            name: this.author,
            emoji: this.ours,
        });
    }

    get takeAwayLabel() {
        return _t("%(reaction)s. Click to take it away", {reaction: this.oursLabel});
    }

    /** Return who reacted for us, if it was done here. */
    get author() {
        const {reaction, data} = this.message;
        const id = this.isOnItsWay ? reaction.author_id : data?.us_reacted_by;
        const isKnown = id === this.store.user.id || id in this.store.users;
        return isKnown ? this.store.nameOf(id) : String(_t("We"));
    }

    get isOnItsWay() {
        return Boolean(this.message.reaction) && !this.hasFailed;
    }

    get hasFailed() {
        return Boolean(this.message.reaction?.failed);
    }

    get failure() {
        const {emoji, failure_reason: reason = ""} = this.message.reaction;
        return emoji
            ? _t("%(emoji)s wasn't sent. %(reason)s", {emoji, reason})
            : _t("Our reaction wasn't taken away. %(reason)s", {reason});
    }

    get canReact() {
        return canReact(this.message, this.props.conversation);
    }

    takeAway() {
        return this.react("");
    }

    retry() {
        return this.react(this.message.reaction.emoji);
    }

    /** Keep what the provider has. */
    giveUp() {
        return this.react(this.message.data?.reactions?.us || "");
    }

    react(emoji) {
        const {conversation} = this.props;
        return this.store.actions.react(conversation, this.message, emoji);
    }
}

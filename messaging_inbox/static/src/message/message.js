import {Component, useState} from "@odoo/owl";
import {cardWords, isStory} from "./cards";
import {ContactCards} from "./contact_cards";
import {ConversationAvatar} from "../core/ui/avatar";
import {clockTime, fullTime} from "../core/formatting";
import {drawsFormatting} from "../core/message_markup";
import {isTrouble} from "../core/message_states";
import {messageActions} from "./message_actions";
import {MessageExtras} from "./message_extras";
import {MessageFiles} from "./message_files";
import {MessageText} from "../core/ui/message_text";
import {MessageTrouble} from "./message_trouble";
import {Reactions} from "./reactions";
import {TemplateButtons} from "../templates/template_buttons";
import {TemplateMedia} from "../templates/template_media";
import {isEmojiOnly, isEmpty, summaryOf} from "../core/message_kinds";
import {Ticks} from "../core/ui/ticks";
import {useService} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";

/** One bubble. It follows the changes of its message object, which never changes. */
export class Message extends Component {
    static template = "messaging_inbox.Message";
    static components = {
        ContactCards,
        ConversationAvatar,
        MessageExtras,
        MessageFiles,
        MessageText,
        MessageTrouble,
        Reactions,
        TemplateButtons,
        TemplateMedia,
        Ticks,
    };
    static props = {
        conversation: Object,
        message: Object,
        isFirst: Boolean,
        isLast: Boolean,
        isHighlighted: Boolean,
        onJump: Function,
    };

    setup() {
        this.store = useService("messaging_inbox.store");
        this.message = useState(this.props.message);
    }

    get isOutbound() {
        return this.message.direction !== "inbound";
    }

    get showsAvatar() {
        return !this.isOutbound && this.props.isLast && this.props.conversation.row;
    }

    /** Return whether to show an error; refused parts show one, under the last. */
    get isTroubled() {
        const {id, state, isLastPart} = this.message;
        return this.isOutbound && isTrouble(state) && Boolean(id || isLastPart);
    }

    get isWaiting() {
        const {id, isWaiting, isLastPart} = this.message;
        return !id && isWaiting && isLastPart;
    }

    get data() {
        return this.message.data || {};
    }

    /** Return the header, footer and buttons of the template that was sent, or false. */
    get sentTemplate() {
        return !this.data.unsent && this.data.template;
    }

    /** Return whether the provider adds the file, from the template's own address. */
    get hasTemplateMedia() {
        const {media_kind: kind} = this.sentTemplate || {};
        return Boolean(kind) && !this.message.files?.length;
    }

    /** Return the names of colleagues whom a note mentions. */
    get mentions() {
        const ids = this.data.mention_ids || [];
        return ids.map((id) => this.store.users[id]).filter(Boolean);
    }

    /** Return the text, unless all of it is already in the message's cards. */
    get text() {
        const {body} = this.message;
        if (this.data.contact_text) {
            return ""; // The cards show it.
        }
        const said = cardWords(this.data);
        return body?.split("\n").every((line) => said.has(line)) ? "" : body;
    }

    get isEmpty() {
        return isEmpty(this.message);
    }

    get hasFormatting() {
        return drawsFormatting(this.message, this.props.conversation.channel);
    }

    get unsentText() {
        if (this.data.erased) {
            return _t("Erased: this channel keeps messages for a limited time");
        }
        return this.isOutbound
            ? _t("This message was deleted outside Odoo")
            : _t("This message was deleted by the customer");
    }

    get classes() {
        const {direction, kind, body} = this.message;
        return {
            [`o-${direction}`]: true,
            [`o-kind-${kind}`]: true,
            "o-first": this.props.isFirst,
            "o-last": this.props.isLast,
            [`o-state-${this.message.state}`]: true,
            "o-story": isStory(this.data),
            "o-unsent": this.data.unsent,
            "o-emoji": isEmojiOnly(body),
            "o-highlighted": this.props.isHighlighted,
        };
    }

    /** Return the colleague's name; none for the user's own messages. */
    get author() {
        if (!this.isOutbound || !this.props.isFirst) {
            return "";
        }
        if (this.data.sent_outside) {
            return _t("Sent outside Odoo");
        }
        const isMine = this.message.author_id === this.store.user.id;
        return isMine ? "" : this.store.authorOf(this.message);
    }

    get time() {
        return clockTime(this.message.sent_at);
    }

    get fullTime() {
        const time = fullTime(this.message.sent_at);
        const {name, language} = this.sentTemplate || {};
        return name
            ? _t("%(time)s · Template %(name)s (%(language)s)", {time, name, language})
            : time;
    }

    get quote() {
        return this.message.reply_to;
    }

    get quoteText() {
        return summaryOf(this.quote, this.props.conversation.channel);
    }

    /** Return whether only the team sees the quote: the provider can't send one. */
    get quoteIsOurs() {
        const {channel} = this.props.conversation;
        const isAnswer = this.message.direction === "outbound";
        return isAnswer && !this.data.sent_outside && channel?.can_quote === false;
    }

    get quoteAuthor() {
        const {direction} = this.quote;
        return direction === "inbound"
            ? this.props.conversation.contactName
            : this.store.authorOf(this.quote);
    }

    get actions() {
        return messageActions
            .getEntries()
            .map(([key, action]) => ({key, ...action}))
            .filter((action) => action.isShown(this.message, this.props.conversation));
    }

    run(action, {currentTarget: button}) {
        action.run(this.message, this.props.conversation, this.env, button);
    }
}

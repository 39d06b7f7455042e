import {Component, useRef} from "@odoo/owl";
import {ourReaction} from "./reacting";
import {useEmojiPicker} from "@web/core/emoji_picker/emoji_picker";
import {useService} from "@web/core/utils/hooks";

const STEPS = {ArrowLeft: -1, ArrowRight: 1};

/** The emojis to react with, in a popover; one that is ours already is taken away. */
export class ReactionPalette extends Component {
    static template = "messaging_inbox.ReactionPalette";
    static props = {conversation: Object, message: Object, close: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.more = useRef("more");
        this.picker = useEmojiPicker(undefined, {
            onSelect: (emoji) => this.pick(emoji),
        });
    }

    /** Return `{palette, any_emoji}`: what the provider takes. */
    get reactions() {
        return this.props.conversation.channel.reactions;
    }

    get current() {
        return ourReaction(this.props.message);
    }

    /** Return the palette, with our reaction if it is another one. */
    get emojis() {
        return [...new Set([...this.reactions.palette, this.current])].filter(Boolean);
    }

    pick(emoji) {
        const {conversation, message, close} = this.props;
        const wanted = emoji === this.current ? "" : emoji;
        close();
        this.store.actions.react(conversation, message, wanted);
    }

    openPicker() {
        // Odoo shows it as a dialog where it has no place.
        this.picker.toggle(this.ui.isSmall ? undefined : this.more);
    }

    onKeydown(ev) {
        const buttons = [...this.root.el.querySelectorAll("button")];
        const position = buttons.indexOf(ev.target);
        if (ev.key in STEPS && position >= 0) {
            ev.preventDefault();
            const next = position + STEPS[ev.key] + buttons.length;
            buttons[next % buttons.length].focus();
        }
    }
}

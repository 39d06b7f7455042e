import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {ConversationAvatar} from "../core/ui/avatar";
import {shortTime} from "../snooze/snooze_times";
import {Tags} from "../tags/tags";
import {Ticks} from "../core/ui/ticks";
import {cappedCount, fullTime, shortAge, shortDuration} from "../core/formatting";
import {kindIcon, summaryOf} from "../core/message_kinds";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {replyWindowOf} from "../core/reply_window";
import {useService} from "@web/core/utils/hooks";

const LITTLE_TIME = 4 * 60 * 60 * 1000;
// Milliseconds after which a touch selects.
const LONG_TOUCH = 500;

/** One conversation in the list. */
export class ConversationRow extends Component {
    static template = "messaging_inbox.ConversationRow";
    static components = {ConversationAvatar, Tags, Ticks};
    static props = {
        row: Object,
        section: String,
        isActive: Boolean,
        isFirst: Boolean,
        onSelect: Function,
        canBeChecked: {type: Boolean, optional: true},
    };
    static defaultProps = {canBeChecked: true};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.row = useState(this.props.row);
    }

    // Selecting ----------------------------------------------------------------

    get isChecked() {
        return this.store.selection.has(this.row.id);
    }

    get isSelecting() {
        return this.props.canBeChecked && !this.store.selection.isEmpty;
    }

    /** Open the conversation; with Ctrl or Shift, or by touch while selecting, select. */
    onClick(ev) {
        if (this.wasHeld) {
            this.wasHeld = false;
        } else if (this.props.canBeChecked && this.selects(ev)) {
            this.check(ev);
        } else {
            this.props.onSelect(this.row.id);
        }
    }

    selects({shiftKey, ctrlKey, metaKey, pointerType}) {
        const isTouch = pointerType === "touch";
        return shiftKey || ctrlKey || metaKey || (isTouch && this.isSelecting);
    }

    check({shiftKey = false} = {}) {
        const {selection} = this.store;
        if (shiftKey) {
            selection.extendTo(this.row.id);
        } else {
            selection.toggle(this.row.id);
        }
    }

    onPointerdown(ev) {
        this.wasHeld = false;
        if (!this.selects(ev)) {
            this.store.ahead.load(this.row.id);
        }
        if (ev.pointerType === "touch" && this.props.canBeChecked) {
            this.holdTimer = browser.setTimeout(() => {
                this.wasHeld = true;
                this.check();
            }, LONG_TOUCH);
        }
    }

    /** Scrolling and lifting the finger end a long touch. */
    onPointerend() {
        browser.clearTimeout(this.holdTimer);
    }

    onPointerleave() {
        this.onPointerend();
        this.store.ahead.unpoint();
    }

    /** A long touch selects; it opens no menu of the browser. */
    onContextmenu(ev) {
        if (this.wasHeld) {
            ev.preventDefault();
        }
    }

    // Shown --------------------------------------------------------------------

    get name() {
        return this.row.contact_name || this.row.contact_phone || _t("Unknown");
    }

    get preview() {
        return this.row.preview || {};
    }

    get hasDraft() {
        return !this.props.isActive && Boolean(this.row.draft);
    }

    get previewText() {
        // The only event that brings a conversation to the top.
        const isEvent = this.preview.direction === "event";
        return isEvent
            ? _t("The snooze is over")
            : summaryOf(this.preview, this.channel);
    }

    get previewIcon() {
        return kindIcon(this.preview.kind);
    }

    get isOutbound() {
        return this.preview.direction === "outbound";
    }

    /** Return the first name of a colleague who wrote the last message, otherwise "". */
    get author() {
        const {author_id: author, author_name: former} = this.preview;
        const isColleague = former || (author && author !== this.store.user.id);
        return this.isOutbound && isColleague
            ? this.store.authorOf(this.preview).split(" ")[0]
            : "";
    }

    get channel() {
        return this.store.channels[this.row.channel_id];
    }

    get age() {
        return shortAge(this.row.last_message_at, this.store.now);
    }

    get fullTime() {
        return fullTime(this.row.last_message_at);
    }

    /** Return the time left to reply, if it is short and the conversation open. */
    get countdown() {
        const {left} = replyWindowOf(this.row, this.store.now);
        const isUrgent = left > 0 && left < LITTLE_TIME && this.row.state === "open";
        return isUrgent ? shortDuration(left) : "";
    }

    /** Return whether nothing but a template may be sent any more. */
    get isOver() {
        const {isOver} = replyWindowOf(this.row, this.store.now);
        return isOver && this.row.state === "open" && !this.row.is_snoozed;
    }

    /** Return when the snooze ends; "" for a conversation that isn't snoozed. */
    get snooze() {
        const {is_snoozed: isSnoozed, snoozed_until: until, state} = this.row;
        if (!isSnoozed || state === "closed") {
            return "";
        }
        return until
            ? shortTime(deserializeDateTime(until), this.store.now)
            : _t("until a message");
    }

    /** Return for how long the customer has been waiting for an answer. */
    get wait() {
        const {state, waiting_since: since} = this.row;
        return state === "open" ? shortAge(since, this.store.now) : "";
    }

    get waitTitle() {
        return _t("The customer has been waiting for an answer since %(time)s", {
            time: fullTime(this.row.waiting_since),
        });
    }

    get unread() {
        const isCounted = this.row.state === "open" && this.row.unread_count;
        return isCounted ? cappedCount(this.row.unread_count) : "";
    }

    get assignee() {
        const isShown = ["others", "snoozed", "closed", "search"].includes(
            this.props.section
        );
        return isShown && this.row.user_id;
    }

    /** The list is one tab stop; arrow keys move within it. */
    get tabIndex() {
        return this.props.isActive || this.props.isFirst ? "0" : "-1";
    }
}

import {
    Component,
    onMounted,
    onPatched,
    onWillPatch,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {Deferred} from "@web/core/utils/concurrency";
import {cappedCount, clockTime} from "../core/formatting";
import {eventIcon, eventText} from "../core/event_text";
import {summaryOf} from "../core/message_kinds";
import {FindBar} from "./find_bar";
import {Message} from "../message/message";
import {ScheduledMessage} from "../scheduled/scheduled_message";
import {moveInThread} from "./thread_keys";
import {threadItems} from "../core/threading";
import {useInboxCommand} from "../core/inbox_commands";
import {useOpenRecord} from "../core/open_record";
import {useService} from "@web/core/utils/hooks";

const NEAR_BOTTOM = 80;
const NEAR_TOP = 300;
const NEAR_END = 300;
const HIGHLIGHT = 1600;

/** The messages of a conversation. What the user reads never moves. */
export class Thread extends Component {
    static template = "messaging_inbox.Thread";
    static components = {FindBar, Message, ScheduledMessage};
    static props = {conversation: Object, onSeen: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.conversation = useState(this.props.conversation);
        this.openRecord = useOpenRecord();
        this.scroll = useRef("scroll");
        this.content = useRef("content");
        this.state = useState({
            isAtBottom: true,
            newCount: 0,
            highlighted: "",
            announcement: "",
        });
        this.isPlaced = false;
        // A jump to a message that may have to be loaded: {id, arrival}.
        this.jump = null;
        this.fromBottom = 0;
        this.newestId = 0;
        Object.assign(this, {cappedCount, clockTime, eventIcon});
        onWillPatch(() => this.remember());
        onMounted(() => this.settle());
        onPatched(() => this.settle());
        onWillUnmount(() => this.leave());
        this.followSize();
        useInboxCommand(_t("Find in this conversation"), () => this.openFind(), {
            hotkey: "control+f",
            // Pressed again in the field, the key belongs to the browser.
            isAvailable: (target) => !target?.closest?.(".o-messaging-FindBar"),
        });
        useEffect(
            (target) => {
                if (target) {
                    this.conversation.target = null;
                    this.jumpTo(target.id);
                }
            },
            () => [!this.isLoading && this.conversation.target]
        );
    }

    get items() {
        const {shown, unreadFromId} = this.conversation;
        return threadItems(shown, unreadFromId, this.store.today);
    }

    get isLoading() {
        return this.conversation.status !== "ready";
    }

    eventText(message) {
        return eventText(message, (...who) => this.store.nameOf(...who));
    }

    /** Return whether to link to the note: still linked, and the record readable. */
    hasNote({event_type: type, data}) {
        const {partner, lead} = this.conversation.details;
        const record = {"res.partner": partner, "crm.lead": lead}[data?.model];
        return type === "linked" && record?.readable && record.id === data.id;
    }

    // Position ----------------------------------------------------------------

    /** Stay at the end when pictures, the composer or a phone's keyboard resize. */
    followSize() {
        useEffect(
            (scroll, content) => {
                const observer = new ResizeObserver(() => {
                    if (this.isPlaced && this.isAtNewest) {
                        this.toBottom();
                    }
                });
                observer.observe(scroll);
                observer.observe(content);
                return () => observer.disconnect();
            },
            () => [this.scroll.el, this.content.el]
        );
    }

    /** Measure only before an older page: it makes the browser style and lay out the page. */
    remember() {
        if (this.shownFirstKey !== this.firstKey) {
            const {scrollHeight, scrollTop} = this.scroll.el;
            this.fromBottom = scrollHeight - scrollTop;
        }
    }

    settle() {
        if (this.isLoading) {
            return;
        }
        const {firstKey} = this;
        if (!this.isPlaced) {
            this.place();
        } else if (this.jump) {
            // What was there before the jump needs no place.
            this.arrive();
        } else if (this.shownFirstKey && this.shownFirstKey !== firstKey) {
            this.scroll.el.scrollTop = this.scroll.el.scrollHeight - this.fromBottom;
        } else if (!this.wasOlderPart) {
            this.followNew();
        }
        this.wasOlderPart = this.conversation.hasNewer;
        this.shownFirstKey = firstKey;
        this.newestId = this.conversation.newestId;
        this.loadOlderNearTop();
    }

    get firstKey() {
        return this.conversation.messages[0]?.key;
    }

    /** Scroll to the former position, the first unread message, or the end. */
    place() {
        this.isPlaced = true;
        this.toBottom();
        if (this.backToPlace()) {
            return;
        }
        const divider = this.scroll.el.querySelector(".o-messaging-UnreadDivider");
        if (divider) {
            divider.scrollIntoView({block: "start"});
            this.onScroll();
        }
    }

    leave() {
        this.endJump();
        browser.clearTimeout(this.highlightTimer);
        this.conversation.place = this.state.isAtBottom ? null : this.topInSight();
    }

    /** Return the first visible message, and its distance from the top. */
    topInSight() {
        const {top} = this.scroll.el.getBoundingClientRect();
        for (const el of this.scroll.el.querySelectorAll("[data-key]")) {
            const box = el.getBoundingClientRect();
            if (box.bottom > top) {
                return {key: el.dataset.key, offset: box.top - top};
            }
        }
        return null;
    }

    backToPlace() {
        const {place} = this.conversation;
        const el = place && this.messageElement(place.key);
        if (el) {
            el.scrollIntoView({block: "start"});
            this.scroll.el.scrollTop -= place.offset;
            this.onScroll();
        }
        return Boolean(el);
    }

    messageElement(key) {
        return this.scroll.el.querySelector(`[data-key="${CSS.escape(key)}"]`);
    }

    followNew() {
        const {messages} = this.conversation;
        const arrived = messages.filter(({id}) => id > this.newestId);
        this.announce(arrived);
        const last = messages[messages.length - 1];
        const isOwn = last && !last.id && this.lastKey !== last.key;
        this.lastKey = last?.key;
        if (this.state.isAtBottom || isOwn) {
            this.toBottom();
        } else {
            const inbound = arrived.filter(({direction}) => direction === "inbound");
            this.state.newCount += inbound.length;
        }
        if (arrived.length) {
            this.props.onSeen();
        }
    }

    /** Announce new messages only: a live log would also read older pages. */
    announce(arrived) {
        const inbound = arrived.filter(({direction}) => direction === "inbound");
        if (inbound.length) {
            const {contactName, channel} = this.conversation;
            const texts = inbound.map((message) => summaryOf(message, channel));
            this.state.announcement = `${contactName}: ${texts.join(" ")}`;
        }
    }

    get isAtNewest() {
        return this.state.isAtBottom && !this.conversation.hasNewer;
    }

    toBottom() {
        const {el} = this.scroll;
        el.scrollTop = el.scrollHeight;
        this.state.isAtBottom = true;
        this.state.newCount = 0;
    }

    async toNewest() {
        await this.conversation.backToNewest();
        this.toBottom();
        this.props.onSeen();
    }

    get newCount() {
        return this.state.newCount + this.conversation.missed;
    }

    onScroll() {
        const {scrollHeight, scrollTop, clientHeight} = this.scroll.el;
        const below = scrollHeight - scrollTop - clientHeight;
        const {hasNewer} = this.conversation;
        this.state.isAtBottom = below < NEAR_BOTTOM && !hasNewer;
        if (below < NEAR_END && hasNewer && !this.jump) {
            this.conversation.loadNewer();
        }
        if (this.state.isAtBottom) {
            this.state.newCount = 0;
        }
        this.loadOlderNearTop();
    }

    /** Load older messages near the top, but not before the last page is rendered. */
    loadOlderNearTop() {
        const isDrawn = this.shownFirstKey === this.firstKey;
        if (isDrawn && this.scroll.el.scrollTop < NEAR_TOP) {
            this.conversation.loadOlder();
        }
    }

    onKeydown(ev) {
        moveInThread(ev);
    }

    // Find ----------------------------------------------------------------------

    openFind() {
        this.conversation.isFinding = true;
    }

    closeFind() {
        this.conversation.isFinding = false;
        this.scroll.el.focus();
    }

    // Jumps -------------------------------------------------------------------

    async jumpTo(id) {
        this.endJump();
        const jump = {id, arrival: new Deferred()};
        this.jump = jump;
        if (await this.conversation.loadAround(id)) {
            this.arrive();
            await jump.arrival;
        } else if (this.jump === jump) {
            this.endJump();
        }
    }

    /** Show the message of a jump as soon as it is drawn. */
    arrive() {
        const key = this.jump && this.find(this.jump.id)?.key;
        if (key && this.messageElement(key)) {
            this.highlight(key);
            this.endJump();
        }
    }

    endJump() {
        this.jump?.arrival.resolve();
        this.jump = null;
    }

    find(id) {
        return this.conversation.messages.find((message) => message.id === id);
    }

    highlight(key) {
        this.messageElement(key)?.scrollIntoView({block: "center"});
        this.onScroll();
        this.state.highlighted = key;
        browser.clearTimeout(this.highlightTimer);
        this.highlightTimer = browser.setTimeout(() => {
            this.state.highlighted = "";
        }, HIGHLIGHT);
    }
}

import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {Reactive} from "@web/core/utils/reactive";
import {session} from "@web/session";

const HEARTBEAT = 60000;
// Conversations that the user only passes aren't reported.
const ENTER_DELAY = 500;
const EXPIRY = 90000;
const TYPING_PAUSE = 5000;
// A page that still runs so long after "beforeunload" stays: a download, or a refusal.
const STAYING = 10000;
// Customers see for 25 seconds that we type.
const SHOWN_FOR = 25500;
// Of two reports within this time, the later one may be heard first.
const OVERTAKEN = 10000;

/**
 * Which colleagues have a conversation open, and who of them types. A page reports only
 * changes, and repeats itself each minute. Without a report, a colleague expires.
 */
export class Presence extends Reactive {
    // By conversation and user: {state, at, until}.
    colleagues = {};
    // What this page reported last, about the open conversation.
    id = false;
    state = "gone";
    // Customers don't see that somebody types a note.
    isNote = false;
    reportedAt = 0;

    constructor(store) {
        super();
        this.store = store;
        // The bus replays what was said before this page was opened.
        this.since = session.messaging_inbox_bus_id ?? Infinity;
    }

    start(bus) {
        bus.subscribe("messaging_inbox/presence", (payload, {id}) => {
            if (id > this.since) {
                this.heard(payload);
            }
        });
        browser.setInterval(() => this.beat(), HEARTBEAT);
        browser.addEventListener("visibilitychange", () => this.look());
        browser.addEventListener("pagehide", () => this.leavePage());
        browser.addEventListener("beforeunload", () => this.beforeUnload());
    }

    // What this page says -----------------------------------------------------

    /** The screen shows another conversation, or none: what it loads comes first. */
    enter(id) {
        this.entering = {id};
        browser.clearTimeout(this.enterTimer);
        this.enterTimer = browser.setTimeout(() => this.entered(), ENTER_DELAY);
    }

    entered() {
        if (!this.entering) {
            return;
        }
        const {id} = this.entering;
        this.entering = undefined;
        if (id !== this.id) {
            this.change("gone");
            this.id = id;
        }
        this.look();
    }

    /**
     * The browser may drop what a page sends while it goes: Odoo's service worker stands
     * between. So report already before, and again if the user stays after all.
     */
    beforeUnload() {
        this.leavePage();
        browser.setTimeout(() => this.look(), STAYING);
    }

    /** A hidden page may be about to close: it can't wait for an answer. */
    leavePage() {
        if (this.id && this.state !== "gone") {
            this.state = "gone";
            this.store.api.leavePage(this.id);
        }
    }

    look() {
        if (document.visibilityState === "visible") {
            this.change("viewing");
        } else {
            this.leavePage();
        }
    }

    /** With `isShown`, the customer sees it, too: for a while, so it is repeated. */
    typed(isNote = false, isShown = false) {
        this.entered();
        const isOver = isShown && !isNote && Date.now() - this.reportedAt > SHOWN_FOR;
        const isOther = isNote !== this.isNote;
        this.isNote = isNote;
        if (this.state === "typing" && (isOther || isOver)) {
            this.report("typing");
        }
        this.change("typing");
        browser.clearTimeout(this.pauseTimer);
        this.pauseTimer = browser.setTimeout(() => this.stopTyping(), TYPING_PAUSE);
    }

    stopTyping() {
        browser.clearTimeout(this.pauseTimer);
        if (this.state === "typing") {
            this.change("viewing");
        }
    }

    /** Repeat that the conversation is open. Once left, nothing needs repeating. */
    beat() {
        if (this.state !== "gone") {
            this.report(this.state);
        }
    }

    change(state) {
        if (this.id && state !== this.state) {
            const isNew = this.state === "gone";
            this.state = state;
            this.report(state, isNew);
        }
    }

    report(state, isNew = false) {
        this.reportedAt = Date.now();
        // Nothing depends on it: the next change or heartbeat tries again.
        this.store.api
            .presence(this.id, state, isNew, this.isNote)
            .catch(() => undefined);
    }

    // What others say ---------------------------------------------------------

    heard({conversation_id: id, user_id: userId, state, is_new: isNew, at = 0}) {
        if (userId === this.store.user.id) {
            return;
        }
        this.keep((this.colleagues[id] ||= {}), userId, {state, at});
        if (isNew && id === this.id && this.state !== "gone") {
            this.report(this.state);
        }
    }

    /** Keep a report, unless a newer one overtook it. */
    keep(here, userId, {state, at}) {
        const delay = (here[userId]?.at || 0) - at;
        if (delay <= 0 || delay > OVERTAKEN) {
            here[userId] = {state, at, until: Date.now() + EXPIRY};
        }
    }

    /** Return who types in a conversation, as a sentence; "" if no one does. */
    typingIn(id) {
        const [first, second] = this.of(id).filter(({isTyping}) => isTyping);
        if (second) {
            return _t("Several colleagues are typing…");
        }
        return first ? _t("%(name)s is typing…", {name: first.name}) : "";
    }

    /** Return the colleagues in a conversation: `{id, name, isTyping}`. */
    of(id) {
        const {now} = this.store;
        return Object.entries(this.colleagues[id] || {})
            .filter(([, {state, until}]) => state !== "gone" && until > now)
            .map(([userId, {state}]) => ({
                id: Number(userId),
                name: this.store.nameOf(Number(userId)),
                isTyping: state === "typing",
            }));
    }
}

import {
    Component,
    onMounted,
    onWillStart,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useBus, useService} from "@web/core/utils/hooks";
import {ConversationListPane} from "../conversation_list/conversation_list_pane";
import {DetailsPane} from "../details/details_pane";
import {Thread} from "../thread/thread";
import {ThreadHeader} from "../thread_header/thread_header";
import {Composer} from "../composer/composer";
import {UnreachableNotice} from "../starting/unreachable_notice";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {useInboxKeys} from "../keyboard/inbox_keys";
import {useInboxScreen} from "../notifications/inbox_screen_hook";
import {useSetupAction} from "@web/search/action_hook";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

const WIDE = 1200;
// Shown in place of a conversation that doesn't exist for this user.
export const GONE = {
    deleted: {
        icon: "fa-trash-o",
        title: _t("This conversation was deleted"),
        text: _t("It is gone for everyone. Notes on records remain."),
    },
    missing: {
        icon: "fa-question-circle-o",
        title: _t("This conversation doesn't exist"),
        text: _t("It was deleted, or the link is wrong."),
    },
    forbidden: {
        icon: "fa-lock",
        title: _t("You have no access to this conversation"),
        text: _t("It isn't shared with you, or no longer is."),
    },
};

/** The client action: three panes on a wide screen, one at a time on a phone. */
export class Inbox extends Component {
    static template = "messaging_inbox.Inbox";
    static components = {
        Composer,
        ConversationListPane,
        DetailsPane,
        Thread,
        ThreadHeader,
        UnreachableNotice,
    };
    static props = {...standardActionServiceProps};
    static displayName = _t("Messaging");
    // As in the action's record; otherwise the breadcrumb shows the inbox twice.
    static path = "messaging";

    setup() {
        this.store = useService("messaging_inbox.store");
        this.action = useService("action");
        this.ui = useService("ui");
        this.state = useState({
            isWide: browser.innerWidth >= WIDE,
            showsDetails: this.props.state?.showsDetails ?? this.wantsDetails(),
            focusComposer: 0,
            detailedId: false,
        });
        this.main = useRef("main");
        useSetupAction({
            getLocalState: () => ({
                conversationId: this.store.activeId,
                showsDetails: this.state.showsDetails,
            }),
        });
        onWillStart(() => this.start());
        onMounted(() => this.opened(this.store.activeId));
        this.drawDetailsLater();
        useInboxScreen((id) => this.select(id));
        useInboxKeys(this);
        useBus(this.ui.bus, "resize", () => this.resized());
        this.root = useRef("root");
        useExternalListener(window.visualViewport, "resize", () => this.fitKeyboard());
        useExternalListener(window, "focus", () => this.seen());
        useExternalListener(document, "visibilitychange", () => this.seen());
    }

    async start() {
        // Breadcrumbs restore the state, links the address.
        const {state, resId, action} = this.props;
        const linked = Number(resId) || action.params?.conversation_id || false;
        const id = state?.conversationId || linked;
        // Closed here, not on unmount: the next inbox starts before the last one ends.
        // On return from a record, the same conversation stays as the user left it.
        if (this.store.activeId !== id) {
            this.store.open(false);
        }
        if (this.store.status !== "ready") {
            await this.store.load();
        } else {
            this.store.resync();
        }
        if (id) {
            this.store.open(id).then(() => {
                this.store.reveal(id);
                this.seen();
            });
        }
    }

    get conversation() {
        return this.store.active;
    }

    get gone() {
        return GONE[this.conversation.status];
    }

    get isComposing() {
        return this.conversation?.status === "ready" && Boolean(this.conversation.row);
    }

    get hasChannels() {
        return Object.keys(this.store.channels).length > 0;
    }

    get showsList() {
        return !this.ui.isSmall || !this.conversation;
    }

    /** Return whether to show the pane; also during loading, so that nothing jumps. */
    get showsDetails() {
        const isHere = ["loading", "ready"].includes(this.conversation?.status);
        return isHere && this.state.showsDetails;
    }

    // Details -----------------------------------------------------------------

    /** Let the details follow one frame later, so that the messages are painted first. */
    drawDetailsLater() {
        useEffect(
            (id) => {
                const frame = browser.requestAnimationFrame(() => {
                    this.state.detailedId = id;
                });
                return () => browser.cancelAnimationFrame(frame);
            },
            () => [this.store.activeId]
        );
    }

    /** Return the conversation in the details pane: for a frame, the former one. */
    get detailed() {
        const former = this.store.conversations[this.state.detailedId];
        return former?.status === "ready" ? former : this.conversation;
    }

    /** Return whether the pane opens by itself: only on wide screens, as last set. */
    wantsDetails() {
        return (
            browser.innerWidth >= WIDE && this.store.storage.read("details") !== false
        );
    }

    resized() {
        const isWide = browser.innerWidth >= WIDE;
        if (isWide !== this.state.isWide) {
            this.state.isWide = isWide;
            this.state.showsDetails = this.wantsDetails();
        }
    }

    toggleDetails(isShown = !this.state.showsDetails) {
        this.state.showsDetails = isShown;
        if (!isShown) {
            this.root.el.querySelector(".o-messaging-Header-details")?.focus();
        }
        if (this.state.isWide) {
            this.store.storage.write("details", isShown);
        }
    }

    /** Keep the composer above a phone's keyboard, which covers the page. */
    fitKeyboard() {
        const {el} = this.root;
        const room = window.visualViewport.height - el.getBoundingClientRect().top;
        el.style.maxHeight = this.ui.isSmall ? `${room}px` : "";
    }

    // Opening -----------------------------------------------------------------

    async select(id, messageId = false) {
        if (!this.state.isWide) {
            this.state.showsDetails = false;
        }
        this.store.linkedId = false;
        const opening = this.store.open(id, messageId);
        this.opened(id);
        await opening;
        this.seen();
        this.store.ahead.follow(this.nextId);
    }

    opened(id) {
        this.props.updateActionState({resId: id || false});
        if (id) {
            this.state.focusComposer++;
            this.seen();
        }
    }

    /** Open the next conversation of the list, or with -1 the previous one. */
    go(step) {
        const id = this.store.neighbourOf(this.store.activeId, step);
        return id ? this.select(id) : undefined;
    }

    closeAndGoOn() {
        const {conversation} = this;
        return this.goOnAfter(() => this.store.actions.close(conversation));
    }

    /** Run an action and, if it succeeds, open the next conversation, else the list. */
    async goOnAfter(action) {
        const next = this.nextId;
        if (await action()) {
            await this.select(next);
        }
    }

    get nextId() {
        const {activeId} = this.store;
        return (
            [1, -1]
                .map((step) => this.store.neighbourOf(activeId, step))
                .find(Boolean) || false
        );
    }

    /** Go back to the list, and focus the row of the conversation. */
    leave() {
        const id = this.store.activeId;
        if (this.ui.isSmall) {
            this.select(false);
        }
        browser.setTimeout(() =>
            document.querySelector(`.o-messaging-Row[data-id="${id}"]`)?.focus()
        );
    }

    get isSeen() {
        return document.visibilityState === "visible" && document.hasFocus();
    }

    seen() {
        if (this.isSeen && this.conversation) {
            this.store.actions.readSoon(this.conversation);
        }
    }

    reload() {
        browser.location.reload();
    }

    connectChannel() {
        this.action.doAction("messaging_inbox.messaging_account_action");
    }
}

registry.category("actions").add("messaging_inbox.inbox", Inbox);

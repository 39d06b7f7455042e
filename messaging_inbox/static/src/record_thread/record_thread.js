import {
    Component,
    onMounted,
    onWillUnmount,
    status,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {Composer} from "../composer/composer";
import {ConversationAvatar} from "../core/ui/avatar";
import {GONE} from "../inbox/inbox";
import {KeepLast} from "@web/core/utils/concurrency";
import {Thread} from "../thread/thread";
import {UnreachableNotice} from "../starting/unreachable_notice";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {sentenceOf} from "../core/errors";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

// The server returns no more.
const MOST = 20;
const INBOX = "messaging_inbox.messaging_inbox_action";

function byNewest(a, b) {
    return b.seq - a.seq || b.id - a.id;
}

/** The conversations of a contact, lead or deal on its form: live, and answerable. */
export class RecordThread extends Component {
    static template = "messaging_inbox.RecordThread";
    static components = {Composer, ConversationAvatar, Thread, UnreachableNotice};
    static props = {...standardWidgetProps};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.action = useService("action");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        this.state = useState({status: "loading", error: "", ids: [], shownId: false});
        useEffect(
            () => {
                this.load();
            },
            () => [this.recordId, this.props.record.data.messaging_conversation_count]
        );
        onMounted(() => this.seen());
        onWillUnmount(() => {
            this.store.keptIds.clear();
            this.store.presence.enter(false);
        });
        useExternalListener(window, "focus", () => this.seen());
        useExternalListener(document, "visibilitychange", () => this.seen());
    }

    get recordId() {
        return this.props.record.resId;
    }

    /** A dialog lies above a page that may show another conversation: only one is open. */
    get isInDialog() {
        return Boolean(this.env.inDialog);
    }

    // Loading -----------------------------------------------------------------

    async load() {
        const {resModel, resId} = this.props.record;
        if (!resId || this.isInDialog) {
            return;
        }
        this.leaveOtherRecord(resId);
        try {
            this.loaded(await this.keepLast.add(this.fetch(resModel, resId)));
        } catch (error) {
            const {store} = this;
            this.state.error =
                store.status === "failed" ? store.error : sentenceOf(error);
            this.state.status = "failed";
        }
    }

    /** Nobody may write to the former record's customer by mistake. */
    leaveOtherRecord(resId) {
        if (this.loadedId !== resId) {
            Object.assign(this.state, {status: "loading", ids: [], shownId: false});
        }
        this.loadedId = resId;
    }

    /** Without what the inbox loads first, such as channels, no one could answer. */
    async fetch(resModel, resId) {
        const {store} = this;
        if (store.status !== "ready") {
            await store.load();
        }
        if (store.status === "failed") {
            throw new Error(store.error);
        }
        return store.api.linked(resModel, resId);
    }

    loaded(rows) {
        if (status(this) === "destroyed") {
            return;
        }
        this.store.keptIds.clear();
        for (const row of rows) {
            this.store.keptIds.add(row.id);
            this.store.putRow(row);
        }
        this.state.ids = rows.map(({id}) => id);
        this.state.status = "ready";
        if (!this.state.ids.includes(this.state.shownId)) {
            this.show(this.rows[0]?.id || false);
        }
    }

    async show(id) {
        this.state.shownId = id;
        await this.store.open(id);
        this.seen();
    }

    seen() {
        const isSeen = document.visibilityState === "visible" && document.hasFocus();
        if (isSeen && this.conversation) {
            this.store.actions.readSoon(this.conversation);
        }
    }

    // What is shown -------------------------------------------------------------

    get isCut() {
        return this.state.ids.length >= MOST;
    }

    get rows() {
        const {rows} = this.store;
        return this.state.ids
            .map((id) => rows[id])
            .filter(Boolean)
            .sort(byNewest);
    }

    get conversation() {
        return this.store.conversations[this.state.shownId];
    }

    get gone() {
        return GONE[this.conversation?.status];
    }

    get isComposing() {
        return this.conversation.status === "ready" && Boolean(this.conversation.row);
    }

    nameOf(row) {
        return row.contact_name || row.contact_phone || _t("Unknown");
    }

    channelOf(row) {
        return this.store.channels[row.channel_id];
    }

    get assignee() {
        const userId = this.conversation.row?.user_id;
        return userId
            ? _t("Assigned to %(name)s", {name: this.store.nameOf(userId, true)})
            : _t("Unassigned");
    }

    // Ways out ------------------------------------------------------------------

    openInbox() {
        this.action.doAction(INBOX, {props: {resId: this.state.shownId}});
    }

    /** Escape leaves the text for the messages. */
    leave() {
        this.root.el.querySelector(".o-messaging-Thread-scroll")?.focus();
    }
}

registry
    .category("view_widgets")
    .add("messaging_record_thread", {component: RecordThread});

import {
    Component,
    onMounted,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {NARROWEST, usePaneWidth, WIDEST} from "./pane_width";
import {useService} from "@web/core/utils/hooks";

/**
 * The right pane: cards from the registry `messaging_inbox.details_cards`. A card is
 * `{Component, isShown?(conversation)}`; its component receives the conversation.
 */
export class DetailsPane extends Component {
    static template = "messaging_inbox.DetailsPane";
    static props = {conversation: Object, isOverlay: Boolean, onClose: Function};

    setup() {
        this.conversation = useState(this.props.conversation);
        this.ui = useService("ui");
        this.width = usePaneWidth(useService("messaging_inbox.store").storage);
        this.limits = {least: NARROWEST, most: WIDEST};
        this.close = useRef("close");
        // An overlay takes the focus.
        onMounted(() => this.props.isOverlay && this.close.el.focus());
        this.followRecords();
    }

    /** Return whether its width can be set: not as an overlay or on a phone. */
    get isResizable() {
        return !this.props.isOverlay && !this.ui.isSmall;
    }

    get isReady() {
        return this.conversation.status === "ready" && Boolean(this.conversation.row);
    }

    get cards() {
        return registry
            .category("messaging_inbox.details_cards")
            .getEntries()
            .map(([key, card]) => ({key, ...card}))
            .filter((card) => card.isShown?.(this.conversation) ?? true);
    }

    /** Refresh records when links change and on return: they may change elsewhere. */
    followRecords() {
        const {records} = this.props.conversation;
        useEffect(
            (isOutdated) => {
                if (isOutdated) {
                    records.refresh();
                }
            },
            () => [this.conversation.records.isOutdated]
        );
        useEffect(
            (lacksRecord) => {
                if (lacksRecord) {
                    records.findMatches();
                }
            },
            () => {
                const {row, details} = this.conversation;
                const lacksRecord = this.isReady && !(details.partner && details.lead);
                return [lacksRecord, row?.partner_id, row?.lead_id, row?.contact_name];
            }
        );
        useEffect(
            (isOver) => {
                if (isOver) {
                    records.refresh();
                }
            },
            () => [this.conversation.records.isOver, this.conversation.row?.seq]
        );
        useExternalListener(window, "focus", () => records.refresh());
    }

    onKeydown(ev) {
        if (ev.key === "Escape" && this.props.isOverlay) {
            this.props.onClose();
        }
    }
}

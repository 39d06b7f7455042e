import {Component, onWillRender, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {cappedCount} from "../core/formatting";
import {ConversationRow} from "./conversation_row";
import {LoadMore} from "./load_more";
import {useService} from "@web/core/utils/hooks";

const FACES = {
    mine: {
        title: _t("Assigned to me"),
        empty: _t("Nothing is assigned to you."),
    },
    unassigned: {
        title: _t("Unassigned"),
        empty: _t("No one is waiting. New conversations appear here."),
    },
    others: {
        title: _t("Assigned to others"),
        empty: _t("Your colleagues have no open conversations."),
    },
    closed: {
        title: _t("Closed conversations"),
        empty: _t("No conversation has been closed yet."),
    },
};

/** A foldable section of the list; it asks for its rows when it is first unfolded. */
export class ConversationSection extends Component {
    static template = "messaging_inbox.ConversationSection";
    static components = {ConversationRow, LoadMore};
    static props = {section: String, position: Number, onSelect: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.header = useRef("header");
        this.rowsRef = useRef("rows");
        this.cappedCount = cappedCount;
        this.followLink();
        // A change of the filter empties the list: then it asks anew, by itself.
        onWillRender(() => {
            if (!this.isFolded && this.list.status === "new") {
                this.list.loadMore();
            }
        });
    }

    /** Once the first page is there: later ones mustn't take the reader back. */
    followLink() {
        useEffect(
            (id) => {
                const row = this.rowsRef.el.querySelector(`[data-id="${id}"]`);
                row?.scrollIntoView({block: "nearest"});
            },
            () => [this.store.linkedId, this.list.cursor === false]
        );
    }

    get list() {
        return this.store.sections[this.props.section];
    }

    get face() {
        return FACES[this.props.section];
    }

    get isFolded() {
        return Boolean(this.store.folded[this.props.section]);
    }

    get rows() {
        return this.list.rows;
    }

    /** Closed conversations aren't counted; with a filter we only know what is loaded. */
    get total() {
        const {counters, channelId} = this.store;
        return channelId ? 0 : counters.totals?.[this.props.section] || 0;
    }

    get unread() {
        const {counters, channelId} = this.store;
        return channelId ? 0 : counters[this.props.section] || 0;
    }

    get rowsId() {
        return `o-messaging-section-${this.props.section}`;
    }

    /** A header that sticks to the edge leads to its rows before it folds them. */
    onHeaderClick() {
        if (this.isFolded) {
            this.store.setFolded(this.props.section, false);
            return;
        }
        if (this.isOutOfSight()) {
            this.rowsRef.el.firstElementChild?.scrollIntoView({block: "center"});
            return;
        }
        this.store.setFolded(this.props.section, true);
    }

    isOutOfSight() {
        const rows = this.rowsRef.el.getBoundingClientRect();
        const header = this.header.el.getBoundingClientRect();
        return rows.height > 0 && rows.top > header.bottom + rows.height;
    }
}

import {Component, onWillRender, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {cappedCount} from "../core/formatting";
import {LoadMore} from "./load_more";
import {chunksOf, RowChunk} from "./row_chunk";
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
    snoozed: {
        title: _t("Snoozed"),
        empty: _t("No conversation is snoozed."),
    },
    closed: {
        title: _t("Closed conversations"),
        empty: _t("No conversation has been closed yet."),
    },
};

/** A foldable section of the list; it loads its rows when first unfolded. */
export class ConversationSection extends Component {
    static template = "messaging_inbox.ConversationSection";
    static components = {LoadMore, RowChunk};
    static props = {section: String, position: Number, onSelect: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.header = useRef("header");
        this.rowsRef = useRef("rows");
        this.cappedCount = cappedCount;
        this.followLink();
        // Changing the filter resets the list, which then loads again here.
        onWillRender(() => {
            if (!this.isFolded && this.list.status === "new") {
                this.list.loadMore();
            }
        });
    }

    /** Scroll to the linked row after the first page; later pages must not scroll. */
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

    get chunks() {
        return this.isFolded ? [] : chunksOf(this.list.rows);
    }

    /** Return the total; 0 if unknown: closed conversations, or a filter. */
    get total() {
        const {counters, isFiltered} = this.store;
        return isFiltered ? 0 : counters.totals?.[this.props.section] || 0;
    }

    get unread() {
        const {counters, isFiltered} = this.store;
        return isFiltered ? 0 : counters[this.props.section] || 0;
    }

    /** Return how many customers wait for an answer. */
    get waiting() {
        const {counters, isFiltered} = this.store;
        return isFiltered ? 0 : counters.waiting?.[this.props.section] || 0;
    }

    get emptyText() {
        return this.store.isFiltered
            ? _t("No conversation matches the filters.")
            : this.face.empty;
    }

    get rowsId() {
        return `o-messaging-section-${this.props.section}`;
    }

    /** Unfold or fold; a header stuck to an edge first scrolls to its rows. */
    onHeaderClick() {
        if (this.isFolded) {
            this.store.setFolded(this.props.section, false);
            return;
        }
        if (this.isOutOfSight()) {
            const [row] = this.rowsRef.el.getElementsByClassName("o-messaging-Row");
            row?.scrollIntoView({block: "center"});
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

import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {ConversationRow} from "./conversation_row";
import {useService} from "@web/core/utils/hooks";

// Rows of a chunk, and how far from the visible part it is drawn, in pixels.
export const CHUNK = 50;
const MARGIN = 1000;

/** Return rows in chunks. */
export function chunksOf(rows) {
    const count = Math.ceil(rows.length / CHUNK);
    return Array.from({length: count}, (_, index) =>
        rows.slice(index * CHUNK, (index + 1) * CHUNK)
    );
}

/**
 * Some consecutive rows of a long list, which are drawn only near its visible part. All
 * rows have the same height, so an empty chunk takes as much room as its rows.
 */
export class RowChunk extends Component {
    static template = "messaging_inbox.RowChunk";
    static components = {ConversationRow};
    static props = {
        rows: Array,
        section: String,
        isFirst: Boolean,
        isOnly: Boolean,
        onSelect: Function,
    };

    setup() {
        this.store = useService("messaging_inbox.store");
        this.root = useRef("root");
        this.state = useState({isNear: this.props.isFirst});
        useEffect(
            (el, isOnly) => {
                if (isOnly) {
                    return;
                }
                const observer = new IntersectionObserver(
                    (entries) => this.onMoved(entries[entries.length - 1]),
                    {
                        root: el.closest(".o-messaging-List-scroll"),
                        rootMargin: `${MARGIN}px 0px`,
                    }
                );
                observer.observe(el);
                return () => observer.disconnect();
            },
            () => [this.root.el, this.props.isOnly]
        );
    }

    /** Keep the row that has the focus: without it, arrow keys would begin anew. */
    onMoved({isIntersecting}) {
        const hasFocus = this.root.el.contains(document.activeElement);
        this.state.isNear = isIntersecting || hasFocus;
    }

    get isDrawn() {
        const {isOnly, rows} = this.props;
        const {activeId} = this.store;
        return isOnly || this.state.isNear || rows.some(({id}) => id === activeId);
    }
}

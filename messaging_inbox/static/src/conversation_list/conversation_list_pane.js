import {Component, onWillStart, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {AvailabilitySwitch} from "../availability/availability_switch";
import {browser} from "@web/core/browser/browser";
import {channelIcon} from "../core/message_kinds";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {ConversationSection} from "./conversation_section";
import {ListFilters} from "./list_filters";
import {NotificationBell} from "../notifications/notification_bell";
import {SECTIONS} from "../core/store";
import {SearchFilters} from "./search_filters";
import {SearchResults} from "./search_results";
import {SelectionBar} from "./selection_bar";
import {useInboxCommand} from "../core/inbox_commands";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";

const SEARCH_DELAY = 250;
// How long a row may take until it is drawn.
const MOST_FRAMES = 30;

/** The left pane: availability, filter, search, and the sections or search results. */
export class ConversationListPane extends Component {
    static template = "messaging_inbox.ConversationListPane";
    static components = {
        AvailabilitySwitch,
        ConversationSection,
        Dropdown,
        DropdownItem,
        ListFilters,
        NotificationBell,
        SearchFilters,
        SearchResults,
        SelectionBar,
    };
    static props = {onSelect: Function, onSettings: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.startingService = useService("messaging_inbox.starting");
        this.starting = useState(this.startingService.state);
        this.root = useRef("root");
        this.searchInput = useRef("search");
        this.scroll = useRef("scroll");
        this.channelIcon = channelIcon;
        this.sections = SECTIONS;
        this.state = useState({text: this.store.query});
        this.searchSoon = useDebounced(() => this.search(), SEARCH_DELAY);
        useInboxCommand(
            _t("Undo the last change of several conversations"),
            () => this.store.selection.undo(),
            {
                hotkey: "alt+shift+y",
                isAvailable: () => this.store.selection.steps.length > 0,
            }
        );
        onWillStart(() => {
            if (this.store.isSearching && !this.store.search.isLoaded) {
                this.search();
            }
        });
    }

    get channels() {
        return Object.values(this.store.channels);
    }

    get channelName() {
        return this.store.channels[this.store.channelId]?.name || _t("All channels");
    }

    filter(channelId) {
        this.store.setFilter({channelId});
        this.search();
    }

    startNew() {
        this.startingService.open();
    }

    // Search ------------------------------------------------------------------

    onSearchInput(ev) {
        this.state.text = ev.target.value;
        this.searchSoon();
    }

    search() {
        this.store.setFilter({query: this.state.text});
        this.loadFound();
    }

    loadFound() {
        if (this.store.isSearching) {
            this.store.search.loadMore();
            this.store.messageSearch.loadMore();
        }
    }

    clearSearch() {
        this.state.text = "";
        this.search();
        this.searchInput.el?.focus();
    }

    // Keyboard ----------------------------------------------------------------

    get rowElements() {
        return [...this.root.el.querySelectorAll(".o-messaging-Row")];
    }

    onSearchKeydown(ev) {
        if (ev.key === "Escape" && this.state.text) {
            ev.preventDefault();
            this.clearSearch();
        } else if (ev.key === "ArrowDown") {
            ev.preventDefault();
            this.rowElements[0]?.focus();
        } else if (ev.key === "Enter") {
            this.search();
        }
    }

    onKeydown(ev) {
        const row = ev.target.closest(".o-messaging-Row");
        if (row && this.selectByKey(ev, row)) {
            ev.preventDefault();
            return;
        }
        if (!row || ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        if (ev.key === "End") {
            ev.preventDefault();
            this.focusLast();
            return;
        }
        const rows = this.rowElements;
        const position = rows.indexOf(row);
        const moves = {
            ArrowDown: position + 1,
            j: position + 1,
            ArrowUp: position - 1,
            k: position - 1,
            Home: 0,
        };
        if (ev.key in moves) {
            ev.preventDefault();
            this.focusRow(rows, moves[ev.key]);
        } else if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            const {id, message} = row.dataset;
            this.props.onSelect(Number(id), Number(message) || false);
        }
    }

    /** Select by X, Shift and arrows, Ctrl+A or Escape; return whether the key does so. */
    selectByKey({key, shiftKey, ctrlKey, metaKey, altKey}, row) {
        const {selection} = this.store;
        const id = Number(row.dataset.id);
        const step = {ArrowDown: 1, ArrowUp: -1}[key];
        if (altKey || row.dataset.message) {
            return false;
        }
        if ((ctrlKey || metaKey) && key === "a") {
            selection.checkAll();
        } else if (ctrlKey || metaKey) {
            return false;
        } else if (key.toLowerCase() === "x") {
            selection.toggle(id);
        } else if (shiftKey && step) {
            this.extendSelection(row, step);
        } else if (key === "Escape" && selection.count) {
            selection.clear();
        } else {
            return false;
        }
        return true;
    }

    extendSelection(row, step) {
        const {selection} = this.store;
        if (!selection.count) {
            selection.toggle(Number(row.dataset.id));
        }
        const rows = this.rowElements;
        const next = rows[rows.indexOf(row) + step];
        if (next) {
            selection.extendTo(Number(next.dataset.id));
            next.focus();
        }
    }

    /** Focus the last row, which is drawn only when it is near. */
    async focusLast() {
        if (this.store.isSearching) {
            this.rowElements.at(-1).focus();
            return;
        }
        const {el} = this.scroll;
        const last = this.store.shownRows.at(-1)?.id;
        for (let frame = 0; frame < MOST_FRAMES; frame++) {
            el.scrollTop = el.scrollHeight;
            const row = el.querySelector(`.o-messaging-Row[data-id="${last}"]`);
            if (row) {
                row.focus();
                return;
            }
            await new Promise((resolve) => browser.requestAnimationFrame(resolve));
        }
    }

    focusRow(rows, position) {
        if (position < 0) {
            this.searchInput.el.focus();
            return;
        }
        rows[Math.min(position, rows.length - 1)].focus();
    }
}

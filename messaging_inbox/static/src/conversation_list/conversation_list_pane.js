import {Component, onWillStart, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {AvailabilitySwitch} from "../availability/availability_switch";
import {channelIcon} from "../core/message_kinds";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {ConversationSection} from "./conversation_section";
import {ListFilters} from "./list_filters";
import {ListKeys} from "./list_keys";
import {NotificationBell} from "../notifications/notification_bell";
import {SECTIONS} from "../core/store";
import {SearchFilters} from "./search_filters";
import {SearchResults} from "./search_results";
import {SelectionBar} from "./selection_bar";
import {useInboxCommand} from "../core/inbox_commands";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";

const SEARCH_DELAY = 250;

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
        this.keys = new ListKeys(this.store, this.root, {
            select: (...chosen) => this.props.onSelect(...chosen),
            leave: () => this.searchInput.el.focus(),
        });
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

    onSearchKeydown(ev) {
        if (ev.key === "Escape" && this.state.text) {
            ev.preventDefault();
            this.clearSearch();
        } else if (ev.key === "ArrowDown") {
            ev.preventDefault();
            this.keys.rows[0]?.focus();
        } else if (ev.key === "Enter") {
            this.search();
        }
    }
}

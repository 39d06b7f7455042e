import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {reasonIcon} from "./match_reasons";
import {sentenceOf} from "../../core/errors";
import {useAutofocus} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

const TYPING = 250;

/** Searches for a record to link; shows suggestions until something is typed. */
export class LinkSearch extends Component {
    static template = "messaging_inbox.LinkSearch";
    static props = {
        records: Object,
        model: String,
        label: String,
        placeholder: String,
        suggestions: Array,
        onChoose: Function,
        onClose: Function,
    };

    setup() {
        this.records = useState(this.props.records);
        this.state = useState({query: "", found: [], status: "idle", error: "", at: 0});
        this.keepLast = new KeepLast();
        this.askSoon = useDebounced(() => this.ask(), TYPING);
        this.list = useRef("list");
        this.listId = `o-messaging-LinkSearch-${this.props.model.replace(".", "-")}`;
        this.reasonIcon = reasonIcon;
        useAutofocus({refName: "input", mobile: true});
        useEffect(
            () => this.scrollToActive(),
            () => [this.state.at]
        );
    }

    get query() {
        return this.state.query.trim();
    }

    /** Return the suggestions, or the results once something is typed. */
    get hits() {
        return this.query ? this.state.found : this.props.suggestions;
    }

    get active() {
        return this.hits[this.state.at];
    }

    optionId({id}) {
        return `${this.listId}-${id}`;
    }

    get status() {
        if (!this.query) {
            return this.hits.length
                ? ""
                : _t("Type a name, a company, a number or an email address.");
        }
        if (this.state.status === "failed") {
            return this.state.error;
        }
        if (this.state.status === "loading") {
            return this.hits.length ? "" : _t("Searching…");
        }
        return this.hits.length ? "" : _t("Nothing found.");
    }

    onInput() {
        this.state.at = 0;
        this.state.status = "loading";
        this.askSoon();
    }

    async ask() {
        const {query} = this;
        if (!query) {
            return;
        }
        const {records, model} = this.props;
        try {
            const asking = records.api.search(records.id, model, query);
            const found = await this.keepLast.add(asking);
            Object.assign(this.state, {found, status: "ready", at: 0});
        } catch (error) {
            const sentence = String(sentenceOf(error));
            Object.assign(this.state, {found: [], status: "failed", error: sentence});
        }
    }

    onKeydown(ev) {
        const {length} = this.hits;
        const keys = {
            ArrowDown: () => (this.state.at = (this.state.at + 1) % (length || 1)),
            ArrowUp: () =>
                (this.state.at = (this.state.at - 1 + length) % (length || 1)),
            Enter: () => this.chooseActive(),
            Escape: () => this.props.onClose(),
        };
        if (keys[ev.key] && !ev.isComposing) {
            ev.preventDefault();
            ev.stopPropagation();
            keys[ev.key]();
        }
    }

    /** Choose the active hit, unless the results belong to an earlier query. */
    chooseActive() {
        const isCurrent = !this.query || this.state.status === "ready";
        if (this.active && isCurrent) {
            this.choose(this.active);
        }
    }

    choose(hit) {
        if (!this.records.isBusy) {
            this.props.onChoose(hit);
        }
    }

    scrollToActive() {
        const option = this.list.el?.querySelector("[aria-selected=true]");
        option?.scrollIntoView({block: "nearest"});
    }
}

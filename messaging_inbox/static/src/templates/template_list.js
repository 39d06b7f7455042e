import {
    boundValues,
    categoryLabel,
    documentGroup,
    groupTemplates,
    labelsOf,
    searchTemplates,
    takesDocument,
} from "./template_search";
import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {isMobileOS} from "@web/core/browser/feature_detection";
import {readableText} from "../core/placeholders";
import {TemplateBubble} from "./template_bubble";
import {withoutFormatting} from "../core/message_markup";

let nextList = 1;

/** Searches for a template; the active one has its preview beside the list. */
export class TemplateList extends Component {
    static template = "messaging_inbox.TemplateList";
    static components = {TemplateBubble};
    static props = {
        choices: {type: [Object, {value: null}]},
        draft: Object,
        error: String,
        isManager: Boolean,
        onCancel: Function,
        onChoose: Function,
        onManage: Function,
        onReload: Function,
    };

    setup() {
        this.draft = useState(this.props.draft);
        this.state = useState({activeId: this.draft.lastId});
        this.search = useRef("search");
        this.list = useRef("list");
        this.listId = `o-messaging-TemplateList-${nextList++}`;
        this.boundValues = boundValues;
        this.categoryLabel = categoryLabel;
        this.labelsOf = labelsOf;
        this.isFirst = (each) => this.draft.wantsDocument && takesDocument(each);
        this.isOther = (each) => !this.isFirst(each);
        useEffect(
            () => this.focus(),
            () => []
        );
        useEffect(
            () => this.scrollToActive(),
            () => [this.active?.id]
        );
    }

    /** Focus the search, except on a phone: its keyboard would cover the list. */
    focus() {
        if (!isMobileOS() || this.draft.query) {
            this.search.el?.focus();
        }
    }

    // The list -------------------------------------------------------------------

    get templates() {
        return this.props.choices?.templates || [];
    }

    get found() {
        const found = searchTemplates(this.templates, this.draft.query);
        return [...found.filter(this.isFirst), ...found.filter(this.isOther)];
    }

    get groups() {
        const {found} = this;
        const language = this.props.choices?.language;
        const groups = groupTemplates(found.filter(this.isOther), language);
        const first = found.filter(this.isFirst);
        return first.length ? [documentGroup(first), ...groups] : groups;
    }

    /** Return whether groups have headings: with one group, they'd say nothing. */
    get hasHeadings() {
        const isSplit = this.templates.some(this.isFirst);
        return isSplit || new Set(this.templates.map((each) => each.language)).size > 1;
    }

    /** Return the active template: as chosen, otherwise the first that can be sent. */
    get active() {
        const {found} = this;
        return (
            found.find(({id}) => id === this.state.activeId) ||
            found.find(({problem}) => !problem) ||
            found[0]
        );
    }

    get isLoading() {
        return !this.props.choices && !this.props.error;
    }

    get status() {
        if (this.isLoading) {
            return _t("Loading…");
        }
        return this.templates.length && !this.found.length
            ? _t("No template matches.")
            : "";
    }

    headingOf({label, isCustomers}) {
        return isCustomers
            ? _t("%(language)s · the customer's language", {language: label})
            : label;
    }

    optionId({id}) {
        return `${this.listId}-${id}`;
    }

    lineOf(template) {
        const text = readableText(
            template.body,
            boundValues(template),
            labelsOf(template)
        );
        return withoutFormatting(text);
    }

    // Choosing -------------------------------------------------------------------

    onInput() {
        this.state.activeId = false;
    }

    onKeydown(ev) {
        const keys = {
            ArrowDown: () => this.move(1),
            ArrowUp: () => this.move(-1),
            Enter: () => this.choose(this.active),
        };
        if (keys[ev.key] && !ev.isComposing) {
            ev.preventDefault();
            ev.stopPropagation();
            keys[ev.key]();
        }
    }

    move(step) {
        const shown = this.groups.flatMap(({templates}) => templates);
        const at = shown.indexOf(this.active) + step;
        this.state.activeId = shown[(at + shown.length) % shown.length]?.id;
    }

    choose(template) {
        if (template && !template.problem) {
            this.props.onChoose(template);
        }
    }

    scrollToActive() {
        const option = this.list.el?.querySelector("[aria-selected=true]");
        option?.scrollIntoView({block: "nearest"});
    }
}

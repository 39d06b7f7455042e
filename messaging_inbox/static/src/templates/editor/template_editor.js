import {LIMITS, changesOf, contentOf, freeName, variablesOf} from "./editor_content";
import {Component, onWillUnmount, useState} from "@odoo/owl";
import {ButtonsEditor} from "./buttons_editor";
import {HeaderFile} from "./header_file";
import {TemplateBubble} from "../template_bubble";
import {TextBox} from "./text_box";
import {VariablesTable} from "./variables_table";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useBus} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";

// The record asks the server for advice: not at each key.
const PAUSE = 500;
const HEADERS = [
    ["none", _t("None")],
    ["text", _t("Text")],
    ["image", _t("Picture")],
    ["document", _t("Document")],
];
const VIDEO = ["video", _t("Video")];
const IN_HEAD = ["name", "language", "category"];
/** What is inserted most, and where its value comes from. */
const SUGGESTIONS = [
    {key: "contact", label: _t("Contact's name"), source: "partner", sample: "Ana"},
    {
        key: "deal",
        label: _t("Name of the lead or deal"),
        source: "lead",
        sample: "Bike",
    },
    {key: "agent", label: _t("Assignee's name"), source: "user", sample: "Tom"},
    {key: "company", label: _t("Name of the company"), source: "company", sample: ""},
];
const NEW = "+";
const OUR_FILES = "/messaging/media/";

/**
 * The content of a template beside what the customer will see. Typing changes the
 * preview at once, and the record after a pause, whose advice then follows. The view
 * must name all fields of the content: only then does the server give advice.
 */
export class TemplateEditor extends Component {
    static template = "messaging_inbox.TemplateEditor";
    static components = {
        ButtonsEditor,
        HeaderFile,
        TemplateBubble,
        TextBox,
        VariablesTable,
    };
    static props = {...standardFieldProps};

    setup() {
        this.limits = LIMITS;
        this.isPending = false;
        this.isCommitting = false;
        this.wantsHeader = false;
        this.state = useState({...contentOf(this.data), touched: {}});
        useRecordObserver((record) => this.show(contentOf(record.data), record.dirty));
        const {bus} = this.props.record.model;
        useBus(bus, "WILL_SAVE_URGENTLY", () => this.commit());
        useBus(bus, "NEED_LOCAL_CHANGES", ({detail}) =>
            detail.proms.push(this.commit())
        );
        onWillUnmount(() => browser.clearTimeout(this.timer));
        this.choose = this.choose.bind(this);
        this.leave = this.leave.bind(this);
        this.suggestions = this.suggestions.bind(this);
    }

    /** Show what the record has, unless it doesn't have yet what was typed. */
    show(content, isDirty) {
        if (this.isPending || this.isCommitting) {
            return;
        }
        // A header that is still empty is none for the record.
        if (isDirty && this.wantsHeader && content.headerKind === "none") {
            content.headerKind = "text";
        }
        Object.assign(this.state, content);
    }

    get data() {
        return this.props.record.data;
    }

    /** Return the variables to bind; those of a draft follow what is typed. */
    get names() {
        const {media_url, variable_names} = this.data;
        if (!this.props.readonly) {
            return variablesOf(this.state);
        }
        // The file of a header is chosen, not typed.
        const isFile = (name) =>
            media_url === `{{${name}}}` ||
            (media_url || "").endsWith(`${OUR_FILES}{{${name}}}`);
        return (variable_names || []).filter((name) => !isFile(name));
    }

    get canBind() {
        return this.props.record.isInEdition;
    }

    get isFile() {
        return !["none", "text"].includes(this.state.headerKind);
    }

    get headers() {
        return this.state.headerKind === "video" ? [...HEADERS, VIDEO] : HEADERS;
    }

    get fileName() {
        return this.data.sample_name || "";
    }

    /** Return the template as the preview draws it. */
    get preview() {
        const {header, headerKind, body, footer, buttons} = this.state;
        const id = this.data.sample_attachment_id?.id;
        return {
            header: headerKind === "text" ? header : "",
            body,
            footer,
            buttons,
            media_kind: this.isFile ? headerKind : "",
            media_url: this.data.media_url || "",
            thumbnail: headerKind === "image" && id ? `/web/image/${id}` : "",
            file_name: this.fileName,
        };
    }

    get samples() {
        return {...this.data.samples, ...this.state.samples};
    }

    // ------------------------------------------------------------------
    // advice
    // ------------------------------------------------------------------

    /** Return the advice for some places, once the user was there or it is stored. */
    adviceOf(...places) {
        const advice = this.data.advice || [];
        return advice.filter(
            ({place}) =>
                places.includes(place) &&
                (this.props.record.resId || this.state.touched[place])
        );
    }

    get adviceOfHead() {
        return this.adviceOf(...IN_HEAD);
    }

    isWrong(place) {
        return this.adviceOf(place).some((each) => !each.is_warning);
    }

    // ------------------------------------------------------------------
    // changes
    // ------------------------------------------------------------------

    change(place, values) {
        Object.assign(this.state, values);
        this.touch(place);
    }

    touch(place) {
        this.state.touched[place] = true;
        if (this.names.length) {
            this.state.touched.variables = true;
        }
        this.isPending = true;
        this.props.record.model.bus.trigger("FIELD_IS_DIRTY", true);
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.commit(), PAUSE);
    }

    setHeader(headerKind) {
        this.wantsHeader = headerKind === "text";
        this.change("header", {headerKind});
        this.state.touched.file = true;
        this.leave();
    }

    setSample(name, sample) {
        this.state.samples[name] = sample;
        this.touch("variables");
    }

    setBinding(name, binding) {
        if (binding) {
            this.state.bindings[name] = binding;
        } else {
            delete this.state.bindings[name];
        }
        this.touch("variables");
        this.leave();
    }

    async setFile(file) {
        await this.commit();
        await this.props.record.update({sample_attachment_id: file});
    }

    leave() {
        return this.commit();
    }

    /** Return what was changed; only bindings if the provider has the content. */
    get changes() {
        const changes = changesOf(this.state, this.names);
        return this.props.readonly ? {bindings: changes.bindings} : changes;
    }

    /** Give the record what was typed; it asks the server what to think of it. */
    async commit() {
        browser.clearTimeout(this.timer);
        if (!this.isPending) {
            return this.committing;
        }
        this.isPending = false;
        this.isCommitting = true;
        const {record} = this.props;
        this.committing = record.update(this.changes);
        try {
            await this.committing;
        } finally {
            this.isCommitting = false;
        }
        record.model.bus.trigger("FIELD_IS_DIRTY", this.isPending);
    }

    // ------------------------------------------------------------------
    // inserting variables
    // ------------------------------------------------------------------

    suggestions() {
        const old = this.names.map((name) => ({key: `=${name}`, label: `{{${name}}}`}));
        const offered = SUGGESTIONS.map(({key, label}) => ({
            key,
            label: String(label),
        }));
        return [...old, ...offered, {key: NEW, label: _t("Another value")}];
    }

    /** Return the name of a chosen variable; a suggested one is bound at once. */
    choose(key) {
        if (key.startsWith("=")) {
            return key.slice(1);
        }
        const suggestion = SUGGESTIONS.find((each) => each.key === key);
        const name = freeName(this.names, suggestion ? key : "value");
        if (suggestion) {
            const {source, sample} = suggestion;
            this.state.bindings[name] = {source, path: "name"};
            this.state.samples[name] = this.state.samples[name] || sample;
        }
        return name;
    }
}

registry.category("fields").add("messaging_template_editor", {
    component: TemplateEditor,
    supportedTypes: ["text"],
});

import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {ComposerFiles} from "../composer/composer_files";
import {hasVariable, readableText} from "../core/placeholders";
import {isMobileOS} from "@web/core/browser/feature_detection";
import {labelsOf} from "./template_search";
import {SendLater} from "../scheduled/send_later";
import {TemplateBubble} from "./template_bubble";

let nextForm = 1;

/** The values and the file of a chosen template, beside its preview. */
export class TemplateForm extends Component {
    static template = "messaging_inbox.TemplateForm";
    static components = {ComposerFiles, SendLater, TemplateBubble};
    static props = {
        draft: Object,
        template: Object,
        uploads: {type: [Object, {value: false}]},
        onBack: Function,
        onSend: Function,
        // Gets the template, a DateTime, and whether the customer's message cancels it.
        onSchedule: {type: Function, optional: true},
    };

    setup() {
        this.draft = useState(this.props.draft);
        this.state = useState({refusal: ""});
        this.root = useRef("root");
        this.fileInput = useRef("file");
        this.formId = `o-messaging-TemplateForm-${nextForm++}`;
        useEffect(
            () => this.focusFirst(),
            () => []
        );
    }

    get fields() {
        return this.props.template.variables;
    }

    get labels() {
        return labelsOf(this.props.template);
    }

    get preview() {
        const {template} = this.props;
        const [file] = this.draft.files;
        const isPicture = template.media_kind === "image" && file;
        return {
            ...template,
            thumbnail: isPicture ? this.thumbnailOf(file) : "",
            file_name: file?.name,
        };
    }

    thumbnailOf({id, preview}) {
        return preview || (id && `/web/image/${id}/480x480`) || "";
    }

    // What is missing ------------------------------------------------------------

    get missing() {
        return this.draft.missingIn(this.props.template);
    }

    /** Return why it can't be sent yet, or "". */
    get obstacle() {
        const {problem} = this.props.template;
        if (problem) {
            return problem;
        }
        if (this.needsFile) {
            return this.fileLabel;
        }
        const names = this.missing.map(({label, name}) => label || name).join(", ");
        return names ? _t("Fill in: %(names)s", {names}) : this.fileObstacle;
    }

    get needsFile() {
        return this.props.template.takes_file && !this.draft.files.length;
    }

    get fileObstacle() {
        const [file] = this.draft.files;
        if (!this.props.template.takes_file || file.state === "ready") {
            return "";
        }
        return file.state === "uploading"
            ? _t("Wait until the file is uploaded")
            : _t("Remove or convert the file that can't be sent");
    }

    get fileLabel() {
        const labels = {image: _t("Choose a picture"), video: _t("Choose a video")};
        return labels[this.props.template.media_kind] || _t("Choose a document");
    }

    fieldId({name}) {
        return `${this.formId}-${name}`;
    }

    /** Return an example of the value: only a hint, it is never sent. */
    hintOf({sample}) {
        return sample ? _t("For example: %(sample)s", {sample}) : "";
    }

    /** Return the address that a value goes into, if the preview doesn't show it. */
    addressOf({name}) {
        const {header, body, footer, buttons, media_url} = this.props.template;
        const shown = [header, body, footer, ...buttons.map(({text}) => text)];
        if (shown.some((text) => hasVariable(text, name))) {
            return "";
        }
        const addresses = [media_url, ...buttons.map(({value}) => value)];
        const address = addresses.find((each) => hasVariable(each, name));
        return address ? readableText(address, this.draft.values, this.labels) : "";
    }

    /** Return whether the value is still the one that is bound to the variable. */
    isFromOdoo({name, value, is_bound: isBound}) {
        return isBound && this.draft.values[name] === value;
    }

    isMissing({name}) {
        return !this.draft.values[name]?.trim();
    }

    // Keys -----------------------------------------------------------------------

    /** Focus what is missing first; on a phone, the keyboard would cover the preview. */
    focusFirst() {
        if (!isMobileOS()) {
            (this.firstEmpty || this.root.el.querySelector(".btn-primary")).focus();
        }
    }

    get firstEmpty() {
        const chooser = ".o-messaging-TemplateForm-choose";
        const [first] = this.missing;
        return (
            (this.needsFile && this.root.el.querySelector(chooser)) ||
            (first && document.getElementById(this.fieldId(first)))
        );
    }

    /** Enter goes on to what is missing, and sends once nothing is. */
    onFieldKeydown(ev) {
        if (ev.key !== "Enter" || ev.isComposing) {
            return;
        }
        ev.preventDefault();
        if (this.obstacle) {
            this.firstEmpty?.focus();
        } else {
            this.send();
        }
    }

    // The file -------------------------------------------------------------------

    get accept() {
        return this.props.uploads.accept(this.props.template.media_kind);
    }

    onFileChosen(ev) {
        const [file] = ev.target.files;
        if (file) {
            const {uploads, template} = this.props;
            this.state.refusal = uploads.add(this.draft, file, template.media_kind);
        }
        ev.target.value = "";
    }

    chooseFromRecord() {
        this.state.refusal = "";
        const {uploads, template} = this.props;
        uploads.chooseFromRecord(this.draft, template.media_kind);
    }

    retryFile(file) {
        this.props.uploads.retry(this.draft, file);
    }

    convertFile(file) {
        this.props.uploads.convert(this.draft, file);
    }

    removeFile(file) {
        this.props.uploads.remove(this.draft, file);
    }

    // Sending --------------------------------------------------------------------

    send() {
        if (!this.obstacle) {
            this.props.onSend(this.props.template);
        }
    }
}

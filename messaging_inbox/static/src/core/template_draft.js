import {Reactive} from "@web/core/utils/reactive";
import {fillText} from "./placeholders";

/** What a user chose and typed in the picker: a template, its values and its file. */
export class TemplateDraft extends Reactive {
    query = "";
    // Whether the list begins with the templates that take a document.
    wantsDocument = false;
    templateId = false;
    // The template that the values and the file belong to.
    lastId = false;
    values = {};
    files = [];

    /** `conversationId`: where its file is uploaded to. */
    constructor(conversationId = false) {
        super();
        this.conversationId = conversationId;
    }

    /** Choose a template; what was typed for it before stays. */
    choose({id, variables}) {
        const typed = id === this.lastId ? this.values : {};
        this.values = {};
        for (const {name, value} of variables) {
            this.values[name] = typed[name] || value || "";
        }
        this.templateId = this.lastId = id;
    }

    /** Go back to the list; the values stay, in case the user returns. */
    leave() {
        this.templateId = false;
    }

    write(name, value) {
        this.values[name] = value;
    }

    /** Uploads call it; a template's draft lasts only as long as the page. */
    changed() {
        return undefined;
    }

    get readyFile() {
        return this.files.find((file) => file.state === "ready");
    }

    /** Return the variables of the chosen template that have no value. */
    missingIn({variables}) {
        return variables.filter(({name}) => !this.values[name]?.trim());
    }

    /** Return {name: text} of a template's variables; it may have changed meanwhile. */
    valuesFor({variables}) {
        return Object.fromEntries(
            variables.map(({name}) => [name, (this.values[name] || "").trim()])
        );
    }

    /** Return the file to send, without values that only this page can use. */
    filesFor({takes_file: takesFile}) {
        if (!takesFile || !this.readyFile) {
            return [];
        }
        const {id, name, mimetype, size, state} = this.readyFile;
        return [{key: `file-${id}`, id, name, mimetype, size, state}];
    }

    /** Return the message to send, as the outbox takes it, and forget what was typed. */
    take(template) {
        const content = this.kept(template);
        this.forget();
        return content;
    }

    kept(template) {
        const values = this.valuesFor(template);
        return {
            body: fillText(template.body, values),
            files: this.filesFor(template),
            replyTo: false,
            template: {id: template.id, values, shown: shownOf(template, values)},
        };
    }

    forget() {
        this.files.forEach(({preview}) => preview && URL.revokeObjectURL(preview));
        const values = {query: "", templateId: false, lastId: false, values: {}};
        Object.assign(this, {...values, files: []});
    }

    /** Put a refused message back, in place of what was begun since. */
    putBack({template: {id, values}, files}) {
        Object.assign(this, {templateId: id, lastId: id, values: {...values}});
        this.files = [...files];
    }
}

/** Return what the thread shows besides the text, as a message's `data.template`. */
function shownOf(template, values) {
    const {name, language, media_kind, media_url} = template;
    const fill = (text) => fillText(text, values);
    const buttons = (template.buttons || []).map((button) => ({
        ...button,
        text: fill(button.text),
        value: fill(button.value),
    }));
    return {
        name,
        language,
        header: fill(template.header),
        footer: fill(template.footer),
        buttons,
        media_kind,
        media_url: fill(media_url),
    };
}

import {Newest} from "./newest";
import {Reactive} from "@web/core/utils/reactive";
import {TemplateDraft} from "./template_draft";
import {markRaw} from "@odoo/owl";
import {sentenceOf} from "./errors";

/** The picker of templates in one conversation: whether it is open, and its choices. */
export class ConversationTemplates extends Reactive {
    isOpen = false;
    // Opened by a slash, which Escape gives back to the text.
    isFromSlash = false;
    // As `messaging.template.choices` returns them; null before the first answer.
    choices = null;
    error = "";

    constructor(conversation) {
        super();
        this.conversation = conversation;
        this.store = conversation.store;
        this.draft = new TemplateDraft(conversation.id);
        this.newest = markRaw(new Newest());
    }

    /** Open the picker; `wantsDocument` begins with templates that take a document. */
    open({isFromSlash = false, wantsDocument = false} = {}) {
        Object.assign(this, {isOpen: true, isFromSlash});
        this.draft.wantsDocument = wantsDocument;
    }

    close() {
        Object.assign(this, {isOpen: false, isFromSlash: false});
    }

    /** Fetch the choices; earlier ones stay on the screen meanwhile. */
    async load() {
        this.error = "";
        const {id, row} = this.conversation;
        await this.newest.take(
            this.store.api.templateChoices(row.channel_id, id),
            (choices) => (this.choices = choices),
            (error) => (this.error = String(sentenceOf(error)))
        );
    }

    send(template) {
        const content = this.draft.take(template);
        this.close();
        this.store.actions.answered(this.conversation);
        return this.store.outbox.send(this.conversation, content);
    }

    /** Send a template at a DateTime; the draft stays until the server has it. */
    async schedule(template, time, cancelOnAnswer) {
        const content = this.draft.kept(template);
        const {scheduled} = this.conversation;
        if (await scheduled.add(content, time, cancelOnAnswer)) {
            this.draft.forget();
            this.close();
        }
    }

    /** Open the picker with a template that the provider refused; its file isn't kept. */
    again({id, variables: values}) {
        this.putBack({template: {id, values}, files: []});
    }

    /** Open the picker with a message that the server refused. */
    putBack(entry) {
        this.draft.putBack(entry);
        this.open();
    }
}

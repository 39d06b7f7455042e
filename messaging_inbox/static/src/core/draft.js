import {Reactive} from "@web/core/utils/reactive";
import {debounce} from "@web/core/utils/timing";
import {markRaw} from "@odoo/owl";

const SAVE_DELAY = 1200;

/** The draft of a conversation: text, files and the message that it quotes. */
export class Draft extends Reactive {
    body = "";
    files = [];
    replyTo = false;
    // A refused place, until it is edited.
    place = false;
    savedBody = "";
    isSaving = false;

    constructor(storage, conversationId, api) {
        super();
        this.storage = markRaw(storage);
        this.key = `draft.${conversationId}`;
        this.conversationId = conversationId;
        this.api = markRaw(api);
        this.saveSoon = debounce(() => this.saveToServer(), SAVE_DELAY);
    }

    get isEmpty() {
        return !this.body.trim() && !this.files.length;
    }

    get readyFiles() {
        return this.files.filter((file) => file.state === "ready");
    }

    get isUploading() {
        return this.files.some((file) => file.state === "uploading");
    }

    /** Return whether the channel refuses a file: the Agent decides what to do then. */
    get hasRefused() {
        return this.files.some((file) => file.state === "refused");
    }

    /** Prefer the browser's copy: it is the newest, and includes files and the quote. */
    restore(serverBody) {
        const saved = this.storage.read(this.key);
        this.savedBody = serverBody || "";
        this.body = saved ? saved.body : serverBody || "";
        this.files = saved ? saved.files : [];
        this.replyTo = saved ? saved.replyTo : false;
    }

    setBody(body) {
        this.body = body;
        this.changed();
        this.saveSoon();
    }

    /** Save at once when the field loses the focus: the user may go on elsewhere. */
    saveNow() {
        this.saveSoon.cancel();
        this.saveToServer();
    }

    changed() {
        if (this.isEmpty && !this.replyTo) {
            this.storage.remove(this.key);
            return;
        }
        this.storage.write(this.key, this.kept());
    }

    kept() {
        const {body, replyTo} = this;
        return {body, replyTo, files: this.keptFiles()};
    }

    /** Return the uploaded files without values that only this page can use. */
    keptFiles() {
        return this.readyFiles.map(({id, name, mimetype, size}) => ({
            key: `file-${id}`,
            id,
            name,
            mimetype,
            size,
            state: "ready",
        }));
    }

    /** Return the content to send, and clear the draft. */
    take() {
        const content = this.kept();
        this.files.forEach(({preview}) => preview && URL.revokeObjectURL(preview));
        Object.assign(this, {body: "", files: [], replyTo: false});
        this.changed();
        this.saveSoon();
        return content;
    }

    /** Return a place to send, with the quote; the text stays. */
    takePlace(place) {
        const {replyTo} = this;
        this.replyTo = false;
        this.changed();
        return {body: "", files: [], replyTo, place};
    }

    /** Put a refused message back, before the text written since. */
    putBack({body, files, replyTo, place = false}) {
        this.place = place;
        this.body = [body, this.body].filter(Boolean).join("\n");
        this.files = [...files, ...this.files];
        this.replyTo = this.replyTo || replyTo;
        this.changed();
        this.saveSoon();
    }

    /** Save by one request at a time: an older text never overwrites a newer one. */
    async saveToServer() {
        if (this.isSaving) {
            return;
        }
        this.isSaving = true;
        try {
            await this.saveUntilSame();
        } catch {
            return; // The browser's copy stays; the next keystroke retries.
        } finally {
            this.isSaving = false;
        }
        if (!this.files.length && !this.replyTo) {
            this.storage.remove(this.key);
        }
    }

    async saveUntilSame() {
        while (this.savedBody !== this.body) {
            const {body} = this;
            await this.api.saveDraft(this.conversationId, body);
            this.savedBody = body;
        }
    }
}

/** The draft of a note. It stays in this browser until the note is posted. */
export class NoteDraft extends Draft {
    mentions = [];

    constructor(storage, conversationId, api) {
        super(storage, conversationId, api);
        this.key = `note.${conversationId}`;
    }

    restore() {
        super.restore("");
        this.mentions = this.storage.read(this.key)?.mentions || [];
    }

    mention({id, name}) {
        this.mentions.push({id, name});
    }

    /** Return the mentions whose names are still in the text. */
    get mentioned() {
        return this.mentions.filter(({name}) => this.body.includes(`@${name}`));
    }

    kept() {
        return {...super.kept(), isNote: true, mentions: this.mentioned};
    }

    putBack(entry) {
        this.mentions = [...entry.mentions, ...this.mentions];
        super.putBack(entry);
    }

    async saveToServer() {
        // The server keeps drafts of replies only.
    }
}

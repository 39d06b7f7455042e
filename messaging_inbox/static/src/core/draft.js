import {Reactive} from "@web/core/utils/reactive";
import {debounce} from "@web/core/utils/timing";
import {markRaw} from "@odoo/owl";

const SAVE_DELAY = 1200;

/** What somebody is writing in one conversation: text, files and the message it answers. */
export class Draft extends Reactive {
    body = "";
    files = [];
    replyTo = false;
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

    /** A file that the channel doesn't take: what to do with it is the agent's choice. */
    get hasRefused() {
        return this.files.some((file) => file.state === "refused");
    }

    /** The browser's copy wins: it was written last, and it knows files and the quote. */
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

    /** Whoever leaves the field may go on at another screen. */
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

    /** Uploaded files as they can be kept: what only this page knows stays behind. */
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

    /** Hands over what is to be sent and leaves an empty draft. */
    take() {
        const content = this.kept();
        this.files.forEach(({preview}) => preview && URL.revokeObjectURL(preview));
        Object.assign(this, {body: "", files: [], replyTo: false});
        this.changed();
        this.saveSoon();
        return content;
    }

    /** Puts a message that was refused back, in front of what was written since. */
    putBack({body, files, replyTo}) {
        this.body = [body, this.body].filter(Boolean).join("\n");
        this.files = [...files, ...this.files];
        this.replyTo = this.replyTo || replyTo;
        this.changed();
        this.saveSoon();
    }

    /** One request at a time: an older text never overtakes a newer one. */
    async saveToServer() {
        if (this.isSaving) {
            return;
        }
        this.isSaving = true;
        try {
            await this.saveUntilSame();
        } catch {
            return; // The browser's copy stays; the next keystroke tries again.
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

/** A note for colleagues. It stays in this browser until it is written. */
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

    /** Whose name was deleted from the text isn't called. */
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
        // The server keeps drafts of answers alone.
    }
}

import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";
import {normalize} from "@web/core/l10n/utils";
import {Suggestions} from "./suggestions";
import {useService} from "@web/core/utils/hooks";

// Two colons at the beginning of a word, and the text after them.
const SHORTCUT = /(?:^|\s)::([^\s:]{0,30})$/u;
const PLACEHOLDER = /\{\{\s*[a-z]+\.[a-z]+\s*\}\}/g;
const MOST = 8;

/** Return the placeholders of a text that nobody has filled in. */
export function unfilledIn(text) {
    return [...new Set(text.match(PLACEHOLDER))];
}

/** Odoo's canned replies: the shortcut before the caret, and which ones match it. */
class CannedReplies extends Suggestions {
    constructor(composer, store, dialog) {
        super();
        this.composer = composer;
        this.store = store;
        this.dialog = dialog;
    }

    get shortcut() {
        const {el} = this.composer.text;
        return el
            ? SHORTCUT.exec(el.value.slice(0, el.selectionStart))?.[1]
            : undefined;
    }

    /** Offer them as if the user had typed the shortcut. */
    open() {
        this.composer.insertWord("::");
        return this.look();
    }

    async look() {
        if (this.shortcut === undefined) {
            this.close();
            return;
        }
        const replies = await this.load();
        const {shortcut} = this; // Read after waiting: the user may have typed on.
        this.show(this.matching(replies, shortcut));
    }

    /** Load the replies once per composer; if that fails, none is offered. */
    load() {
        this.loading ??= this.store.api.cannedReplies().catch(() => []);
        return this.loading;
    }

    /** Return matching replies, and the item that saves the text as another. */
    matching(replies, shortcut) {
        if (shortcut === undefined) {
            return [];
        }
        const wanted = normalize(shortcut);
        const found = replies
            .filter(({source, substitution}) =>
                normalize(`${source} ${substitution}`).includes(wanted)
            )
            .sort((a, b) => this.rank(b, wanted) - this.rank(a, wanted))
            .slice(0, MOST);
        const canSave = this.composer.draft.body.trim() !== `::${shortcut}`;
        return canSave || !found.length ? [...found, {id: false}] : found;
    }

    rank({source}, wanted) {
        return normalize(source).startsWith(wanted) ? 1 : 0;
    }

    async choose(reply) {
        this.close();
        if (!reply.id) {
            this.save();
            return;
        }
        const {conversation} = this.composer;
        await this.store.attempt(async () => {
            const used = await this.store.api.useCannedReply(conversation.id, reply.id);
            this.replaceShortcut(used.text);
            this.composer.addUploaded(used.files);
        });
        this.composer.selectUnfilled();
    }

    replaceShortcut(text) {
        const {el} = this.composer.text;
        const start = el.selectionStart - (this.shortcut ?? "").length - 2;
        if (this.shortcut !== undefined) {
            el.setSelectionRange(start, el.selectionStart);
        }
        this.composer.insert(text);
    }

    /** Open Odoo's form with the text as a new canned reply. */
    save() {
        this.replaceShortcut("");
        this.dialog.add(FormViewDialog, {
            resModel: "mail.canned.response",
            context: {default_substitution: this.composer.draft.body.trim()},
            onRecordSaved: () => (this.loading = undefined),
        });
    }
}

export function useCannedReplies(composer) {
    const store = useService("messaging_inbox.store");
    return new CannedReplies(composer, store, useService("dialog"));
}

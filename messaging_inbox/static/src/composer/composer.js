import {Component, onMounted, status, useEffect, useRef, useState} from "@odoo/owl";
import {CannedList} from "./canned_list";
import {ComposerFacts} from "./composer_facts";
import {ComposerFiles} from "./composer_files";
import {ComposerFace, composerFaceOf} from "./composer_face";
import {ComposerModes} from "./composer_modes";
import {useComposerCommands} from "./composer_commands";
import {composerTools} from "./composer_tools";
import {isMobileOS} from "@web/core/browser/feature_detection";
import {limitsSentence} from "../core/uploads";
import {MentionList} from "./mention_list";
import {SendLater} from "../scheduled/send_later";
import {summaryOf} from "../core/message_kinds";
import {TemplatePanel} from "./template_panel";
import {unfilledIn, useCannedReplies} from "./canned_replies";
import {useDropzone} from "@web/core/dropzone/dropzone_hook";
import {useEmojiPicker} from "@web/core/emoji_picker/emoji_picker";
import {useMentions} from "./mentions";
import {useService} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";

/** Writes a reply or a note. Draft and outbox keep it until the server confirms it. */
export class Composer extends Component {
    static template = "messaging_inbox.Composer";
    static components = {
        CannedList,
        ComposerFace,
        ComposerFacts,
        ComposerFiles,
        ComposerModes,
        MentionList,
        SendLater,
        TemplatePanel,
    };
    static props = {
        conversation: Object,
        focusRequest: Number,
        dropTarget: {type: Object, optional: true},
        onLeave: Function,
    };

    setup() {
        this.store = useService("messaging_inbox.store");
        this.notification = useService("notification");
        this.conversation = useState(this.props.conversation);
        this.root = useRef("root");
        this.text = useRef("text");
        this.fileInput = useRef("files");
        this.mentions = useMentions(this.conversation, this.text);
        this.canned = useCannedReplies(this);
        useComposerCommands(this);
        this.summaryOf = summaryOf;
        useEmojiPicker(useRef("emoji"), {onSelect: (emoji) => this.insert(emoji)});
        useDropzone(
            this.props.dropTarget || this.root,
            (ev) => this.addFiles(ev.dataTransfer.files),
            "o-messaging-Dropzone",
            () => this.canAttach
        );
        // On a record's form, nobody asked for the focus when the composer appears.
        this.takesFocus = this.props.focusRequest > 0;
        useEffect(
            () => this.takeFocus(),
            () => [this.props.focusRequest, this.draft]
        );
        useEffect(
            () => this.takeFocus(),
            () => [this.draft.replyTo]
        );
        onMounted(() => (this.takesFocus = true));
        useEffect(
            () => this.catchFocus(),
            () => [this.face, this.isPicking]
        );
    }

    get draft() {
        return this.conversation.draft;
    }

    get row() {
        return this.conversation.row;
    }

    get channel() {
        return this.conversation.channel;
    }

    /** Return what to show; a note can always be written, since it is never sent. */
    get face() {
        return this.conversation.isNote
            ? "open"
            : composerFaceOf(this.conversation, this.store.now);
    }

    get placeholder() {
        return this.conversation.isNote
            ? _t("Write a private note… Type @ to mention a colleague")
            : _t("Write a message…");
    }

    get label() {
        return this.conversation.isNote
            ? _t("Write a private note")
            : _t("Write a message");
    }

    setMode(mode) {
        this.conversation.mode = mode;
        this.mentions.close();
        this.canned.close();
    }

    toggleMode() {
        this.setMode(this.conversation.isNote ? "reply" : "note");
    }

    get tools() {
        return composerTools.getAll().filter(({isShown}) => isShown(this));
    }

    // Text --------------------------------------------------------------------

    onInput(ev) {
        if (ev.target.value === "/" && this.draft.isEmpty && this.canPick) {
            this.openTemplates({isFromSlash: true});
            return;
        }
        this.write(ev.target.value);
        this.mentions.look();
        this.canned.look();
    }

    write(body) {
        this.conversation.write(body);
    }

    insert(text) {
        const {selectionStart: start, selectionEnd: end, value} = this.text.el;
        this.write(value.slice(0, start) + text + value.slice(end));
        this.text.el.value = this.draft.body;
        this.text.el.setSelectionRange(start + text.length, start + text.length);
        this.text.el.focus();
    }

    /** Insert a word at the caret, apart from the word before. */
    insertWord(word) {
        const {el} = this.text;
        const before = el.value.slice(0, el.selectionStart);
        this.insert(/\S$/.test(before) ? ` ${word}` : word);
    }

    /** Focus the text, except on a phone: its keyboard would cover the messages. */
    focus() {
        const templates = ".o-messaging-ComposerFace-templates";
        if (!isMobileOS()) {
            (this.text.el || this.root.el.querySelector(templates))?.focus();
        }
    }

    takeFocus() {
        if (this.takesFocus) {
            this.onceSettled(() => this.focus());
        }
    }

    /** Keep the focus when the button that reopened the conversation disappears. */
    catchFocus() {
        this.onceSettled(
            () => document.activeElement === document.body && this.focus()
        );
    }

    /** Act after the thread has scrolled: a focus before lets the page be styled twice. */
    async onceSettled(action) {
        await Promise.resolve();
        if (status(this) === "mounted") {
            action();
        }
    }

    onKeydown(ev) {
        if (this.mentions.onKeydown(ev) || this.canned.onKeydown(ev)) {
            return;
        }
        if (ev.key === "Enter" && !ev.shiftKey && !ev.isComposing && !isMobileOS()) {
            ev.preventDefault();
            this.send();
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            this.escape();
        }
    }

    onShortcut(ev) {
        if (ev.key.toLowerCase() === "i" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            this.toggleMode();
        }
        const isField = ["INPUT", "TEXTAREA"].includes(ev.target.tagName);
        if (ev.key === "/" && !isField && this.canPick) {
            ev.preventDefault();
            this.openTemplates();
        }
    }

    escape() {
        if (this.draft.replyTo) {
            this.cancelReply();
        } else {
            this.props.onLeave();
        }
    }

    cancelReply() {
        this.draft.replyTo = false;
        this.draft.changed();
    }

    /** Return whether only the team sees the quote: the provider can't send one. */
    get quoteIsOurs() {
        return !this.conversation.isNote && this.channel?.can_quote === false;
    }

    get quoteAuthor() {
        const {replyTo: quote} = this.draft;
        return quote.direction === "inbound"
            ? this.conversation.contactName
            : this.store.authorOf(quote);
    }

    // Templates ---------------------------------------------------------------

    get templates() {
        return this.conversation.templates;
    }

    get canPick() {
        const canSend = ["open", "over"].includes(this.face);
        const {isNote, channel} = this.conversation;
        return canSend && !isNote && Boolean(channel?.sends_templates);
    }

    get isPicking() {
        return this.canPick && this.templates.isOpen;
    }

    openTemplates(options) {
        this.templates.open(options);
    }

    /** Close the picker; Escape gives back a slash, and what was typed after it. */
    closeTemplates(query) {
        if (query !== undefined && this.templates.isFromSlash) {
            this.write(`/${query}`);
        }
        this.templates.draft.query = "";
        this.templates.close();
    }

    // Files -------------------------------------------------------------------

    get canAttach() {
        const limits = this.channel?.file_limits || {};
        const takes = this.conversation.isNote || Object.keys(limits).length > 0;
        return this.face === "open" && takes && !this.isPicking;
    }

    get attachTitle() {
        const limits = this.conversation.isNote ? "" : limitsSentence(this.channel);
        return [_t("Attach files"), limits].filter(Boolean).join("\n");
    }

    get accept() {
        if (this.conversation.isNote) {
            return "";
        }
        const types = Object.keys(this.channel?.file_limits || {});
        const {uploads} = this.store;
        const others = [...uploads.convertible].filter((type) =>
            uploads.canConvert(type, this.channel)
        );
        return types.includes("*/*") ? "" : [...types, ...others].join(",");
    }

    onPaste(ev) {
        const {files} = ev.clipboardData;
        if (files.length && this.canAttach) {
            ev.preventDefault();
            this.addFiles(files);
        }
    }

    onFilesChosen(ev) {
        this.addFiles(ev.target.files);
        ev.target.value = "";
    }

    addFiles(files) {
        for (const file of files) {
            const channel = !this.conversation.isNote && this.channel;
            const refusal = this.store.uploads.refusalBefore(file, channel);
            if (refusal) {
                this.notification.add(refusal, {type: "warning"});
            } else {
                this.store.uploads.add(this.draft, file, channel);
            }
        }
        this.focus();
    }

    /** Add files that the server already has: `{id, name, mimetype, size}`. */
    addUploaded(files) {
        const channel = !this.conversation.isNote && this.channel;
        files.forEach((file) => this.store.uploads.adopt(this.draft, file, channel));
    }

    convertFile(file) {
        this.store.uploads.convert(this.draft, file);
        this.focus();
    }

    retryFile(file) {
        this.store.uploads.start(this.draft, file);
    }

    removeFile(file) {
        this.store.uploads.remove(this.draft, file);
        this.focus();
    }

    // Sending -----------------------------------------------------------------

    get canSend() {
        const {draft} = this;
        const hasContent = draft.body.trim() || draft.readyFiles.length;
        const waits = draft.isUploading || draft.hasRefused;
        const isComplete = !waits && !this.unfilled.length;
        return Boolean(hasContent) && isComplete && this.face === "open";
    }

    /** Return the placeholders of a canned reply that block sending. */
    get unfilled() {
        return unfilledIn(this.draft.body);
    }

    get unfilledText() {
        return _t("Fill in %(placeholder)s before you send.", {
            placeholder: this.unfilled[0],
        });
    }

    /** Select the first placeholder, so that typing replaces it. */
    selectUnfilled() {
        const [placeholder] = this.unfilled;
        const {el} = this.text;
        el?.focus();
        if (el && placeholder) {
            const start = this.draft.body.indexOf(placeholder);
            el.setSelectionRange(start, start + placeholder.length);
        }
    }

    get sendLabel() {
        return this.conversation.isNote ? _t("Add the note") : _t("Send");
    }

    get sendTitle() {
        if (this.unfilled.length) {
            return this.unfilledText;
        }
        if (this.draft.hasRefused) {
            return _t("Remove or convert the file that can't be sent");
        }
        return this.draft.isUploading
            ? _t("Wait until the files are uploaded")
            : _t("%(action)s (Enter)", {action: this.sendLabel});
    }

    /** Send at a DateTime; the draft stays until the server has it. */
    async schedule(time, cancelOnAnswer) {
        const {scheduled} = this.conversation;
        const draft = this.conversation.drafts.reply;
        if (await scheduled.add(draft.kept(), time, cancelOnAnswer)) {
            draft.take();
            this.row.draft = "";
        }
        this.focus();
    }

    send() {
        if (!this.canSend) {
            return;
        }
        this.conversation.send();
        this.focus();
    }
}

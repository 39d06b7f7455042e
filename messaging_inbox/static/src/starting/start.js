import {Newest} from "../core/newest";
import {Reactive} from "@web/core/utils/reactive";
import {_t} from "@web/core/l10n/translation";
import {isRefusal, sentenceOf} from "../core/errors";
import {markRaw} from "@odoo/owl";
import {uuid} from "@web/core/utils/strings";

const HAS_LETTERS = /\p{L}/u;
const FEWEST_DIGITS = 6;

/**
 * A conversation that is about to start: its channel, its recipient and what the server
 * knows about them. The server is asked to start it only when something is sent.
 */
export class Start extends Reactive {
    status = "loading";
    error = "";
    channels = [];
    channelId = false;
    recipients = [];
    recordName = "";
    // A number of the record; "" while one is typed.
    chosen = "";
    typed = "";
    // The server's answer about the recipient; null while it is unknown.
    check = null;
    checkError = "";
    isSending = false;
    sendError = "";
    // Sent without an answer: it may have arrived.
    attempt = null;

    constructor(api, {partnerId = false, leadId = false, phone = "", kind = ""} = {}) {
        super();
        this.api = markRaw(api);
        this.links = {partnerId, leadId};
        this.canSearch = !partnerId && !leadId && !phone;
        this.phone = phone;
        this.kind = kind;
        this.clientUuid = uuid();
        this.started = null;
        this.newest = markRaw(new Newest());
    }

    // What can be chosen -------------------------------------------------------------

    async load() {
        Object.assign(this, {status: "loading", error: ""});
        try {
            this.loaded(await this.api.options(this.links));
        } catch (error) {
            Object.assign(this, {status: "failed", error: sentenceOf(error)});
        }
    }

    loaded(options) {
        const isFirst = !this.channelId;
        this.channels = options.channels;
        this.recipients = options.recipients;
        this.recordName = options.record_name;
        this.status = "ready";
        if (isFirst) {
            this.channelId = this.firstChannel(options.channel_id);
        }
        this.chooseFirst();
    }

    /** Return the channel of the wanted kind, the one used last, or the first. */
    firstChannel(lastId) {
        const wanted = this.channels.filter(({kind}) => kind === this.kind);
        const offered = wanted.length ? wanted : this.channels;
        const last = offered.find(({id}) => id === lastId);
        return (last || offered[0])?.id || false;
    }

    /** Choose the number that the user clicked, otherwise the record's first one. */
    chooseFirst() {
        const clicked = this.recipients.find(({value}) => isSame(value, this.phone));
        const first = this.phone ? clicked : this.recipients[0];
        this.chosen = first?.value || "";
        this.typed = this.chosen ? "" : this.phone || this.typed;
        this.look();
    }

    get channel() {
        return this.channels.find(({id}) => id === this.channelId);
    }

    get needsTemplate() {
        return Boolean(this.channel?.needs_template);
    }

    // The recipient ------------------------------------------------------------------

    get recipient() {
        return this.chosen || this.typed.trim();
    }

    /** Return whether a contact's name is typed, not a number. */
    get isName() {
        return this.canSearch && !this.chosen && HAS_LETTERS.test(this.typed);
    }

    setChannel(channelId) {
        this.channelId = channelId;
        this.look();
    }

    choose(value) {
        this.chosen = value;
        this.look();
    }

    /** Take what is typed; `look` asks the server about it, a little later. */
    type(text) {
        this.typed = text;
        this.forgetCheck();
    }

    /** Offer the numbers of a contact; `false` goes back to typing. */
    async choosePartner(partnerId) {
        this.links = {partnerId, leadId: false};
        Object.assign(this, {typed: "", chosen: "", recipients: [], recordName: ""});
        this.forgetCheck();
        if (partnerId) {
            await this.load();
        }
    }

    forgetCheck() {
        this.newest.forget();
        Object.assign(this, {check: null, checkError: "", sendError: ""});
    }

    /** Ask the server about the recipient; only the newest answer counts. */
    async look() {
        this.forgetCheck();
        if (!this.recipient || !this.channelId || this.isName) {
            return;
        }
        await this.newest.take(
            this.api.check(this.channelId, this.recipient, this.links),
            (check) => (this.check = check),
            (error) => (this.checkError = sentenceOf(error))
        );
    }

    /** Return why the number can't be written to, as a sentence, otherwise "". */
    get problem() {
        return this.check?.problem || this.checkError;
    }

    get isChecking() {
        return Boolean(this.recipient) && !this.isName && !this.check && !this.problem;
    }

    /** Return the conversation that this number already has, otherwise false. */
    get existingId() {
        return this.check?.conversation_id || false;
    }

    get isUnreachable() {
        const known = this.recipients.find(({value}) => value === this.chosen);
        const kinds = known?.unreachable_on || [];
        return Boolean(
            this.check?.not_on_channel || kinds.includes(this.channel?.kind)
        );
    }

    /** Return the SMS channel to use instead, otherwise false. */
    get smsChannel() {
        const {check, channels} = this;
        const wanted = check?.sms_channel_id;
        return (
            channels.find(({id}) => id === wanted) ||
            channels.find(({kind}) => kind === "sms") ||
            false
        );
    }

    /** A check that failed doesn't hinder: starting asks the server again. */
    get canSend() {
        const isKnown = this.check?.value || this.checkError;
        return Boolean(isKnown && !this.check?.problem && !this.isSending);
    }

    // Sending ------------------------------------------------------------------------

    /**
     * Start the conversation and let `post(id, clientUuid)` send the first message.
     * Return the conversation's id, or false if the server refused or didn't answer.
     */
    send(post) {
        return this.attempted(() => this.startAndPost(post));
    }

    /** Run one thing at a time; a failure is shown, and returns false. */
    async attempted(action) {
        if (this.isSending) {
            return false;
        }
        Object.assign(this, {isSending: true, sendError: ""});
        try {
            return await action();
        } catch (error) {
            this.sendError = String(sentenceOf(error));
            return false;
        } finally {
            this.isSending = false;
        }
    }

    async startAndPost(post) {
        const id = await this.startOnce();
        try {
            await post(id, this.clientUuid);
        } catch (error) {
            // Sending the same again is safe: the server knows its client_uuid.
            this.attempt = isRefusal(error) ? null : markRaw({post});
            throw error;
        }
        Object.assign(this, {attempt: null, started: null});
        return id;
    }

    /** Return whether nothing may change: a message is or may be under way. */
    get isLocked() {
        return this.isSending || Boolean(this.attempt);
    }

    retry() {
        return this.send(this.attempt.post);
    }

    async startOnce() {
        const {channelId, recipient, links} = this;
        const key = [channelId, recipient, links.partnerId, links.leadId].join();
        if (this.started?.key !== key) {
            await this.cancel();
            const id = await this.api.start(channelId, recipient, links);
            this.started = {key, id};
        }
        return this.started.id;
    }

    /** Leave nothing on the server; its daily cleanup does it if this call is lost. */
    async cancel() {
        const {started} = this;
        this.started = null;
        if (started) {
            await this.api.cancel(started.id).catch(() => undefined);
        }
    }

    /** Return why closing needs a question, as a sentence; "" if it needs none. */
    closingQuestion(isWritten) {
        if (this.attempt || this.isSending) {
            return _t("The message may have been sent. Look into the conversation.");
        }
        return isWritten ? _t("What you have written will be lost.") : "";
    }
}

/** Return whether a number as it is written, perhaps without a country, may be `value`. */
function isSame(value, written) {
    const digits = written.replace(/\D/g, "").replace(/^0+/, "");
    return digits.length >= FEWEST_DIGITS && value.endsWith(digits);
}

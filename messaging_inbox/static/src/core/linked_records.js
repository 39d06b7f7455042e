import {KeepLast, Mutex} from "@web/core/utils/concurrency";
import {Reactive} from "@web/core/utils/reactive";
import {_t} from "@web/core/l10n/translation";
import {Newest} from "./newest";
import {markRaw} from "@odoo/owl";
import {isForbidden, sentenceOf} from "./errors";

const TIME_TO_UNDO = 8000;
const NO_MATCHES = {partners: [], leads: []};

/** The linked contact, lead or deal of a conversation, and suggestions for them. */
export class LinkedRecords extends Reactive {
    matches = NO_MATCHES;
    matchesStatus = "new";
    isBusy = false;
    pendingEdits = 0;

    constructor(conversation) {
        super();
        this.conversation = conversation;
        this.store = conversation.store;
        this.api = this.store.api.records;
        this.newest = markRaw(new Newest());
        this.mutex = markRaw(new Mutex());
        this.keepLast = markRaw(new KeepLast());
    }

    get id() {
        return this.conversation.id;
    }

    get lead() {
        return this.conversation.details.lead;
    }

    // Loading -----------------------------------------------------------------

    /** Return whether the pane's links differ from those of the row. */
    get isOutdated() {
        const {row, details, status} = this.conversation;
        return Boolean(
            row &&
            status === "ready" &&
            ((row.partner_id || false) !== (details.partner?.id || false) ||
                (row.lead_id || false) !== (details.lead?.id || false))
        );
    }

    refresh() {
        return this.newest.take(
            this.api.details(this.id),
            (details) => this.refreshed(details),
            (error) => this.notRefreshed(error)
        );
    }

    /** Ignore answers during an edit, which refreshes when it ends: no flicker. */
    refreshed(details) {
        if (!this.pendingEdits) {
            this.conversation.details = details;
        }
    }

    /** Return whether the deal is won or lost; a new message may then start another. */
    get isOver() {
        return ["won", "lost"].includes(this.lead?.won_status);
    }

    /** Keep what is shown when a request fails, unless access was lost. */
    notRefreshed(error) {
        if (isForbidden(error)) {
            this.conversation.load();
        }
    }

    async findMatches() {
        this.matchesStatus = this.matchesStatus === "ready" ? "ready" : "loading";
        try {
            this.matches = await this.keepLast.add(this.api.suggestions(this.id));
            this.matchesStatus = "ready";
        } catch {
            this.matches = NO_MATCHES;
            this.matchesStatus = "failed";
        }
    }

    // Linking -----------------------------------------------------------------

    /** Run an action unless one is running; return whether it succeeded. */
    async change(call) {
        if (this.isBusy) {
            return false;
        }
        this.isBusy = true;
        try {
            return await this.store.actions.change(this.conversation, call);
        } finally {
            this.isBusy = false;
        }
    }

    /** Link {partner_id} or {lead_id}. If refused, search again: it may be deleted. */
    async link(links) {
        const isDone = await this.change(() => this.api.link(this.id, links));
        if (!isDone) {
            this.findMatches();
        }
        return isDone;
    }

    unlinkPartner() {
        const {partner} = this.conversation.details;
        const unlink = () => this.api.unlinkPartner(this.id);
        return this.unlink(partner, unlink, {partner_id: partner.id});
    }

    unlinkLead() {
        const unlink = () => this.api.unlinkLead(this.id);
        return this.unlink(this.lead, unlink, {lead_id: this.lead.id});
    }

    async unlink({name, readable}, unlink, links) {
        const isDone = await this.change(unlink);
        if (isDone) {
            let close = null;
            const onClick = () => {
                close();
                this.link(links);
            };
            const undo = {name: String(_t("Undo")), onClick};
            close = this.store.services.notification.add(
                _t("%(record)s is no longer linked.", {record: name}),
                {
                    type: "info",
                    autocloseDelay: TIME_TO_UNDO,
                    // Linking needs read access, so without it there is no undo.
                    buttons: readable ? [undo] : [],
                }
            );
        }
        return isDone;
    }

    /** Remove a suggestion at once; if the server refuses, the search restores it. */
    async notThisPerson(partner) {
        const {partners} = this.matches;
        this.matches.partners = partners.filter(({id}) => id !== partner.id);
        await this.store.attempt(() => this.api.notThisPerson(this.id, partner.id));
        this.findMatches();
    }

    /** Create and link a record; return the error for the form to show, or "". */
    async create(call) {
        try {
            await call();
        } catch (error) {
            return sentenceOf(error);
        }
        this.store.refreshSoon();
        await this.conversation.load();
        return "";
    }

    // The deal ----------------------------------------------------------------

    /** Show values at once, save edits one after the other, and revert refused ones. */
    async edit(shown, call) {
        const {lead} = this;
        const former = Object.fromEntries(
            Object.keys(shown).map((name) => [name, lead[name]])
        );
        this.pendingEdits++;
        Object.assign(lead, shown);
        const isDone = await this.mutex.exec(() => this.store.attempt(call));
        this.pendingEdits--;
        if (!isDone) {
            Object.assign(lead, former);
        }
        await this.refresh();
        return isDone;
    }

    restore() {
        const {id} = this.lead;
        return this.edit({won_status: "pending"}, () => this.api.restore(id));
    }

    setWon() {
        const {id} = this.lead;
        return this.edit({won_status: "won"}, () => this.api.setWon(id));
    }

    editLead(shown, values) {
        const {id} = this.lead;
        return this.edit(shown, () => this.api.writeLead(id, values));
    }
}

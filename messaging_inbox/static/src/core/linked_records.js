import {KeepLast, Mutex} from "@web/core/utils/concurrency";
import {Reactive} from "@web/core/utils/reactive";
import {_t} from "@web/core/l10n/translation";
import {Newest} from "./newest";
import {markRaw} from "@odoo/owl";
import {isForbidden, sentenceOf} from "./errors";

const TIME_TO_UNDO = 8000;
const NO_MATCHES = {partners: [], leads: []};

/** The contact, lead or deal behind a conversation, and whom it may belong to. */
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

    // Asking ------------------------------------------------------------------

    /** True while the pane shows a link that the row has lost, or lacks one it has got. */
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

    /** An edit under way asks again by itself: its value mustn't flicker. */
    refreshed(details) {
        if (!this.pendingEdits) {
            this.conversation.details = details;
        }
    }

    /** A deal that is won or lost: each new message may lead on from it. */
    get isOver() {
        return ["won", "lost"].includes(this.lead?.won_status);
    }

    /** Without an answer, what we have is still good; lost access takes it away. */
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

    /** Whoever acts sees the outcome, refused or not, without waiting for the bus. */
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

    /** `links` is {partner_id} or {lead_id}. A record that is gone must not be offered. */
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
                    // Linking needs the right to read: others couldn't take it back.
                    buttons: readable ? [undo] : [],
                }
            );
        }
        return isDone;
    }

    /** Gone from the list at once; the server's refusal brings it back. */
    async notThisPerson(partner) {
        const {partners} = this.matches;
        this.matches.partners = partners.filter(({id}) => id !== partner.id);
        await this.store.attempt(() => this.api.notThisPerson(this.id, partner.id));
        this.findMatches();
    }

    /** Creates and links; returns the sentence of a refusal, for the form to show. */
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

    /** On the screen at once, saved one after the other; taken back when refused. */
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

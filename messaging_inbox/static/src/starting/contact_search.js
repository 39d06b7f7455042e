import {Reactive} from "@web/core/utils/reactive";
import {_t} from "@web/core/l10n/translation";
import {markRaw} from "@odoo/owl";
import {sentenceOf} from "../core/errors";

/** Contacts found by name while the user types; only the newest answer is shown. */
export class ContactSearch extends Reactive {
    hits = [];
    at = 0;
    status = "idle";
    error = "";

    constructor(api) {
        super();
        this.api = markRaw(api);
        this.turn = 0;
    }

    get active() {
        return this.hits[this.at];
    }

    get sentence() {
        if (this.status === "failed") {
            return this.error;
        }
        if (this.status === "loading") {
            return this.hits.length ? "" : _t("Searching…");
        }
        const isEmpty = this.status === "ready" && !this.hits.length;
        return isEmpty ? _t("No contact has this name.") : "";
    }

    clear() {
        this.turn++;
        Object.assign(this, {hits: [], at: 0, status: "idle", error: ""});
    }

    /** Ignore answers to what was typed before. */
    wait() {
        this.turn++;
        this.status = "loading";
    }

    async ask(query) {
        this.wait();
        const {turn} = this;
        const take = (values) => turn === this.turn && Object.assign(this, values);
        try {
            const hits = await this.api.contacts(query);
            take({hits, at: 0, status: "ready"});
        } catch (error) {
            take({hits: [], status: "failed", error: String(sentenceOf(error))});
        }
    }

    move(step) {
        const {length} = this.hits;
        this.at = length ? (this.at + step + length) % length : 0;
    }
}

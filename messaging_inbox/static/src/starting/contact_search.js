import {Newest} from "../core/newest";
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
        this.newest = markRaw(new Newest());
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
        this.newest.forget();
        Object.assign(this, {hits: [], at: 0, status: "idle", error: ""});
    }

    /** Ignore answers to what was typed before. */
    wait() {
        this.newest.forget();
        this.status = "loading";
    }

    async ask(query) {
        this.wait();
        const take = (values) => Object.assign(this, values);
        await this.newest.take(
            this.api.contacts(query),
            (hits) => take({hits, at: 0, status: "ready"}),
            (error) =>
                take({hits: [], status: "failed", error: String(sentenceOf(error))})
        );
    }

    move(step) {
        const {length} = this.hits;
        this.at = length ? (this.at + step + length) % length : 0;
    }
}

import {browser} from "@web/core/browser/browser";

// How long the pointer or the focus rests on a row that the user is about to open.
const REST = 60;
// What the user has just opened comes first.
const PAUSE = 600;

/** Loads conversations that the user will probably open next, so that they open at once. */
export class LoadAhead {
    constructor(store) {
        this.store = store;
    }

    /** The pointer or the focus came to a row. */
    point(id) {
        this.unpoint();
        this.pointTimer = browser.setTimeout(() => this.load(id), REST);
    }

    unpoint() {
        browser.clearTimeout(this.pointTimer);
    }

    /** A conversation was opened; `id` is the one that follows in the list, or false. */
    follow(id) {
        browser.clearTimeout(this.followTimer);
        this.followTimer = browser.setTimeout(() => this.load(id), PAUSE);
    }

    load(id) {
        if (id && !this.store.isOffline) {
            this.store.conversationOf(id).loadOnce(true);
        }
    }
}

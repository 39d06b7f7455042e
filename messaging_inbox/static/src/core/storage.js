import {browser} from "@web/core/browser/browser";

/** localStorage with a prefix per user. A full or blocked storage breaks nothing else. */
export class Storage {
    constructor(userId) {
        this.prefix = `messaging_inbox.${userId}.`;
    }

    read(key) {
        try {
            return JSON.parse(browser.localStorage.getItem(this.prefix + key));
        } catch {
            return null;
        }
    }

    write(key, value) {
        try {
            browser.localStorage.setItem(this.prefix + key, JSON.stringify(value));
        } catch {
            // Private mode or quota: go on without the local copy.
        }
    }

    remove(key) {
        browser.localStorage.removeItem(this.prefix + key);
    }

    /** Return the keys with this beginning, without the user's prefix. */
    keys(beginning) {
        const {localStorage} = browser;
        const all = Array.from({length: localStorage.length}, (_, i) =>
            localStorage.key(i)
        );
        return all
            .filter((key) => key.startsWith(this.prefix + beginning))
            .map((key) => key.slice(this.prefix.length));
    }
}

import {browser} from "@web/core/browser/browser";

// Never resolves: awaiting it keeps a lock until the tab closes.
const FOREVER = Promise.race([]);

/**
 * Coordinates the tabs of one browser by Web Locks: which one leads, and which
 * conversations are visible. The locks of a tab end when it closes or crashes.
 */
export class Tabs {
    isLeader = false;

    constructor(name) {
        this.name = name;
    }

    get locks() {
        return browser.navigator.locks;
    }

    /** Lead if no tab does: the first with a notification, until it is closed. */
    async becomesLeader() {
        if (!this.isLeader && this.locks) {
            this.asking ??= this.requestLeadership();
            this.isLeader = await this.asking;
            this.asking = undefined;
        }
        return this.isLeader || !this.locks;
    }

    requestLeadership() {
        return new Promise((resolve) => {
            const name = `${this.name}.leader`;
            this.locks.request(name, {ifAvailable: true}, (lock) => {
                resolve(Boolean(lock));
                return lock && FOREVER;
            });
        });
    }

    /** Announce to other tabs which conversation the user sees here, if any. */
    lookAt(id) {
        this.stopLooking?.();
        if (!id || !this.locks) {
            return;
        }
        const looking = new Promise((resolve) => {
            this.stopLooking = resolve;
        });
        this.locks.request(this.lookedAtName(id), {mode: "shared"}, () => looking);
    }

    async isLookedAt(id) {
        const {held = []} = (await this.locks?.query()) || {};
        return held.some(({name}) => name === this.lookedAtName(id));
    }

    lookedAtName(id) {
        return `${this.name}.looked_at.${id}`;
    }
}

import {browser} from "@web/core/browser/browser";

// A race of nobody has no winner: what waits for it holds its lock until the tab closes.
const FOR_EVER = Promise.race([]);

/**
 * What the tabs of one browser agree on, by Web Locks: who speaks for all of them, and
 * which conversations somebody looks at. A tab that closes or crashes lets go by itself.
 */
export class Tabs {
    isLeader = false;

    constructor(name) {
        this.name = name;
    }

    get locks() {
        return browser.navigator.locks;
    }

    /** The first tab with something to show leads from then on, until it is closed. */
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
                return lock && FOR_EVER;
            });
        });
    }

    /** Tells the other tabs which conversation is before the user's eyes here, if any. */
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

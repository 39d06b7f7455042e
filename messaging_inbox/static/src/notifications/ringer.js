import {browser} from "@web/core/browser/browser";

const PAUSE = 30000;
const LENGTH = 1000;

/** Odoo's sound of a new message, by Odoo's own switch; again and again if asked for. */
export class Ringer {
    constructor(sounds, mailStore) {
        this.sounds = sounds;
        this.mailStore = mailStore;
    }

    get isOn() {
        return this.mailStore.settings.messageSound;
    }

    /** Once for a burst, such as after the machine has slept. */
    ring() {
        const isRinging = Date.now() - this.rungAt < LENGTH;
        if (this.isOn && !isRinging) {
            this.rungAt = Date.now();
            this.sounds.play("new-message");
        }
    }

    /** Until `isWanted` says no: it is asked before each time. */
    repeatWhile(isWanted) {
        this.timer ??= browser.setTimeout(async () => {
            const goesOn = await isWanted();
            this.timer = undefined;
            if (goesOn) {
                this.ring();
                this.repeatWhile(isWanted);
            }
        }, PAUSE);
    }
}

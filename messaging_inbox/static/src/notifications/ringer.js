import {browser} from "@web/core/browser/browser";

const PAUSE = 30000;
const LENGTH = 1000;

/** Plays Odoo's sound for new messages, if switched on in Odoo; repeats on demand. */
export class Ringer {
    constructor(sounds, mailStore) {
        this.sounds = sounds;
        this.mailStore = mailStore;
    }

    get isOn() {
        return this.mailStore.settings.messageSound;
    }

    /** Play once per burst, such as after a sleep of the machine. */
    ring() {
        const isRinging = Date.now() - this.rungAt < LENGTH;
        if (this.isOn && !isRinging) {
            this.rungAt = Date.now();
            this.sounds.play("new-message");
        }
    }

    /** Repeat until `isWanted`, called before each time, returns false. */
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

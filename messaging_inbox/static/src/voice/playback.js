import {markRaw} from "@odoo/owl";
import {Reactive} from "@web/core/utils/reactive";
import {registry} from "@web/core/registry";

const SPEEDS = [1, 1.5, 2];
const KEY = "voice.speed";

/** What all players share: the speed, which the browser remembers, and that one plays. */
export class Playback extends Reactive {
    constructor(storage) {
        super();
        this.storage = markRaw(storage);
        const kept = storage.read(KEY);
        this.speed = SPEEDS.includes(kept) ? kept : SPEEDS[0];
        this.audio = null;
    }

    nextSpeed() {
        this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
        this.storage.write(KEY, this.speed);
    }

    /** Let this sound alone be heard. */
    take(audio) {
        if (this.audio !== audio) {
            this.audio?.pause();
        }
        this.audio = markRaw(audio);
    }
}

export const playbackService = {
    dependencies: ["messaging_inbox.store"],
    start(_env, {"messaging_inbox.store": store}) {
        return new Playback(store.storage);
    },
};

registry.category("services").add("messaging_inbox.playback", playbackService);

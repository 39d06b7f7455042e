import {_t} from "@web/core/l10n/translation";
import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {BARS, LARGEST, sounds} from "./sounds";
import {useService} from "@web/core/utils/hooks";
import {Waveform} from "./waveform";

const SECONDS_OF_A_KEY = 5;
const SILENCE = Array(BARS).fill(0);

/** Return a time as people read it from a player: "0:07", "12:30". */
export function playingTime(seconds) {
    const whole = Math.floor(seconds || 0);
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * Plays a sound, with its waveform and the speed that the user chose last. It fetches
 * nothing before it is visible, and a large file not before it is played.
 */
export class VoicePlayer extends Component {
    static template = "messaging_inbox.VoicePlayer";
    static components = {Waveform};
    static props = {
        source: String,
        name: String,
        size: {type: Number, optional: true},
        onError: {type: Function, optional: true},
    };

    setup() {
        this.playback = useState(useService("messaging_inbox.playback"));
        this.root = useRef("root");
        this.audio = useRef("audio");
        this.state = useState({
            isPlaying: false,
            time: 0,
            duration: 0,
            peaks: SILENCE,
            preload: "none",
        });
        useEffect(
            () => this.watch(),
            () => [this.props.source]
        );
        useEffect(
            (speed) => {
                this.audio.el.defaultPlaybackRate = speed;
                this.audio.el.playbackRate = speed;
            },
            () => [this.playback.speed]
        );
    }

    // What it looks like -------------------------------------------------------

    /** Draw the waveform once the player comes into view. */
    watch() {
        const observer = new IntersectionObserver((entries) => {
            if (entries.some(({isIntersecting}) => isIntersecting)) {
                observer.disconnect();
                this.look();
            }
        });
        observer.observe(this.root.el);
        return () => observer.disconnect();
    }

    async look() {
        if (this.props.size > LARGEST) {
            this.state.preload = "metadata";
            return;
        }
        try {
            Object.assign(this.state, await sounds.shapeOf(this.props.source));
        } catch {
            // The browser says itself then whether it can play the file.
            this.state.preload = "metadata";
        }
    }

    get label() {
        const {name} = this.props;
        const {duration} = this.state;
        return duration
            ? _t("Audio of %(time)s: %(name)s", {time: playingTime(duration), name})
            : _t("Audio: %(name)s", {name});
    }

    get playLabel() {
        return this.state.isPlaying ? _t("Pause") : _t("Play");
    }

    get played() {
        const {time, duration} = this.state;
        return duration ? Math.min(1, time / duration) : 0;
    }

    /** Return the length, or where the sound is once it was played. */
    get timeText() {
        const {time, duration, isPlaying} = this.state;
        return playingTime(isPlaying || time ? time : duration);
    }

    get positionText() {
        const {time, duration} = this.state;
        const words = {time: playingTime(time), duration: playingTime(duration)};
        return _t("%(time)s of %(duration)s", words);
    }

    get speedLabel() {
        return _t("Speed: %(speed)s times", {speed: this.playback.speed});
    }

    // Playing ------------------------------------------------------------------

    async toggle() {
        const {el} = this.audio;
        if (this.state.isPlaying) {
            el.pause();
            return;
        }
        this.playback.take(el);
        try {
            await el.play();
        } catch {
            // A pause before the beginning, or an error that `onError` hears of.
        }
    }

    /** A recording of the browser's own may not know its length. */
    onLength() {
        const {duration} = this.audio.el;
        if (Number.isFinite(duration)) {
            this.state.duration = duration;
        }
    }

    onEnded() {
        Object.assign(this.state, {isPlaying: false, time: 0});
        this.audio.el.currentTime = 0;
    }

    goTo(seconds) {
        const time = Math.max(0, Math.min(this.state.duration, seconds));
        this.audio.el.currentTime = time;
        this.state.time = time;
    }

    onSliderClick(ev) {
        const {left, width} = ev.currentTarget.getBoundingClientRect();
        this.goTo(((ev.clientX - left) / width) * this.state.duration);
    }

    onSliderKeydown(ev) {
        const {time, duration} = this.state;
        const places = {
            ArrowLeft: time - SECONDS_OF_A_KEY,
            ArrowDown: time - SECONDS_OF_A_KEY,
            ArrowRight: time + SECONDS_OF_A_KEY,
            ArrowUp: time + SECONDS_OF_A_KEY,
            Home: 0,
            End: duration,
        };
        if (ev.key in places) {
            ev.preventDefault();
            this.goTo(places[ev.key]);
        } else if (ev.key === " ") {
            ev.preventDefault();
            this.toggle();
        }
    }
}

import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {markRaw} from "@odoo/owl";
import {Reactive} from "@web/core/utils/reactive";

/** A recording ends by itself then: in WAV it has 19 MB, in Opus 2.4 MB. */
export const MOST_SECONDS = 600;
const BITS_PER_SECOND = 32000;
const TICK = 100;
const LEVELS = 40;
// At 48 kHz about as long as a tick: no sound falls between two.
const FFT_SIZE = 4096;
// Speech seldom gets louder; the picture should show that it is heard.
const LOUD = 0.5;

const REASONS = {
    NotAllowedError: _t(
        "The browser doesn't let Odoo use the microphone. Allow it in the browser's" +
            " settings for this site, then try again."
    ),
    NotFoundError: _t("No microphone was found. Connect one, then try again."),
    NotReadableError: _t(
        "The microphone can't be used. Another program may be using it."
    ),
};

/** Why a recording can't begin, as a sentence for the user. */
export class RecordingError extends Error {}

export const devices = {
    isSupported(type) {
        return Boolean(window.MediaRecorder?.isTypeSupported(type));
    },

    openMicrophone() {
        const {mediaDevices} = browser.navigator;
        if (!mediaDevices) {
            const sentence = _t("Browsers record only on pages with a secure address.");
            throw new RecordingError(sentence);
        }
        return mediaDevices.getUserMedia({audio: {channelCount: 1}});
    },

    makeRecorder(stream, type) {
        const options = {mimeType: type, audioBitsPerSecond: BITS_PER_SECOND};
        return new window.MediaRecorder(stream, options);
    },

    /** Return `{level(), close()}`: how loud the microphone is, between 0 and 1. */
    makeMeter(stream) {
        const context = new browser.AudioContext();
        const analyser = context.createAnalyser();
        analyser.fftSize = FFT_SIZE;
        context.createMediaStreamSource(stream).connect(analyser);
        const samples = new Float32Array(FFT_SIZE);
        return {
            level() {
                analyser.getFloatTimeDomainData(samples);
                const most = samples.reduce((max, one) => Math.max(max, one), 0);
                return Math.min(1, most / LOUD);
            },
            close: () => context.close(),
        };
    },
};

/** Records from the microphone: "idle", "asking" for it, "recording" or "recorded". */
export class Recorder extends Reactive {
    state = "idle";
    seconds = 0;
    levels = Array(LEVELS).fill(0);
    /** What was recorded, once it is. */
    recording = null;
    // Grows with each use: what an earlier one still waits for is void.
    uses = 0;

    get isIdle() {
        return this.state === "idle";
    }

    /** Begin to record; raise RecordingError if that is impossible. */
    async start(type) {
        const use = ++this.uses;
        this.state = "asking";
        try {
            const stream = await devices.openMicrophone();
            if (use === this.uses) {
                this.record(stream, type);
            } else {
                release(stream);
            }
        } catch (error) {
            if (use === this.uses) {
                this.state = "idle";
                throw explained(error);
            }
        }
    }

    record(stream, type) {
        const recorder = devices.makeRecorder(stream, type);
        const chunks = [];
        this.meter = markRaw(devices.makeMeter(stream));
        this.recorder = markRaw(recorder);
        this.ended = new Promise((resolve) => {
            recorder.ondataavailable = ({data}) => chunks.push(data);
            // It also stops when the microphone is unplugged.
            recorder.onstop = () => {
                release(stream);
                resolve(new Blob(chunks, {type: recorder.mimeType || type}));
            };
        });
        Object.assign(this, {state: "recording", seconds: 0, recording: null});
        this.levels = Array(LEVELS).fill(0);
        this.startedAt = Date.now();
        recorder.start();
        this.timer = browser.setInterval(() => this.tick(), TICK);
        this.end(this.uses);
    }

    async end(use) {
        const recording = await this.ended;
        if (use === this.uses) {
            this.rest();
            Object.assign(this, {state: "recorded", recording: markRaw(recording)});
        }
    }

    tick() {
        this.seconds = (Date.now() - this.startedAt) / 1000;
        this.levels = [...this.levels.slice(1), this.meter.level()];
        if (this.seconds >= MOST_SECONDS) {
            this.stop();
        }
    }

    rest() {
        browser.clearInterval(this.timer);
        this.meter?.close();
        this.meter = null;
    }

    /** End the recording and return it. */
    async stop() {
        if (this.recorder?.state === "recording") {
            this.recorder.stop();
        }
        await this.ended;
        return this.recording;
    }

    /** Forget the recording, or the wish to record. */
    cancel() {
        this.uses++;
        this.rest();
        if (this.recorder?.state === "recording") {
            this.recorder.stop();
        }
        Object.assign(this, {state: "idle", recording: null, recorder: null});
    }
}

function release(stream) {
    stream.getTracks().forEach((track) => track.stop());
}

function explained(error) {
    if (error instanceof RecordingError) {
        return error;
    }
    const sentence = REASONS[error.name] || _t("The microphone can't be used.");
    return new RecordingError(sentence);
}

import {browser} from "@web/core/browser/browser";
import {Mutex} from "@web/core/utils/concurrency";

export const BARS = 40;
/** Larger files have no waveform: a megabyte of speech is more than five minutes. */
export const LARGEST = 1024 * 1024;
// Enough for a picture of the loudness; decoding to it keeps the memory small.
const RATE = 8000;
const oneAtATime = new Mutex();

/** Return how loud each part of a sound is, between 0 and 1, the loudest being 1. */
export function peaksOf(samples, count = BARS) {
    const step = Math.max(1, samples.length / count);
    const peaks = Array.from({length: count}, (_, bar) => {
        const part = samples.subarray(Math.floor(bar * step), (bar + 1) * step);
        return part.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    });
    const loudest = Math.max(...peaks);
    return peaks.map((peak) => (loudest ? peak / loudest : 0));
}

export const sounds = {
    /** Decode the bytes of a sound at a sample rate; raise if the browser can't. */
    decode(bytes, rate) {
        return new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes);
    },

    /** Return `{peaks, duration}` of a sound: those of a thread one after the other. */
    shapeOf(address) {
        return oneAtATime.exec(async () => {
            const response = await browser.fetch(address);
            if (!response.ok) {
                throw new Error(`HTTP ${response.status}`);
            }
            const sound = await sounds.decode(await response.arrayBuffer(), RATE);
            return {
                peaks: peaksOf(sound.getChannelData(0)),
                duration: sound.duration,
            };
        });
    },
};

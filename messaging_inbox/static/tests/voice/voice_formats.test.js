import {describe, expect, test} from "@odoo/hoot";
import {peaksOf} from "@messaging_inbox/voice/sounds";
import {wavBytes} from "@messaging_inbox/voice/wav";
import {wayTo} from "@messaging_inbox/voice/voice_formats";

describe.current.tags("desktop");

const CHROME = ["audio/webm;codecs=opus", "audio/mp4;codecs=opus"];
const FIREFOX = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus"];
const SAFARI = ["audio/mp4;codecs=mp4a.40.2"];

function way(browser, ...types) {
    const found = wayTo(types, (type) => browser.includes(type));
    return found && [found.type, found.records, Boolean(found.make)];
}

test("each browser records what the channel takes", () => {
    const whatsapp = ["audio/ogg", "audio/aac"];
    expect(way(FIREFOX, ...whatsapp)).toEqual([
        "audio/ogg",
        "audio/ogg;codecs=opus",
        false,
    ]);
    expect(way(CHROME, ...whatsapp)).toEqual([
        "audio/ogg",
        "audio/webm;codecs=opus",
        true,
    ]);
    const aac = "audio/mp4;codecs=mp4a.40.2";
    expect(way(SAFARI, ...whatsapp)).toEqual(["audio/aac", aac, true]);
    const instagram = ["audio/mp4", "audio/wav"];
    expect(way(SAFARI, ...instagram)).toEqual(["audio/mp4", aac, true]);
    expect(way(CHROME, ...instagram)[0]).toBe("audio/wav");
    expect(way(FIREFOX, ...instagram)[0]).toBe("audio/wav");
    expect(way(CHROME)).toBe(undefined);
    expect(way([], ...whatsapp)).toBe(undefined);
});

test("a waveform shows the loudest moment of each part", () => {
    const samples = Float32Array.from([0, 0.1, -0.5, 0.2, 0.25, 0]);
    expect(peaksOf(samples, 3).map((peak) => peak.toFixed(1))).toEqual([
        "0.2",
        "1.0",
        "0.5",
    ]);
    expect(peaksOf(new Float32Array(4), 2)).toEqual([0, 0]);
    expect(peaksOf(new Float32Array(0), 2)).toEqual([0, 0]);
});

test("a WAV file has its header and the samples", () => {
    const bytes = wavBytes(Float32Array.from([0, 1, -2]));
    const view = new DataView(bytes);
    expect(new TextDecoder().decode(bytes)).toMatch(/^RIFF....WAVEfmt .*data/s);
    expect(view.getUint32(40, true)).toBe(6);
    const samples = [44, 46, 48].map((at) => view.getInt16(at, true));
    expect(samples).toEqual([0, 32767, -32767]);
});

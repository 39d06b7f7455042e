import {sounds} from "./sounds";

// Enough for speech: 32 kB each second.
const RATE = 16000;
const HEADER = 44;

function writeHeader(view, size) {
    const text = (offset, word) =>
        [...word].forEach((letter, index) =>
            view.setUint8(offset + index, letter.charCodeAt(0))
        );
    text(0, "RIFF");
    view.setUint32(4, HEADER - 8 + size, true);
    text(8, "WAVEfmt ");
    view.setUint32(16, 16, true);
    // PCM, one channel of 16 bits
    view.setUint16(20, 1, true);
    view.setUint16(22, 1, true);
    view.setUint32(24, RATE, true);
    view.setUint32(28, RATE * 2, true);
    view.setUint16(32, 2, true);
    view.setUint16(34, 16, true);
    text(36, "data");
    view.setUint32(40, size, true);
}

/** Return the bytes of a WAV file with these samples, which lie between -1 and 1. */
export function wavBytes(samples) {
    const view = new DataView(new ArrayBuffer(HEADER + samples.length * 2));
    writeHeader(view, samples.length * 2);
    samples.forEach((sample, index) => {
        const bounded = Math.max(-1, Math.min(1, sample));
        view.setInt16(HEADER + index * 2, bounded * 0x7fff, true);
    });
    return view.buffer;
}

/** Make a WAV file of a recording, for channels and browsers without a common codec. */
export async function wavOf(recording) {
    const sound = await sounds.decode(await recording.arrayBuffer(), RATE);
    return new Blob([wavBytes(sound.getChannelData(0))], {type: "audio/wav"});
}

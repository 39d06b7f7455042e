/**
 * Counts the SMS that a text is billed as, if the provider replaces no characters.
 *
 * A single SMS holds 160 septets of GSM-7 or 70 code units of UCS-2. In a longer text
 * each holds 153 or 67, because of the header that numbers it. One character outside
 * GSM-7, such as an emoji, makes the whole text UCS-2. No character is split.
 * See GSM 03.38 and 03.40.
 */

const BASIC = new Set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
);
// Each takes two septets, the first an escape.
const EXTENSION = new Set("\f^{}\\[~]|€");

const GSM_7 = {
    name: "GSM-7",
    single: 160,
    several: 153,
    size: (character) => (EXTENSION.has(character) ? 2 : 1),
};
const UCS_2 = {
    name: "UCS-2",
    single: 70,
    several: 67,
    size: (character) => character.length,
};

function encodingOf(characters) {
    const isPlain = characters.every(
        (character) => BASIC.has(character) || EXTENSION.has(character)
    );
    return isPlain ? GSM_7 : UCS_2;
}

/** Return `{count, encoding, perSegment}`: the number of SMS, and the size of each. */
export function smsSegments(text) {
    const characters = [...text];
    const {name, single, several, size} = encodingOf(characters);
    const sizes = characters.map(size);
    const total = sizes.reduce((sum, each) => sum + each, 0);
    if (total <= single) {
        return {count: total ? 1 : 0, encoding: name, perSegment: single};
    }
    let [count, used] = [1, 0];
    for (const each of sizes) {
        if (used + each > several) {
            [count, used] = [count + 1, 0];
        }
        used += each;
    }
    return {count, encoding: name, perSegment: several};
}

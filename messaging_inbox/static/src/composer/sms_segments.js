/**
 * How many SMS a text is billed as, where no provider swaps characters for plainer ones.
 *
 * One SMS holds 160 septets of GSM-7 or 70 code units of UCS-2. Of several, each holds
 * less, since it says which one it is: 153 or 67. One character outside of GSM-7, such
 * as an emoji, makes the whole text UCS-2. No character is cut in two.
 * GSM 03.38 and 03.40.
 */

const BASIC = new Set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
);
// Each takes two septets: an escape comes first.
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

/** `{count, encoding, perSegment}` of a text: how many SMS, how written, how much each. */
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

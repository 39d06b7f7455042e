import {describe, expect, test} from "@odoo/hoot";
import {smsSegments} from "@messaging_inbox/composer/sms_segments";

describe.current.tags("desktop");

const GSM_7 = [
    ["", 0],
    ["a".repeat(160), 1],
    ["a".repeat(161), 2],
    ["a".repeat(306), 2],
    ["a".repeat(307), 3],
    ["ñÑéàøΔ¿¡£\n".repeat(16), 1],
    ["€".repeat(80), 1],
    ["€".repeat(81), 2],
    // An escape and its character are not split: 153 septets hold 76 pairs.
    ["€".repeat(152), 2],
    ["€".repeat(153), 3],
];
const UCS_2 = [
    ["á", 1],
    ["á".repeat(70), 1],
    ["á".repeat(71), 2],
    ["á".repeat(134), 2],
    ["á".repeat(135), 3],
    ["😘".repeat(35), 1],
    // Nor is a surrogate pair: 67 code units hold 33 emoji.
    ["😘".repeat(66), 2],
    ["😘".repeat(67), 3],
    [`this is a ${"]".repeat(74)}😘`, 2],
    ["a".repeat(1500) + "😘", 23],
    ["“quoted”", 1],
];

test("an SMS holds 160 septets of GSM-7, or 153 in a longer text", () => {
    for (const [text, count] of GSM_7) {
        expect(smsSegments(text).count).toBe(count);
        expect(smsSegments(text).encoding).toBe("GSM-7");
    }
});

test("one other character makes it UCS-2: 70 code units, or 67 in a longer text", () => {
    for (const [text, count] of UCS_2) {
        expect(smsSegments(text).count).toBe(count);
        expect(smsSegments(text).encoding).toBe("UCS-2");
    }
});

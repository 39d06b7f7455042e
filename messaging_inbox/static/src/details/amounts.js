import {formatFloat} from "@web/core/utils/numbers";
import {parseMonetary} from "@web/views/fields/parsers";

/** Parse a number that the user typed, in any notation; NaN if it isn't one. */
export function amountOf(text) {
    // Odoo's parser turns words into 0, and "1.5k" into 1.5.
    if (!/\d/.test(text)) {
        return text.trim() ? NaN : 0;
    }
    if (/\d\p{L}/u.test(text)) {
        return NaN;
    }
    try {
        const amount = parseMonetary(text);
        // Larger numbers lose precision when saved and shown.
        return Math.abs(amount) <= Number.MAX_SAFE_INTEGER ? amount : NaN;
    } catch {
        return NaN;
    }
}

/** Format a number as the user would type it, with the locale's decimal separator. */
export function amountText(amount) {
    const digits = [16, 2];
    return amount ? formatFloat(amount, {digits, trailingZeros: false}) : "";
}

import {formatFloat} from "@web/core/utils/numbers";
import {parseMonetary} from "@web/views/fields/parsers";

/** What a person typed as a number, in any notation; NaN when it is none. */
export function amountOf(text) {
    // Odoo's parser makes 0 of words, and 1.5 of 1.5k.
    if (!/\d/.test(text)) {
        return text.trim() ? NaN : 0;
    }
    if (/\d\p{L}/u.test(text)) {
        return NaN;
    }
    try {
        const amount = parseMonetary(text);
        // Larger ones are neither kept nor shown as they were typed.
        return Math.abs(amount) <= Number.MAX_SAFE_INTEGER ? amount : NaN;
    } catch {
        return NaN;
    }
}

/** A number as the user would type it: a point may be a comma for him. */
export function amountText(amount) {
    const digits = [16, 2];
    return amount ? formatFloat(amount, {digits, trailingZeros: false}) : "";
}

import {formatFloat} from "@web/core/utils/numbers";
import {parseMonetary} from "@web/views/fields/parsers";

/** What a person typed as a number, in any notation; NaN when it is none. */
export function amountOf(text) {
    // Odoo's parser makes 0 of words.
    if (!/\d/.test(text)) {
        return text.trim() ? NaN : 0;
    }
    try {
        return parseMonetary(text);
    } catch {
        return NaN;
    }
}

/** A number as the user would type it: a point may be a comma for him. */
export function amountText(amount) {
    const digits = [16, 2];
    return amount ? formatFloat(amount, {digits, trailingZeros: false}) : "";
}

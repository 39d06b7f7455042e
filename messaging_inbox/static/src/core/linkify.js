import {escapeRegExp} from "@web/core/utils/strings";

// Repetitions are bounded or anchored at a boundary, so matching takes linear time.
const WEB = /\b(?:https?:\/\/|www\.)[^\s<>"`]+/giu;
const EMAIL =
    /(?<![\p{L}\p{N}])[\p{L}\p{N}][\p{L}\p{N}._%+'-]{0,63}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}@])/gu;
const PHONE =
    /(?<![\p{L}\p{N}@/.,=_-])(?:\+|\(\+?)?\d(?:[ \u00a0.()/-]{0,2}\d)+(?![\p{L}\p{N}@]|[.,]\d)/gu;
const TRAILING = /[.,;:!?'’"”»…*~。、，！？]/u;
const PAIRS = {")": "(", "]": "[", "}": "{"};
const DATE =
    /\b(?:(?:19|20)\d\d[./-]\d\d?[./-]\d\d?|\d\d?[./-]\d\d?[./-](?:19|20)\d\d)\b/;
const IBAN = /[A-Z]{2}\d\d[ \u00a0]$/;
// E.164 allows 15 digits; a national number of fewer than nine is too ambiguous.
const MOST_DIGITS = 15;
const FEWEST_DIGITS = {international: 7, national: 9};

/** Trim trailing punctuation, and closing brackets that the address didn't open. */
function trimEnd(address) {
    const surplus = {};
    for (const [close, open] of Object.entries(PAIRS)) {
        surplus[close] = address.split(close).length - address.split(open).length;
    }
    let end = address.length;
    for (; end; end--) {
        const last = address[end - 1];
        if (surplus[last] > 0) {
            surplus[last]--;
        } else if (!TRAILING.test(last)) {
            break;
        }
    }
    return address.slice(0, end);
}

function webLink({0: found, index}) {
    const text = trimEnd(found);
    const href = /^www\./i.test(text) ? `https://${text}` : text;
    return URL.canParse?.(href) !== false && {index, text, href, isWeb: true};
}

function emailLink({0: text, index}) {
    return {index, text, href: `mailto:${encodeURI(text)}`};
}

function phoneLink({0: found, index, input}) {
    const text = found.replace(/^\((?!.*\))/, "");
    const isInternational = /^(?:\(?\+|00)/.test(text);
    const digits = text.replace(isInternational ? /\(0\)|\D/g : /\D/g, "");
    const fewest = FEWEST_DIGITS[isInternational ? "international" : "national"];
    const isPhone =
        digits.length >= fewest &&
        digits.length <= MOST_DIGITS &&
        !DATE.test(text) &&
        !IBAN.test(input.slice(Math.max(0, index - 5), index));
    const plus = text.includes("+") ? "+" : "";
    return (
        isPhone && {
            index: index + found.length - text.length,
            text,
            href: `tel:${plus}${digits}`,
        }
    );
}

/**
 * Return the URLs, email addresses and phone numbers in a text, in order, none
 * overlapping. Only http and https URLs are links: customers' text is not trusted.
 *
 * @returns {{index: number, text: string, href: string, isWeb?: boolean}[]}
 */
export function findLinks(text) {
    const found = [
        ...Array.from(text.matchAll(WEB), webLink),
        ...Array.from(text.matchAll(EMAIL), emailLink),
        ...Array.from(text.matchAll(PHONE), phoneLink),
    ].filter(Boolean);
    // The sort is stable: of two links at one index, the kind listed first wins.
    found.sort((a, b) => a.index - b.index);
    let end = 0;
    return found.filter(({index, text: {length}}) => {
        const isFree = index >= end;
        end = isFree ? index + length : end;
        return isFree;
    });
}

/** Split text pieces so that each mention of a name is a piece of its own. */
export function splitMentions(pieces, names) {
    if (!names.length) {
        return pieces;
    }
    const mentions = names.map((name) => `@${name}`);
    const pattern = new RegExp(`(${mentions.map(escapeRegExp).join("|")})`);
    return pieces.flatMap((piece) =>
        piece.href || piece.children
            ? [piece]
            : piece.text
                  .split(pattern)
                  .filter(Boolean)
                  .map((text) => ({text, isMention: mentions.includes(text)}))
    );
}

import {escapeRegExp} from "@web/core/utils/strings";

const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+/gi;
const TRAILING_PUNCTUATION = /[.,;:!?)\]}'"…]+$/;

/** Closing brackets belong to the address when it opened them itself. */
function trimEnd(address) {
    const trimmed = address.replace(TRAILING_PUNCTUATION, "");
    const next = address[trimmed.length];
    return next === ")" && trimmed.includes("(") ? `${trimmed})` : trimmed;
}

function safeHref(address) {
    const candidate = /^www\./i.test(address) ? `https://${address}` : address;
    return URL.canParse?.(candidate) === false ? false : candidate;
}

/**
 * Plain text cut into pieces, so that a template can render anchors without ever
 * building HTML. Only http and https become links: what a customer wrote is not trusted.
 *
 * @returns {{text: string, href?: string}[]}
 */
export function splitLinks(text) {
    const pieces = [];
    let position = 0;
    for (const match of text.matchAll(LINK)) {
        const address = trimEnd(match[0]);
        const href = safeHref(address);
        if (!href) {
            continue;
        }
        if (match.index > position) {
            pieces.push({text: text.slice(position, match.index)});
        }
        pieces.push({text: address, href});
        position = match.index + address.length;
    }
    if (position < text.length) {
        pieces.push({text: text.slice(position)});
    }
    return pieces;
}

/** Pieces in which the names of who was called stand alone. */
export function splitMentions(pieces, names) {
    if (!names.length) {
        return pieces;
    }
    const calls = names.map((name) => `@${name}`);
    const pattern = new RegExp(`(${calls.map(escapeRegExp).join("|")})`);
    return pieces.flatMap((piece) =>
        piece.href
            ? [piece]
            : piece.text
                  .split(pattern)
                  .filter(Boolean)
                  .map((text) => ({text, isMention: calls.includes(text)}))
    );
}

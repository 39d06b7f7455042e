import {findLinks} from "./linkify";

// Elements of HTML for the formatting of WhatsApp.
const TAGS = {"*": "strong", _: "em", "~": "s"};
const CODE = /```([^]+?)```|`([^`\n]+)`/gu;
const WORD = /[\p{L}\p{N}]/u;

function codesOf(text) {
    return Array.from(text.matchAll(CODE), ({0: all, 1: block, 2: line, index}) => ({
        start: index,
        end: index + all.length,
        node: {text: block || line, tag: "code"},
    }));
}

function linksOf(text) {
    return findLinks(text).map(({index, ...node}) => ({
        start: index,
        end: index + node.text.length,
        node,
    }));
}

/** What is code is shown as it is; what is a link isn't cut by formatting. */
function atomsOf(text, hasFormatting) {
    const codes = hasFormatting ? codesOf(text) : [];
    const isFree = ({start, end}) =>
        !codes.some((code) => start < code.end && code.start < end);
    return [...codes, ...linksOf(text).filter(isFree)].sort(
        (a, b) => a.start - b.start
    );
}

/** Cuts a text into nodes; positions are those of the whole text. */
class Markup {
    constructor(text, hasFormatting) {
        this.text = text;
        this.hasFormatting = hasFormatting;
        this.atoms = atomsOf(text, hasFormatting);
        // The end of the atom that covers a position.
        this.covered = new Map();
        for (const {start, end} of this.atoms) {
            for (let position = start; position < end; position++) {
                this.covered.set(position, end);
            }
        }
    }

    get nodes() {
        return this.parse(0, this.text.length);
    }

    parse(start, end) {
        const nodes = [];
        let done = start;
        // Where a sign has no end any more, later ones of its line have none either.
        const hopeless = {};
        for (let position = start; position < end; position++) {
            const sign = this.text[position];
            if (!this.opens(position) || position < (hopeless[sign] || 0)) {
                continue;
            }
            const {close, stop} = this.closing(position, end);
            if (close) {
                nodes.push(...this.plain(done, position), {
                    tag: TAGS[sign],
                    children: this.parse(position + 1, close),
                });
                done = close + 1;
                position = close;
            } else {
                hopeless[sign] = stop;
            }
        }
        return [...nodes, ...this.plain(done, end)];
    }

    /** A sign begins at the edge of a word and touches its text. */
    opens(position) {
        const {text} = this;
        return (
            this.hasFormatting &&
            text[position] in TAGS &&
            !this.covered.has(position) &&
            !WORD.test(text[position - 1] || "") &&
            /\S/.test(text[position + 1] || "") &&
            // Doubled signs format nothing.
            text[position + 1] !== text[position] &&
            text[position - 1] !== text[position]
        );
    }

    closing(position, end) {
        const {text} = this;
        let at = position + 1;
        for (; at < end; at++) {
            if (this.covered.has(at)) {
                at = this.covered.get(at) - 1;
            } else if (text[at] === "\n") {
                break;
            } else if (
                text[at] === text[position] &&
                at > position + 1 &&
                text[at + 1] !== text[at] &&
                /\S/.test(text[at - 1]) &&
                !WORD.test(text[at + 1] || "")
            ) {
                return {close: at};
            }
        }
        return {stop: at};
    }

    plain(start, end) {
        const nodes = [];
        let done = start;
        const push = (until) =>
            until > done && nodes.push({text: this.text.slice(done, until)});
        for (const atom of this.atoms) {
            if (atom.start >= done && atom.end <= end) {
                push(atom.start);
                nodes.push(atom.node);
                done = atom.end;
            }
        }
        push(end);
        return nodes;
    }
}

/**
 * A text as nodes, so that a template draws it without ever building HTML: plain text,
 * links, and with `hasFormatting` what WhatsApp draws as bold, italic, struck and code.
 *
 * @returns {{text?: string, href?: string, tag?: string, children?: Object[]}[]}
 */
export function markupOf(text, {hasFormatting = false} = {}) {
    return new Markup(text, hasFormatting).nodes;
}

/** Formatting such as *bold* is WhatsApp's: nowhere else do customers see it drawn. */
export function drawsFormatting({direction}, channel) {
    return direction !== "note" && channel?.kind === "whatsapp";
}

function textOf({text, children}) {
    return children ? children.map(textOf).join("") : text;
}

/** A text without what `markupOf` would draw. */
export function withoutFormatting(text) {
    return markupOf(text, {hasFormatting: true}).map(textOf).join("");
}

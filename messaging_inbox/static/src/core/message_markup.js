import {findLinks} from "./linkify";

// HTML elements for WhatsApp's formatting.
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

/** Return code and links, in order: formatting splits neither of them. */
function atomsOf(text, hasFormatting) {
    const codes = hasFormatting ? codesOf(text) : [];
    const isFree = ({start, end}) =>
        !codes.some((code) => start < code.end && code.start < end);
    return [...codes, ...linksOf(text).filter(isFree)].sort(
        (a, b) => a.start - b.start
    );
}

/** Parses a text into nodes; positions refer to the whole text. */
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
        // Per sign, the end of a line where it isn't closed: skip later ones up to there.
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

    /** Return whether a sign opens formatting: at a word's edge, touching the text. */
    opens(position) {
        const {text} = this;
        return (
            this.hasFormatting &&
            text[position] in TAGS &&
            !this.covered.has(position) &&
            !WORD.test(text[position - 1] || "") &&
            /\S/.test(text[position + 1] || "") &&
            // A doubled sign is plain text.
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
 * Return a text as nodes, so that a template renders it without building HTML: text,
 * links, and with `hasFormatting` WhatsApp's bold, italic, strikethrough and code.
 *
 * @returns {{text?: string, href?: string, tag?: string, children?: Object[]}[]}
 */
export function markupOf(text, {hasFormatting = false} = {}) {
    return new Markup(text, hasFormatting).nodes;
}

/** Return whether signs are drawn as formatting: only WhatsApp's customers see it. */
export function drawsFormatting({direction}, channel) {
    return direction !== "note" && channel?.kind === "whatsapp";
}

function textOf({text, children}) {
    return children ? children.map(textOf).join("") : text;
}

/** Return a text without the formatting signs that `markupOf` interprets. */
export function withoutFormatting(text) {
    return markupOf(text, {hasFormatting: true}).map(textOf).join("");
}

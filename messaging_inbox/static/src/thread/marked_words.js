import {normalizedMatches} from "@web/core/l10n/utils";

const NAME = "o-messaging-found";
const TEXTS = ".o-messaging-Bubble";

/**
 * Mark words in the bubbles without changing the page's elements. Browsers without the
 * CSS Custom Highlight API show no marks.
 */
export function markWords(root, query) {
    unmarkWords();
    if (!root || !window.CSS?.highlights) {
        return;
    }
    const words = query.split(/\s+/).filter(Boolean);
    const ranges = textNodes(root).flatMap((node) =>
        words.flatMap((word) => rangesOf(node, word))
    );
    window.CSS.highlights.set(NAME, new window.Highlight(...ranges));
}

export function unmarkWords() {
    window.CSS?.highlights?.delete(NAME);
}

function textNodes(root) {
    const nodes = [];
    for (const bubble of root.querySelectorAll(TEXTS)) {
        const walker = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            nodes.push(walker.currentNode);
        }
    }
    return nodes;
}

function rangesOf(node, word) {
    return normalizedMatches(node.data, word).map(({start, end}) => {
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, end);
        return range;
    });
}

const PLACEHOLDER = /\{\{\s*([\w.-]+?)\s*\}\}/g;

/** Return a text with the values that there are; the other placeholders stay. */
export function fillText(text, values = {}) {
    return (text || "").replace(PLACEHOLDER, (all, name) => values[name] || all);
}

/** Return the names of a text's placeholders, in order, each once. */
export function namesIn(text) {
    return [
        ...new Set(Array.from((text || "").matchAll(PLACEHOLDER), ([, name]) => name)),
    ];
}

/** Split text nodes (see `markupOf`) so that each placeholder is a node of its own. */
export function splitPlaceholders(nodes) {
    return nodes.flatMap((node) => {
        if (node.children) {
            return [{...node, children: splitPlaceholders(node.children)}];
        }
        return node.tag || !hasPlaceholder(node.text) ? [node] : splitText(node);
    });
}

function hasPlaceholder(text) {
    return text.search(PLACEHOLDER) >= 0;
}

/** Split one text; a link without all its parts is no link yet. */
function splitText({text}) {
    const nodes = [];
    let done = 0;
    for (const {0: all, 1: name, index} of text.matchAll(PLACEHOLDER)) {
        nodes.push({text: text.slice(done, index)});
        nodes.push({text: name, isPlaceholder: true});
        done = index + all.length;
    }
    nodes.push({text: text.slice(done)});
    return nodes.filter((node) => node.text);
}

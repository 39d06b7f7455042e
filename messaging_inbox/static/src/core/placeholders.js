const PLACEHOLDER = /\{\{\s*([\w.-]+?)\s*\}\}/g;

/** Return a text with the values that there are; the other placeholders stay. */
export function fillText(text, values = {}) {
    return (text || "").replace(PLACEHOLDER, (all, name) => values[name] || all);
}

/** Return a text as one reads it: placeholders without a value show their label. */
export function readableText(text, values, labels) {
    return fillText(text, values).replace(
        PLACEHOLDER,
        (all, name) => `[${labels[name] || name}]`
    );
}

/** Return whether a text has the placeholder of a variable. */
export function hasVariable(text, name) {
    return Array.from((text || "").matchAll(PLACEHOLDER)).some(
        ([, found]) => found === name
    );
}

/**
 * Split text nodes (see `markupOf`) so that each placeholder is a node of its own, with
 * its label, from {name: label}, or its name.
 */
export function splitPlaceholders(nodes, labels = {}) {
    return nodes.flatMap((node) => {
        if (node.children) {
            return [{...node, children: splitPlaceholders(node.children, labels)}];
        }
        return node.tag || !hasPlaceholder(node.text)
            ? [node]
            : splitText(node, labels);
    });
}

function hasPlaceholder(text) {
    return text.search(PLACEHOLDER) >= 0;
}

/** Split one text; a link without all its parts is no link yet. */
function splitText({text}, labels) {
    const nodes = [];
    let done = 0;
    for (const {0: all, 1: name, index} of text.matchAll(PLACEHOLDER)) {
        nodes.push({text: text.slice(done, index)});
        nodes.push({text: labels[name] || name, isPlaceholder: true});
        done = index + all.length;
    }
    nodes.push({text: text.slice(done)});
    return nodes.filter((node) => node.text);
}

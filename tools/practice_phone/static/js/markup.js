/** WhatsApp's formatting: *bold*, _italic_, ~struck~, `code` and ```monospace```. */

import {h} from "./dom.js";

const MARKS =
    /```([^]+?)```|`([^`\n]+)`|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\3(?![\p{L}\p{N}])/u;
const TAGS = {"*": "strong", _: "em", "~": "s"};

/** Returns the text as nodes, without the marks. */
export function formatted(text) {
    const found = MARKS.exec(text);
    if (!found) {
        return text ? [text] : [];
    }
    const [whole, block, code, mark, inner] = found;
    const node = mark
        ? h(TAGS[mark], null, ...formatted(inner))
        : h("code", null, block || code);
    const rest = text.slice(found.index + whole.length);
    const before = text.slice(0, found.index);
    return [before, node, ...formatted(rest)].filter((part) => part !== "");
}

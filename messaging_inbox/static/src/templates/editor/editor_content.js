/** What the editor works with: plain values, and how typing changes them. */

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

export const LIMITS = {header: 60, body: 1024, footer: 60, button: 25};
export const MOST_BUTTONS = 10;

/** Return the editor's values of a record's data. */
export function contentOf(data) {
    const buttons = Array.isArray(data.buttons) ? data.buttons : [];
    return {
        headerKind: data.media_kind || (data.header ? "text" : "none"),
        header: data.header || "",
        body: data.body || "",
        footer: data.footer || "",
        buttons: buttons.map((button) => ({...button})),
        samples: {...data.samples},
        bindings: {...data.bindings},
    };
}

/** Return the changes that store the editor's values, for these variables, in a record. */
export function changesOf(content, names = variablesOf(content)) {
    const isFile = !["none", "text"].includes(content.headerKind);
    const ofNames = (values) =>
        Object.fromEntries(
            names.filter((name) => values[name]).map((name) => [name, values[name]])
        );
    return {
        media_kind: isFile ? content.headerKind : false,
        header: content.headerKind === "text" ? content.header : "",
        body: content.body,
        footer: content.footer,
        buttons: content.buttons.map((button) => ({...button})),
        samples: ofNames(content.samples),
        bindings: ofNames(content.bindings),
    };
}

/** Return the names of all variables, in the order of reading. */
export function variablesOf({headerKind, header, body, buttons}) {
    const links = buttons.filter(({kind}) => kind === "url").map(({value}) => value);
    const texts = [headerKind === "text" ? header : "", body, ...links];
    const names = texts.flatMap((text) =>
        Array.from((text || "").matchAll(PLACEHOLDER), ([, name]) => name)
    );
    return [...new Set(names)];
}

/** Return a name for a new variable: the wish, or the next number among numbers. */
export function freeName(names, wish) {
    const numbers = names.filter((name) => /^\d+$/.test(name)).map(Number);
    if (numbers.length) {
        return String(Math.max(...numbers) + 1);
    }
    for (let count = 1; ; count++) {
        const name = count === 1 ? wish : `${wish}_${count}`;
        if (!names.includes(name)) {
            return name;
        }
    }
}

/** Return {text, start, end}: the text with a placeholder, and where its name is. */
export function inserted(text, name, from, until = from) {
    const before = text.slice(0, from);
    const after = text.slice(until);
    const space = before && !/\s$/.test(before) ? " " : "";
    const start = before.length + space.length + 2;
    return {
        text: `${before}${space}{{${name}}}${after}`,
        start,
        end: start + name.length,
    };
}

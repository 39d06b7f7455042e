import {_t} from "@web/core/l10n/translation";
import {normalize} from "@web/core/l10n/utils";

const CATEGORIES = {
    utility: _t("Utility"),
    marketing: _t("Marketing"),
    authentication: _t("Authentication"),
};

export function categoryLabel(category) {
    return String(CATEGORIES[category] || "");
}

/** Return the templates that have all words of a query, whatever accents and case. */
export function searchTemplates(templates, query) {
    const words = normalize(query).trim().split(/\s+/);
    return templates.filter((template) => {
        const text = normalize(wordsOf(template));
        return words.every((word) => text.includes(word));
    });
}

function wordsOf({name, header, body, footer, category, language, language_name}) {
    const label = categoryLabel(category);
    return [name, header, body, footer, label, language, language_name].join("\n");
}

function baseOf(language) {
    return (language || "").split(/[_-]/)[0];
}

/** Group templates by language, in their order, as {language, label, isCustomers, templates}. */
export function groupTemplates(templates, customerLanguage) {
    const groups = new Map();
    for (const template of templates) {
        const {language, language_name: label} = template;
        if (!groups.has(language)) {
            const isCustomers =
                Boolean(customerLanguage) &&
                baseOf(language) === baseOf(customerLanguage);
            groups.set(language, {language, label, isCustomers, templates: []});
        }
        groups.get(language).templates.push(template);
    }
    return [...groups.values()];
}

export function takesDocument({takes_file: takesFile, media_kind: kind}) {
    return takesFile && kind === "document";
}

/** Return the group of the templates that take a document, as `groupTemplates` does. */
export function documentGroup(templates) {
    const label = String(_t("With a document"));
    return {language: "document", label, isCustomers: false, templates};
}

/** Return {name: label} of a template's variables. */
export function labelsOf({variables}) {
    return Object.fromEntries(variables.map(({name, label}) => [name, label || name]));
}

/** Return {name: text} of what is bound to a template's variables. */
export function boundValues({variables}) {
    return Object.fromEntries(variables.map(({name, value}) => [name, value]));
}

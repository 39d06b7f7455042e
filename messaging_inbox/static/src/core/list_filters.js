import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * The filters of the list, by the name that the server knows them by: `{label, title,
 * isMatch(row, value)}`. `isMatch` tells whether a row that changed live still belongs
 * here. `name` is read in place of a label that isn't a word, and `counter` names the
 * counter that the switch shows. A filter that isn't a switch brings its own `Component`
 * in place of the label.
 */
export const listFilters = registry.category("messaging_inbox.list_filters");

listFilters
    .add("unanswered", {
        label: _t("Unanswered"),
        title: _t("The customer waits for an answer"),
        isMatch: (row) => Boolean(row.waiting_since),
    })
    .add("unread", {
        label: _t("Unread"),
        title: _t("You haven't read the customer's last message"),
        isMatch: (row) => row.unread_count > 0,
    })
    .add("failed", {
        label: _t("Failed"),
        title: _t("Our last message could not be sent"),
        isMatch: (row) => Boolean(row.has_failed),
    })
    .add("mentions", {
        label: "@",
        name: _t("Mentions"),
        title: _t("A colleague mentioned you in a private note"),
        counter: "mentions",
        isMatch: (row) => Boolean(row.mention),
    });

/** Return whether a row passes all filters, an object of names and values. */
export function passes(row, filters) {
    return Object.keys(filters).every((name) =>
        listFilters.get(name).isMatch(row, filters[name])
    );
}

import {registry} from "@web/core/registry";

function focusedRow(name) {
    return `.o-messaging-Row:focus:contains(${name})`;
}

/**
 * Needs two open, unassigned conversations: of Ana and, newer, of Berta. Uses no mouse.
 * Leaves Ana's answered.
 */
registry.category("web_tour.tours").add("messaging_inbox_keyboard", {
    url: "/odoo/messaging",
    steps: () => [
        {
            trigger: ".o-messaging-Row:contains(Ana)",
        },
        {
            trigger: ".o-messaging-Search input",
            run: ({anchor}) => anchor.focus(),
        },
        {
            content: "Arrow down leads from the search into the list",
            trigger: ".o-messaging-Search input:focus",
            run: "press ArrowDown",
        },
        {
            trigger: focusedRow("Berta"),
            run: "press ArrowDown",
        },
        {
            trigger: focusedRow("Ana"),
            run: "press k",
        },
        {
            trigger: focusedRow("Berta"),
            run: "press j",
        },
        {
            content: "Enter opens it, with the focus in the composer",
            trigger: focusedRow("Ana"),
            run: "press Enter",
        },
        {
            trigger: ".o-messaging-Header-name:contains(Ana)",
        },
        {
            trigger: ".o-messaging-Composer-text:focus",
            run: "edit Written by keyboard",
        },
        {
            trigger: ".o-messaging-Composer-text:focus",
            run: "press Enter",
        },
        {
            trigger: ".o-messaging-Message.o-outbound:contains(Written by keyboard)",
        },
        {
            content: "After sending, the composer is empty and keeps the focus",
            trigger: ".o-messaging-Composer-text:focus:value()",
            run: "press Escape",
        },
        {
            content: "Escape returns to the row",
            trigger: focusedRow("Ana"),
            run: "press Home",
        },
        {
            trigger: ".o-messaging-Row:focus",
        },
        {
            content: "Search and open the result",
            trigger: ".o-messaging-Search input",
            run: "edit bert",
        },
        {
            trigger: ".o-messaging-List:not(:contains(Unassigned)) .o-messaging-Row",
        },
        {
            trigger: ".o-messaging-Search input",
            run: "press ArrowDown",
        },
        {
            trigger: focusedRow("Berta"),
            run: "press Enter",
        },
        {
            trigger: ".o-messaging-Header-name:contains(Berta)",
        },
    ],
});

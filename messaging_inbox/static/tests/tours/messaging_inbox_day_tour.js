import {registry} from "@web/core/registry";

function row(section, name) {
    return `#o-messaging-section-${section} .o-messaging-Row:contains(${name})`;
}

/**
 * Needs two open, unassigned conversations: of Ana, who wrote "Is the zebra bike there?",
 * and, newer, of Berta. Finds, snoozes, schedules, and changes several at once. Leaves
 * both closed.
 */
registry.category("web_tour.tours").add("messaging_inbox_day", {
    url: "/odoo/messaging",
    steps: () => [
        {
            content: "Find a message by its words, in any order",
            trigger: ".o-messaging-Search input",
            run: "edit bike zebra",
        },
        {
            trigger: ".o-messaging-SearchHit mark:contains(zebra)",
            run: "click",
        },
        {
            trigger: ".o-messaging-Message.o-highlighted:contains(zebra)",
        },
        {
            trigger: ".o-messaging-Search-clear",
            run: "click",
        },
        {
            content: "Snooze it and go on to the next",
            trigger: ".o-messaging-Header .o-messaging-Snooze",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains(Until the customer writes)",
            run: "click",
        },
        {
            trigger: ".o-messaging-Header-name:contains(Berta)",
        },
        {
            content: "Answer later",
            trigger: ".o-messaging-Composer-text",
            run: "edit Good morning",
        },
        {
            trigger: ".o-messaging-SendLater:enabled",
            run: "click",
        },
        {
            trigger: ".o-messaging-Time:first",
            run: "click",
        },
        {
            trigger: ".o-messaging-Scheduled:contains(Good morning)",
        },
        {
            trigger: ".o-messaging-Scheduled-actions button:contains(Delete)",
            run: "click",
        },
        {
            trigger: ".o-messaging-Thread:not(:has(.o-messaging-Scheduled))",
        },
        {
            content: "Change several at once",
            trigger: "[data-section=snoozed][aria-expanded=false]",
            run: "click",
        },
        {
            trigger: `${row("snoozed", "Ana")} .o-messaging-Row-check:not(:visible)`,
            run: "click",
        },
        {
            trigger: `${row("unassigned", "Berta")} .o-messaging-Row-check`,
            run: "click",
        },
        {
            trigger:
                ".o-messaging-SelectionBar:contains(2 selected) .o-messaging-SelectionBar-state",
            run: "click",
        },
        {
            content: "Undo gives each back what it had",
            trigger: ".o_notification button:contains(Undo)",
            run: "click",
        },
        {
            trigger: row("unassigned", "Berta"),
        },
        {
            trigger: `${row("snoozed", "Ana")} .o-messaging-Row-check:not(:visible)`,
            run: "click",
        },
        {
            trigger: `${row("unassigned", "Berta")} .o-messaging-Row-check`,
            run: "click",
        },
        {
            trigger:
                ".o-messaging-SelectionBar:contains(2 selected) .o-messaging-SelectionBar-state",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Closed: 2 conversations)",
        },
    ],
});

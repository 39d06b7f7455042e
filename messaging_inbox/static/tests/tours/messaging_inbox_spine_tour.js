import {registry} from "@web/core/registry";

const CUSTOMER = ".o-messaging-Row:contains(Ana)";

/**
 * Needs one open, unassigned conversation of a customer named Ana, and an available
 * Agent as user. Leaves it answered, assigned and open.
 */
registry.category("web_tour.tours").add("messaging_inbox_spine", {
    url: "/odoo/crm",
    steps: () => [
        {
            content: "The inbox is a section of the CRM",
            trigger: ".o_menu_sections button:contains(Integrations)",
            run: "click",
        },
        {
            trigger: ".dropdown-item:contains(Messaging)",
            run: "click",
        },
        {
            content: "A new conversation is in Unassigned",
            trigger: `#o-messaging-section-unassigned ${CUSTOMER}`,
            run: "click",
        },
        {
            trigger: ".o-messaging-Message.o-inbound:contains(Hello)",
        },
        {
            content: "Assign it to me",
            trigger: ".o-messaging-Assignee.o-unassigned",
            run: "click",
        },
        {
            trigger: ".o-messaging-AssigneeMenu .dropdown-item:contains(Assign to me)",
            run: "click",
        },
        {
            trigger: `#o-messaging-section-mine ${CUSTOMER}`,
        },
        {
            trigger: ".o-messaging-Event:contains(You took the conversation)",
        },
        {
            content: "Reply",
            trigger: ".o-messaging-Composer-text",
            run: "edit Good morning, Ana!",
        },
        {
            trigger: ".o-messaging-Composer-send:enabled",
            run: "click",
        },
        {
            content: "The reply is shown once and confirmed by the server",
            trigger:
                ".o-messaging-Message.o-outbound:contains(Good morning):not(.o-state-failed)",
        },
        {
            content: "Close it",
            trigger: ".o-messaging-Header-state:contains(Close conversation)",
            run: "click",
        },
        {
            trigger: ".o-messaging-ComposerFace.o-closed",
        },
        {
            trigger: "[data-section=closed]",
            run: "click",
        },
        {
            trigger: `#o-messaging-section-closed ${CUSTOMER}`,
        },
        {
            content: "Reopen it: it is in its former section",
            trigger: ".o-messaging-Header-state:contains(Reopen)",
            run: "click",
        },
        {
            trigger: `#o-messaging-section-mine ${CUSTOMER}`,
        },
        {
            trigger: ".o-messaging-Composer-text",
        },
    ],
});

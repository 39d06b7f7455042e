import {registry} from "@web/core/registry";

const CONTACT = "section[aria-labelledby=o-messaging-contact]";
const DEAL = "section[aria-labelledby=o-messaging-deal]";

/**
 * Needs one open conversation of a customer named Ana without a contact, and a
 * salesperson as user. Leaves it linked to a contact and a deal.
 */
registry.category("web_tour.tours").add("messaging_inbox_records", {
    url: "/odoo/messaging",
    steps: () => [
        {
            trigger: ".o-messaging-Row:contains(Ana)",
            run: "click",
        },
        {
            content: "A contact is created from the defaults",
            trigger: `${CONTACT} [data-mode=partner]`,
            run: "click",
        },
        {
            trigger: `${CONTACT} input[name=email]`,
            run: "edit ana@example.com",
        },
        {
            trigger: `${CONTACT} [type=submit]`,
            run: "click",
        },
        {
            trigger: `${CONTACT} .o-messaging-Record-name:contains(Ana)`,
        },
        {
            trigger: ".o-messaging-Event:contains(You linked Ana)",
        },
        {
            content: "Create a deal",
            trigger: `${DEAL} [data-mode=opportunity]`,
            run: "click",
        },
        {
            trigger: `${DEAL} input[name=name]`,
            run: "edit Forty blue ones",
        },
        {
            trigger: `${DEAL} [type=submit]`,
            run: "click",
        },
        {
            trigger: `${DEAL} .o-messaging-Stage-button`,
            run: "click",
        },
        {
            trigger: ".dropdown-item:contains(Qualified)",
            run: "click",
        },
        {
            content: "The record opens as a form",
            trigger: `${DEAL}:contains(Qualified) .o-messaging-Record-name`,
            run: "click",
        },
        {
            content: "It has the note",
            trigger: ".o-mail-Message:contains(Hello)",
        },
        {
            trigger: ".o_breadcrumb a:contains(Messaging), .o_back_button",
            run: "click",
        },
        {
            content: "The breadcrumb leads back to the same conversation",
            trigger: `${DEAL} .o-messaging-Record-name:contains(Forty blue ones)`,
        },
    ],
});

import {registry} from "@web/core/registry";

function section(xmlid) {
    return `.o_menu_sections [data-menu-xmlid="${xmlid}"]`;
}

function entry(xmlid) {
    return `.o-dropdown--menu [data-menu-xmlid="${xmlid}"]`;
}

/** CRM ▸ Integrations ▸ Messaging, for a plain salesperson, who has no settings. */
registry.category("web_tour.tours").add("messaging_inbox_menu_of_salespeople", {
    url: "/odoo/crm",
    steps: () => [
        {
            trigger: `${section("messaging_inbox.menu_integrations")}:contains(Integrations)`,
        },
        {
            content: "A salesperson has no settings",
            trigger: `.o_menu_sections:not(:has([data-menu-xmlid="crm.crm_menu_config"]))`,
        },
        {
            trigger: section("messaging_inbox.menu_integrations"),
            run: "click",
        },
        {
            trigger: `${entry("messaging_inbox.menu_inbox")}:contains(Messaging)`,
            run: "click",
        },
        {
            trigger: ".o-messaging-Inbox .o-messaging-Availability",
        },
        {
            content: "The inbox has no link to the settings either",
            trigger: ".o-messaging-List-header:not(:has(.o-messaging-List-settings))",
        },
    ],
});

/** CRM ▸ Configuration ▸ Integrations ▸ Messaging, and the same from the inbox. */
registry.category("web_tour.tours").add("messaging_inbox_menu_of_managers", {
    url: "/odoo/crm",
    steps: () => [
        {
            trigger: section("crm.crm_menu_config"),
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .dropdown-menu_group:contains(Integrations)",
        },
        {
            trigger: `${entry("messaging_inbox.menu_accounts")}:contains(Messaging)`,
            run: "click",
        },
        {
            trigger: ".o_view_controller:contains(Twilio)",
        },
        {
            trigger: section("messaging_inbox.menu_integrations"),
            run: "click",
        },
        {
            trigger: entry("messaging_inbox.menu_inbox"),
            run: "click",
        },
        {
            trigger: ".o-messaging-List-settings",
            run: "click",
        },
        {
            trigger: ".o_view_controller:contains(Twilio)",
        },
    ],
});

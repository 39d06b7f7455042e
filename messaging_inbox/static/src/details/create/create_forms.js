import {_t} from "@web/core/l10n/translation";

/**
 * The forms of the pane, one per kind of record. Default values without a field are
 * sent back unchanged; `facts` are shown without an input.
 */
const LEAD_FIELDS = [
    {name: "name", label: _t("Title"), isRequired: true},
    {name: "contact_name", label: _t("Customer")},
    {name: "phone", label: _t("Phone"), type: "tel"},
    {name: "email_from", label: _t("Email"), type: "email"},
];

const LEAD_FACTS = {
    partner_id: _t("Contact"),
    source_id: _t("Source"),
    medium_id: _t("Medium"),
    campaign_id: _t("Campaign"),
    user_id: _t("Salesperson"),
};

function leadForm(type, title, fields) {
    return {
        title,
        fields,
        facts: LEAD_FACTS,
        defaults: (api, id) => api.leadDefaults(id, type),
        duplicates: (api, id, values) => api.leadDuplicates(id, values),
        create: (api, id, values) => api.createLead(id, values, type),
        linkOf: (hit) => ({lead_id: hit.id}),
    };
}

export const CREATE_FORMS = {
    partner: {
        title: _t("New contact"),
        fields: [
            {name: "name", label: _t("Name"), isRequired: true},
            {name: "phone", label: _t("Phone"), type: "tel"},
            {name: "email", label: _t("Email"), type: "email"},
            {name: "company_name", label: _t("Company")},
        ],
        facts: {},
        defaults: (api, id) => api.partnerDefaults(id),
        duplicates: (api, id, values) => api.partnerDuplicates(id, values),
        create: (api, id, values) => api.createPartner(id, values),
        linkOf: (hit) => ({partner_id: hit.id}),
    },
    lead: leadForm("lead", _t("New lead"), LEAD_FIELDS),
    opportunity: leadForm("opportunity", _t("New deal"), [
        ...LEAD_FIELDS,
        {name: "expected_revenue", label: _t("Expected revenue"), type: "number"},
    ]),
};

const NAMES = {"res.partner": "partnerId", "crm.lead": "leadId"};

/** Return {partnerId} or {leadId} of a record, {} for those of other models. */
export function linkTo(model, id) {
    const name = NAMES[model];
    return name ? {[name]: id} : {};
}

/** Return whether a conversation can start from records of this model. */
export function canLinkTo(model) {
    return model in NAMES;
}

import {_t} from "@web/core/l10n/translation";

const APPOINTMENTS = {
    requested: _t("Appointment requested"),
    confirmed: _t("Appointment confirmed"),
    declined: _t("Appointment declined"),
    cancelled: _t("Appointment cancelled"),
};

/** How a booking stands, and when it is. */
export function appointmentText({status, when}) {
    const words = APPOINTMENTS[status] || _t("Appointment");
    return when ? `${words}: ${when}` : String(words);
}

/** A product of a shop: its title, and what else is known of it, one line each. */
export function productDetails({id, retailer_id: retailerId, title, subtitle, price}) {
    const details = [subtitle, price];
    if (retailerId) {
        details.push(_t("Retailer ID %s", retailerId));
    }
    return {title: title || _t("Product %s", id), details: details.filter(Boolean)};
}

/** What the cards of a message say already: its text needn't repeat it. */
export function cardWords({shares = [], products = [], appointment = {}}) {
    return new Set([
        ...shares.flatMap(({title, url}) => [title, url]),
        ...products.map(({title}) => title),
        appointment.when,
    ]);
}

/** A story lives for a day, whoever showed it. */
export function isStory(data) {
    return Boolean(data?.story_mention || data?.shared_story);
}

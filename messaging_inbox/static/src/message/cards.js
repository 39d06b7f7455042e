import {_t} from "@web/core/l10n/translation";

const APPOINTMENTS = {
    requested: _t("Appointment requested"),
    confirmed: _t("Appointment confirmed"),
    declined: _t("Appointment declined"),
    cancelled: _t("Appointment cancelled"),
};

/** Return the status and time of an appointment. */
export function appointmentText({status, when}) {
    const words = APPOINTMENTS[status] || _t("Appointment");
    return when ? `${words}: ${when}` : String(words);
}

/** Return a shop product as {title, details}, a line for each detail. */
export function productDetails({id, retailer_id: retailerId, title, subtitle, price}) {
    const details = [subtitle, price];
    if (retailerId) {
        details.push(_t("Retailer ID %s", retailerId));
    }
    return {title: title || _t("Product %s", id), details: details.filter(Boolean)};
}

/** Return the texts that a message's cards show, which its text needn't repeat. */
export function cardWords({shares = [], products = [], appointment = {}}) {
    return new Set([
        ...shares.flatMap(({title, url}) => [title, url]),
        ...products.map(({title}) => title),
        appointment.when,
    ]);
}

/** Return whether the file is a story, which is available for a day only. */
export function isStory(data) {
    return Boolean(data?.story_mention || data?.shared_story);
}

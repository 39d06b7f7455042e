import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;
const MORNING = 9;
const EVENING = 18;

function at(day, hour) {
    return day.startOf("day").set({hour});
}

/**
 * Return the times that the menu offers, in the user's time zone: `{key, label, until}`,
 * `until` a DateTime. `now` is in milliseconds.
 */
export function snoozeTimes(now) {
    const here = DateTime.fromMillis(now);
    const monday = here.plus({weeks: 1}).startOf("week");
    const later = here.plus({hours: 3}).startOf("minute");
    const isEarly = later.hasSame(here, "day") && later.hour < EVENING;
    return [
        here.hour < MORNING - 1 && {
            key: "morning",
            label: _t("This morning"),
            until: at(here, MORNING),
        },
        isEarly && {key: "later", label: _t("Later today"), until: later},
        {
            key: "tomorrow",
            label: _t("Tomorrow morning"),
            until: at(here.plus({days: 1}), MORNING),
        },
        {key: "monday", label: _t("Next Monday"), until: at(monday, MORNING)},
    ].filter(Boolean);
}

/** Return a time as short as it can be understood: "Mon 9:00 AM", or with its date. */
export function shortTime(time, now) {
    const days = time.diff(DateTime.fromMillis(now), "days").days;
    const format =
        days < 6
            ? {weekday: "short", ...DateTime.TIME_SIMPLE}
            : {day: "numeric", month: "short", ...DateTime.TIME_SIMPLE};
    return time.toLocaleString(format);
}

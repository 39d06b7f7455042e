import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;
const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Convert a server string (UTC) to milliseconds; 0 for an empty one. */
export function toMillis(serverString) {
    return serverString ? Date.parse(`${serverString.replace(" ", "T")}Z`) : 0;
}

/** Return a DateTime in the user's zone. Parsing by format would be ten times slower. */
function dateOf(serverString) {
    return DateTime.fromMillis(toMillis(serverString));
}

function unit(count, name, display) {
    const locale = DateTime.now().locale;
    return new Intl.NumberFormat(locale, {
        style: "unit",
        unit: name,
        unitDisplay: display,
    }).format(count);
}

/** Return "now", "2m", "3h", "4d" or a date: short enough for a row of the list. */
export function shortAge(serverString, now) {
    const then = toMillis(serverString);
    if (!then) {
        return "";
    }
    const age = now - then;
    if (age < MINUTE) {
        return _t("now");
    }
    if (age < HOUR) {
        return unit(Math.floor(age / MINUTE), "minute", "narrow");
    }
    if (age < DAY) {
        return unit(Math.floor(age / HOUR), "hour", "narrow");
    }
    if (age < 7 * DAY) {
        return unit(Math.floor(age / DAY), "day", "narrow");
    }
    return dateWithoutThisYear(DateTime.fromMillis(then), now, "short");
}

function dateWithoutThisYear(date, now, month) {
    const format = {day: "numeric", month};
    if (date.year !== DateTime.fromMillis(now).year) {
        format.year = "numeric";
    }
    return date.toLocaleString(format);
}

export function clockTime(serverString) {
    return dateOf(serverString).toLocaleString(DateTime.TIME_SIMPLE);
}

export function fullTime(serverString) {
    return serverString
        ? dateOf(serverString).toLocaleString(DateTime.DATETIME_MED)
        : "";
}

/** Return when the day of `now` began; both in milliseconds. */
export function startOfDay(now) {
    return DateTime.fromMillis(now).startOf("day").toMillis();
}

/** Return the label of the separator above a day's messages. */
export function dayLabel(serverString, now) {
    const day = dateOf(serverString).startOf("day");
    const days = DateTime.fromMillis(now).startOf("day").diff(day, "days").days;
    if (days < 1) {
        return _t("Today");
    }
    if (days < 2) {
        return _t("Yesterday");
    }
    if (days < 7) {
        return day.toLocaleString({weekday: "long"});
    }
    return dateWithoutThisYear(day, now, "long");
}

// Zone offsets are multiples of 15 minutes, so ten minutes always fall on one day.
const dayKeys = new Map();
const TEN_MINUTES = "2026-11-23 10:0".length;

/** Return the user's zone. Slow, luxon asks the browser: ask once for many messages. */
export function timeZone() {
    return DateTime.now().zoneName;
}

/** Return the day in the given zone, the user's; cached, a thread needs it per message. */
export function dayKey(serverString, zone) {
    const key = `${zone} ${(serverString || "").slice(0, TEN_MINUTES)}`;
    if (!dayKeys.has(key)) {
        dayKeys.set(key, dateOf(serverString).toISODate());
    }
    return dayKeys.get(key);
}

/** Return "3h 12m", rounded up so that it is never 0 while time is left. */
export function shortDuration(milliseconds) {
    const minutes = Math.max(0, Math.ceil(milliseconds / MINUTE));
    // Up to 24 hours are shown in hours.
    const days = minutes > 1440 ? Math.floor(minutes / 1440) : 0;
    const hours = Math.floor((minutes - days * 1440) / 60);
    const parts = [];
    if (days) {
        parts.push(unit(days, "day", "narrow"));
    }
    if (hours) {
        parts.push(unit(hours, "hour", "narrow"));
    }
    if (!days && (minutes % 60 || !hours)) {
        parts.push(unit(minutes % 60, "minute", "narrow"));
    }
    return parts.join(" ");
}

export function fileSize(bytes) {
    const names = ["kilobyte", "megabyte", "gigabyte"];
    let size = Math.max(1, (bytes || 0) / 1024);
    let index = 0;
    while (size >= 1024 && index < names.length - 1) {
        size /= 1024;
        index++;
    }
    const rounded = size < 10 ? Math.round(size * 10) / 10 : Math.round(size);
    return unit(rounded, names[index], "short");
}

/** Return up to two initials of a name; "" for a number, which gets an icon. */
export function initialsOf(name) {
    const words = (name || "").match(/[\p{L}][\p{L}\p{M}'’-]*/gu) || [];
    const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
    return chosen
        .map((word) => [...word][0])
        .join("")
        .toLocaleUpperCase();
}

/** Return the hue of a conversation, the same on every screen. */
export function hueOf(seed) {
    const GOLDEN_ANGLE = 137.508;
    return Math.round((Number(seed) || 0) * GOLDEN_ANGLE) % 360;
}

/** Return "99+" from a hundred on, where the server stops counting. */
export function cappedCount(count) {
    return count > 99 ? "99+" : String(count || 0);
}

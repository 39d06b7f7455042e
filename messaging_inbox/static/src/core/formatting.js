import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;
const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Server string (UTC) to milliseconds; 0 where there is none. */
export function toMillis(serverString) {
    return serverString ? Date.parse(`${serverString.replace(" ", "T")}Z`) : 0;
}

/** In the user's time zone. Parsing formats would be ten times slower, for each message. */
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

/** "now", "2m", "3h", "4d", then a date: short enough for a row of the list. */
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

/** The separator above the messages of one day. */
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

// Zones differ by quarters of an hour, so ten minutes are of one day.
const dayKeys = new Map();
const TEN_MINUTES = "2026-11-23 10:0".length;

/** The day in the user's time zone; remembered, for a thread asks for all its messages. */
export function dayKey(serverString) {
    const zone = DateTime.now().zoneName;
    const key = `${zone} ${(serverString || "").slice(0, TEN_MINUTES)}`;
    if (!dayKeys.has(key)) {
        dayKeys.set(key, dateOf(serverString).toISODate());
    }
    return dayKeys.get(key);
}

/** "3h 12m", rounded up so that it never says 0 while there is time left. */
export function shortDuration(milliseconds) {
    const minutes = Math.max(0, Math.ceil(milliseconds / MINUTE));
    // A whole day of hours says more than "1d".
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

/** Up to two initials of a name; "" for a bare number, which gets an icon. */
export function initialsOf(name) {
    const words = (name || "").match(/[\p{L}][\p{L}\p{M}'’-]*/gu) || [];
    const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
    return chosen
        .map((word) => [...word][0])
        .join("")
        .toLocaleUpperCase();
}

/** A hue that stays the same for the same conversation on every screen. */
export function hueOf(seed) {
    const GOLDEN_ANGLE = 137.508;
    return Math.round((Number(seed) || 0) * GOLDEN_ANGLE) % 360;
}

/** "99+" from a hundred on: the server counts no further. */
export function cappedCount(count) {
    return count > 99 ? "99+" : String(count || 0);
}

import {describe, expect, test} from "@odoo/hoot";
import {mockDate} from "@odoo/hoot-mock";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {
    cappedCount,
    dayLabel,
    fileSize,
    initialsOf,
    shortAge,
    shortDuration,
} from "@messaging_inbox/core/formatting";

describe.current.tags("headless");
const MINUTE = 60 * 1000;

test("initials come from the first and last word; a number has none", () => {
    expect(initialsOf("Marta Ruiz")).toBe("MR");
    expect(initialsOf("maria del carmen lopez")).toBe("ML");
    expect(initialsOf("Cher")).toBe("C");
    expect(initialsOf("+34 600 111 222")).toBe("");
    expect(initialsOf("")).toBe("");
    expect(initialsOf("𝒜nna Élan")).toBe("𝒜É");
});

test("a duration is rounded up, so that time left is never shown as 0", () => {
    expect(shortDuration(20 * 1000)).toBe("1m");
    expect(shortDuration(192 * MINUTE)).toBe("3h 12m");
    expect(shortDuration(180 * MINUTE)).toBe("3h");
    expect(shortDuration(24 * 60 * MINUTE)).toBe("24h");
    expect(shortDuration(24 * 60 * MINUTE - 1000)).toBe("24h");
    expect(shortDuration(48 * 60 * MINUTE)).toBe("2d");
    expect(shortDuration(26 * 60 * MINUTE)).toBe("1d 2h");
    expect(shortDuration(-5)).toBe("0m");
});

test("the age in a row is short", () => {
    allowTranslations();
    mockDate("2026-11-23 10:00:00", 0);
    const now = Date.now();
    expect(String(shortAge("2026-11-23 09:59:30", now))).toBe("now");
    expect(shortAge("2026-11-23 09:58:00", now)).toBe("2m");
    expect(shortAge("2026-11-23 07:00:00", now)).toBe("3h");
    expect(shortAge("2026-11-19 10:00:00", now)).toBe("4d");
    expect(shortAge("2026-03-05 10:00:00", now)).toBe("Mar 5");
    expect(shortAge("2024-03-05 10:00:00", now)).toBe("Mar 5, 2024");
    expect(shortAge(false, now)).toBe("");
});

test("recent days have names", () => {
    allowTranslations();
    mockDate("2026-11-23 10:00:00", 0);
    const now = Date.now();
    expect(String(dayLabel("2026-11-23 00:10:00", now))).toBe("Today");
    expect(String(dayLabel("2026-11-22 23:50:00", now))).toBe("Yesterday");
    expect(dayLabel("2026-11-19 12:00:00", now)).toBe("Thursday");
    expect(dayLabel("2026-01-02 12:00:00", now)).toBe("January 2");
});

test("counts stop at 99+, and sizes are never zero", () => {
    expect(cappedCount(99)).toBe("99");
    expect(cappedCount(100)).toBe("99+");
    expect(fileSize(10)).toBe("1 kB");
    expect(fileSize(5 * 1024 * 1024)).toBe("5 MB");
});

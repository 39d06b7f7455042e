import {describe, expect, test} from "@odoo/hoot";
import {mockDate} from "@odoo/hoot-mock";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {isForward} from "@messaging_inbox/core/message_states";
import {threadItems} from "@messaging_inbox/core/threading";

describe.current.tags("headless");

function message(id, minutesAgo, values = {}) {
    const at = luxon.DateTime.utc(2026, 11, 23, 10).minus({minutes: minutesAgo});
    return {
        id,
        key: `message-${id}`,
        direction: "inbound",
        author_id: false,
        sent_at: at.toFormat("yyyy-MM-dd HH:mm:ss"),
        ...values,
    };
}

function shapeOf(items) {
    return items.map(({type, isFirst, isLast}) =>
        type === "message" ? `${isFirst ? "(" : ""}m${isLast ? ")" : ""}` : type
    );
}

test("consecutive messages of an author are a group; time, author and events end it", () => {
    allowTranslations();
    mockDate("2026-11-23 10:00:00", 0);
    const messages = [
        message(1, 30),
        message(2, 29),
        message(3, 20),
        message(4, 20, {direction: "outbound", author_id: 7}),
        message(5, 19, {direction: "outbound", author_id: 8}),
        message(6, 18, {direction: "event", event_type: "closed"}),
        message(7, 18, {direction: "outbound", author_id: 8}),
    ];
    expect(shapeOf(threadItems(messages, false, Date.now()))).toEqual([
        "day",
        "(m",
        "m)",
        "(m)",
        "(m)",
        "(m)",
        "event",
        "(m)",
    ]);
});

test("each day and the unread messages begin with a separator", () => {
    allowTranslations();
    mockDate("2026-11-23 10:00:00", 0);
    const messages = [message(1, 60 * 24), message(2, 2), message(3, 1)];
    const items = threadItems(messages, 3, Date.now());
    expect(shapeOf(items)).toEqual(["day", "(m)", "day", "(m)", "unread", "(m)"]);
    expect(items[0].label).toBe("Yesterday");
    expect(items[2].label).toBe("Today");
});

test("states only go forward, and anything may follow a failure", () => {
    expect(isForward("sent", "delivered")).toBe(true);
    expect(isForward("read", "delivered")).toBe(false);
    expect(isForward("delivered", "sent")).toBe(false);
    expect(isForward("sent", "failed")).toBe(true);
    expect(isForward("read", "failed")).toBe(false);
    expect(isForward("failed", "queued")).toBe(true);
    expect(isForward("unknown", "sent")).toBe(true);
});

import {describe, expect, test} from "@odoo/hoot";
import {press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
import {snoozeTimes} from "@messaging_inbox/snooze/snooze_times";
import {
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

class FakeSnooze extends FakeInbox {
    action_snooze([[id]], {until}) {
        return this.change(id, {is_snoozed: true, snoozed_until: until});
    }

    action_unsnooze([[id]]) {
        return this.change(id, {is_snoozed: false, snoozed_until: false});
    }
}

const UNTIL = "2026-11-24 08:00:00";

function mine(server, values) {
    return server.conversation({user_id: ME, ...values});
}

test("the menu offers times of the user's days", () => {
    const {DateTime} = luxon;
    const times = (iso) =>
        snoozeTimes(DateTime.fromISO(iso).toMillis()).map(({key, until}) => [
            key,
            until.toFormat("ccc d HH:mm"),
        ]);
    expect(times("2026-11-25T10:20")).toEqual([
        ["later", "Wed 25 13:20"],
        ["tomorrow", "Thu 26 09:00"],
        ["monday", "Mon 30 09:00"],
    ]);
    expect(times("2026-11-29T16:00")).toEqual([
        ["tomorrow", "Mon 30 09:00"],
        ["monday", "Mon 30 09:00"],
    ]);
});

test("snoozing moves a conversation to its section and opens the next one", async () => {
    const server = new FakeSnooze();
    mine(server, {contact_name: "Next"});
    const row = mine(server, {contact_name: "Ana"});
    await openInbox(server, {resId: row.id});
    await press(["alt", "shift", "z"]);
    await settle();
    await contains(".o-messaging-Time:contains(Tomorrow)").click();
    await settle();
    const {until} = server.callsOf("action_snooze")[0].kwargs;
    expect(until).toMatch(/^2026-11-2[0-9] [0-9]{2}:00:00$/);
    expect(".o-messaging-Header-name").toHaveText("Next");
    await contains("[data-section=snoozed]").click();
    await settle();
    const snoozed = "#o-messaging-section-snoozed .o-messaging-Row";
    expect(`${snoozed} .o-messaging-Row-name`).toHaveText("Ana");
    expect(`${snoozed} .fa-moon-o`).toHaveCount(1);
});

test("a snoozed conversation is brought back, and its menu says so", async () => {
    const server = new FakeSnooze();
    const row = mine(server, {is_snoozed: true, snoozed_until: UNTIL});
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Snooze").click();
    await contains(".dropdown-item:contains(Bring back)").click();
    await settle();
    expect(server.callsOf("action_unsnooze")[0].args).toEqual([[row.id]]);
    expect("#o-messaging-section-mine .o-messaging-Row").toHaveCount(1);
});

test("a picked time is a choice, too", async () => {
    const server = new FakeSnooze();
    const row = mine(server);
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Snooze").click();
    const field = queryOne("input[type=datetime-local]");
    field.value = "2026-12-01T12:00";
    field.dispatchEvent(new Event("input"));
    await contains(".dropdown-menu form button").click();
    await settle();
    expect(server.callsOf("action_snooze")[0].kwargs.until).toMatch(/^2026-12-01/);
});

test("a customer's message brings it back at once", async () => {
    const server = new FakeSnooze();
    const row = mine(server, {is_snoozed: true});
    await openInbox(server);
    expect("#o-messaging-section-mine .o-messaging-Row").toHaveCount(0);
    const delta = {...row, is_snoozed: false, seq: row.seq + 1};
    await sendDelta("changed", {conversations: [delta]});
    expect("#o-messaging-section-mine .o-messaging-Row").toHaveCount(1);
});

test("events say until when, by whom, and that it is over", async () => {
    const server = new FakeSnooze();
    const row = mine(server);
    const event = {direction: "event", kind: "text", body: "", author_id: ME};
    server.message(row, {...event, event_type: "snoozed", data: {until: UNTIL}});
    server.message(row, {...event, event_type: "snoozed", data: {until: false}});
    server.message(row, {...event, event_type: "snooze_over", author_id: false});
    await openInbox(server, {resId: row.id});
    const [first, second, third] = queryAllTexts(".o-messaging-Event");
    expect(first).toMatch(/You snoozed the conversation until Nov 24, 2026/);
    expect(second).toMatch(/until the customer writes/);
    expect(third).toMatch(/The snooze is over/);
});

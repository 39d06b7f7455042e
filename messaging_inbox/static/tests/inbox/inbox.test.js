import {describe, expect, test} from "@odoo/hoot";
import {waitFor} from "@odoo/hoot-dom";
import {advanceTime} from "@odoo/hoot-mock";
import {contains, getService, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {waitForChannels} from "@bus/../tests/bus_test_helpers";
import {
    CHANNEL,
    defineInboxModels,
    FakeInbox,
    openInbox,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

function focusPage(isFocused) {
    patchWithCleanup(document, {hasFocus: () => isFocused});
}

test("managers see the provider's warning about a channel, Agents don't", async () => {
    const server = new FakeInbox();
    server.channels = [{...CHANNEL, warning: "Unusually quiet."}];
    server.isManager = true;
    const row = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    expect(".o-messaging-ChannelWarning").toHaveText("Unusually quiet.");
    store.isManager = false;
    await settle();
    expect(".o-messaging-ChannelWarning").toHaveCount(0);
});

test("without a channel, managers can connect one and Agents see whom to ask", async () => {
    const server = new FakeInbox();
    server.channels = [];
    server.isManager = true;
    const store = await openInbox(server);
    expect(".o-messaging-Empty button").toHaveText("Connect a channel");
    store.isManager = false;
    await settle();
    expect(".o-messaging-Empty").toHaveText(/No channel is shared with you/);
    store.hasAccount = false;
    await settle();
    expect(".o-messaging-Empty button").toHaveCount(0);
    expect(".o-messaging-Empty").toHaveText(/Ask a sales manager/);
});

test("a failed start can be retried", async () => {
    const server = new FakeInbox();
    server.conversation({contact_name: "Marta"});
    server.failNext("inbox_init", "You may not use the inbox.");
    await openInbox(server);
    expect(".o-messaging-Empty").toHaveText(/You may not use the inbox/);
    await contains(".o-messaging-Empty button").click();
    await settle();
    expect(".o-messaging-Row").toHaveText(/Marta/);
});

test("the URL follows the conversation and opens it", async () => {
    const server = new FakeInbox();
    const [one, two] = [server.conversation(), server.conversation()];
    await openInbox(server, {resId: two.id});
    expect(".o-messaging-Header-name").toHaveText(two.contact_name);
    await contains(`.o-messaging-Row[data-id="${one.id}"]`).click();
    await settle();
    expect(server.urls).toEqual([two.id, one.id]);
    expect(".o-messaging-Row.o-active").toHaveAttribute("data-id", String(one.id));
    expect(".o-messaging-Composer-text").toBeFocused();
});

test("a record's button opens its conversation", async () => {
    const server = new FakeInbox();
    const row = server.conversation({contact_name: "Ana"});
    await openInbox(server, {params: {conversation_id: row.id}});
    expect(".o-messaging-Header-name").toHaveText("Ana");
    expect(server.urls.at(-1)).toBe(row.id);
});

test("a wrong URL doesn't claim that the conversation was deleted", async () => {
    await openInbox(new FakeInbox(), {resId: 4711});
    expect(".o-messaging-Main h2").toHaveText("This conversation doesn't exist");
    await sendDelta("deleted", {ids: [4711]});
    expect(".o-messaging-Main h2").toHaveText("This conversation doesn't exist");
    await contains(".o-messaging-Main button").click();
    await settle();
    expect(".o-messaging-Main h2").toHaveText("No conversation selected");
});

test("messages are read in an open conversation of a focused page", async () => {
    focusPage(false);
    const server = new FakeInbox();
    const row = server.conversation({unread_count: 2});
    server.message(row);
    await openInbox(server, {resId: row.id});
    await advanceTime(1000);
    expect(server.callsOf("action_mark_read")).toHaveLength(0);

    focusPage(true);
    window.dispatchEvent(new Event("focus"));
    await advanceTime(1000);
    expect(server.callsOf("action_mark_read")).toHaveLength(1);
    expect(".o-messaging-Row .o-messaging-Badge").toHaveCount(0);
});

test("messages that arrive in the open conversation are read", async () => {
    focusPage(true);
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    row.unread_count = 1;
    await sendDelta("changed", {
        conversations: [{...row, seq: row.seq + 500}],
        messages: [server.message(row)],
    });
    await advanceTime(1500);
    await settle();
    await advanceTime(1500);
    expect(server.callsOf("action_mark_read").length).toBeGreaterThan(0);
});

test("a conversation marked as unread stays so until it is reopened", async () => {
    focusPage(true);
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row);
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Header-name").click();
    await contains(".dropdown-item:contains(Mark as unread)").click();
    await settle();
    window.dispatchEvent(new Event("focus"));
    await advanceTime(1000);
    expect(".o-messaging-Row .o-messaging-Badge").toHaveText("1");
    await contains(".o-messaging-Row").click();
    await advanceTime(1000);
    expect(".o-messaging-Row .o-messaging-Badge").toHaveCount(0);
});

test("an interruption is shown only if it lasts", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await waitForChannels(["messaging_inbox"]);
    await advanceTime(1000);
    getService("bus_service").trigger("BUS:DISCONNECT");
    await advanceTime(500);
    expect(".o-messaging-Banner").toHaveCount(0);
    await advanceTime(3000);
    await waitFor(".o-messaging-Banner:contains(interrupted)");
    getService("bus_service").trigger("BUS:RECONNECT");
    await settle();
    expect(".o-messaging-Banner").toHaveCount(0);
});

test("availability is a switch with a green or empty dot", async () => {
    const server = new FakeInbox();
    server.conversation();
    const store = await openInbox(server);
    store.api.setAvailable = (id, available) => expect.step(`${id} ${available}`);
    expect(".o-messaging-Availability").toHaveText("Available");
    expect(".o-messaging-Availability-dot.o-available").toHaveCount(1);
    await contains(".o-messaging-Availability").click();
    await settle();
    expect.verifySteps(["7 false"]);
    expect(".o-messaging-Availability").toHaveText("Unavailable");
    expect(".o-messaging-Availability").toHaveAttribute("aria-checked", "false");
    expect(".o-messaging-Availability-dot.o-available").toHaveCount(0);
});

test("the details can be closed and reopened", async () => {
    const server = new FakeInbox();
    const row = server.conversation({contact_name: "Marta"});
    await openInbox(server, {resId: row.id});
    expect(".o-messaging-Details").toHaveText(/Contact\s*Marta/i);
    expect(".o-messaging-Details").toHaveText(/Reply window\s*23h 58m left/);
    await contains(".o-messaging-Details-header button").click();
    expect(".o-messaging-Details").toHaveCount(0);
    await contains(".o-messaging-Header-details").click();
    expect(".o-messaging-Details").toHaveCount(1);
});

test("opening a conversation by URL marks it as read", async () => {
    focusPage(true);
    const server = new FakeInbox();
    const row = server.conversation({unread_count: 1, state: "closed"});
    server.message(row);
    await openInbox(server, {resId: row.id});
    await advanceTime(1000);
    expect(server.callsOf("action_mark_read")).toHaveLength(1);
});

test("reopening from the composer leaves the focus in the text", async () => {
    const server = new FakeInbox();
    const row = server.conversation({state: "closed"});
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-ComposerFace button").click();
    await settle();
    expect(".o-messaging-Composer-text").toBeFocused();
});

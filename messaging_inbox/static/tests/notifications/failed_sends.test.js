import {describe, expect, test} from "@odoo/hoot";
import {contains} from "@web/../tests/web_test_helpers";
import {
    COLLEAGUE,
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {FakeBrowser} from "@messaging_inbox/../tests/notifications/notification_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const TOAST = ".o_notification";

/** Open the inbox with a sent message by `author`. */
async function openSent(author) {
    const server = new FakeInbox();
    new FakeBrowser();
    const row = server.conversation({contact_name: "Ana"});
    const message = server.message(row, {
        direction: "outbound",
        state: "sent",
        author_id: author,
    });
    await openInbox(server);
    return {server, row, message};
}

/** Publish a new state of the message. */
async function become(message, state, reason = false) {
    Object.assign(message, {state, failure_reason: reason});
    await sendDelta("changed", {messages: [{...message, failure_reason: undefined}]});
    await settle();
}

test("the user's failed message shows a toast that opens it", async () => {
    const {server, row, message} = await openSent(ME);
    await become(message, "failed", "The carrier blocked this message.");
    expect(TOAST).toHaveCount(1);
    expect(TOAST).toHaveText(/Not sent to Ana/);
    expect(TOAST).toHaveText(/The carrier blocked this message/);
    await contains(`${TOAST} button:contains(Open)`).click();
    await settle();
    expect(server.urls.at(-1)).toBe(row.id);
    expect(TOAST).toHaveCount(0);
});

test("a failure is announced once, and again when a retry fails", async () => {
    const {server, message} = await openSent(ME);
    const asked = () => server.callsOf("inbox_message_values").length;
    await become(message, "failed", "No.");
    await become(message, "failed", "No.");
    expect(asked()).toBe(1);
    await become(message, "queued");
    await become(message, "failed", "Still no.");
    expect(asked()).toBe(2);
});

test("the toast of a message that may have been sent says so", async () => {
    const {message} = await openSent(ME);
    await become(message, "unknown", "No answer came.");
    expect(TOAST).toHaveText(/May not have been sent to Ana/);
});

test("deliveries and colleagues' failures show no toasts", async () => {
    const {server, row, message} = await openSent(COLLEAGUE);
    await become(message, "failed", "No.");
    const mine = server.message(row, {direction: "outbound", author_id: ME});
    await become(mine, "delivered");
    expect(TOAST).toHaveCount(0);
});

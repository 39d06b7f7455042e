import {describe, expect, test} from "@odoo/hoot";
import {Deferred} from "@odoo/hoot-mock";
import {press, queryAllTexts} from "@odoo/hoot-dom";
import {contains, onRpc, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {newUuid} from "@messaging_inbox/core/outbox";
import {
    defineInboxModels,
    FakeInbox,
    openInbox,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

async function send(text) {
    await contains(".o-messaging-Composer-text").edit(text, {confirm: false});
    await press("Enter");
    await settle();
}

test("a message is shown before the server has answered, and once afterwards", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const answer = new Deferred();
    onRpc("messaging.conversation", "reply", () => answer);
    await openInbox(server, {resId: row.id});
    await send("Hello there");
    expect(".o-messaging-Message.o-outbound").toHaveText(/Hello there/);
    expect(".o-messaging-Ticks.o-queued").toHaveCount(1);
    expect(".o-messaging-Composer-text").toHaveValue("");
    answer.resolve();
});

test("the server's row takes the place of the bubble, whichever comes first", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    await send("One");
    await settle();
    expect(queryAllTexts(".o-outbound .o-messaging-MessageText")).toEqual(["One"]);
    const [confirmed] = store.active.messages;
    expect(confirmed.id).toBeGreaterThan(0);

    const answer = server.messages.find((message) => message.body === "One");
    await sendDelta("changed", {messages: [{...answer, state: "sent"}]});
    expect(".o-messaging-Message").toHaveCount(1);
    expect(".o-messaging-Ticks.o-sent").toHaveCount(1);
});

test("a refusal shows its sentence; retrying sends the same client_uuid", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    server.failNext("reply", "The reply window is closed.");
    await send("Hello");
    await settle();
    expect(".o-messaging-Trouble").toHaveText(/The reply window is closed/);

    await contains(".o-messaging-Trouble button:contains(Retry)").click();
    await settle();
    expect(".o-messaging-Trouble").toHaveCount(0);
    const [first, second] = server.callsOf("reply");
    expect(second.kwargs.client_uuid).toBe(first.kwargs.client_uuid);
    expect(server.messagesOf(row.id)).toHaveLength(1);
});

test("what was refused can be taken back into the composer", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    server.failNext("reply", "The message is too long.");
    await send("A very long text");
    await settle();
    await contains(".o-messaging-Trouble button:contains(Edit)").click();
    expect(".o-messaging-Message").toHaveCount(0);
    expect(".o-messaging-Composer-text").toHaveValue("A very long text");
});

test("an unconfirmed message outlives a reload of the page", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    server.failNext("reply", "Not now.");
    await send("Don't lose me");
    await settle();

    delete store.conversations[row.id];
    await store.open(row.id);
    await settle();
    expect(queryAllTexts(".o-messaging-MessageText")).toEqual(["Don't lose me"]);
    expect(".o-messaging-Trouble").toHaveText(/Not now/);
});

test("offline nothing is sent, and it says so", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    patchWithCleanup(browser.navigator, {onLine: false});
    await send("Hello?");
    expect(".o-messaging-Trouble").toHaveText(/You are offline/);
    expect(server.callsOf("reply")).toHaveLength(0);
});

test("ids of messages are unique and shaped as the contract wants, also without TLS", () => {
    patchWithCleanup(browser, {crypto: {}});
    const ids = new Set(Array.from({length: 50}, newUuid));
    expect(ids.size).toBe(50);
    for (const id of ids) {
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    }
});

import {describe, expect, test} from "@odoo/hoot";
import {Deferred} from "@odoo/hoot-mock";
import {press, queryAllTexts} from "@odoo/hoot-dom";
import {contains, onRpc, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {ConnectionLostError} from "@web/core/network/rpc";
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

test("a message is shown before the server answers, and only once afterwards", async () => {
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

test("the server's message replaces the bubble, by answer or by delta", async () => {
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

test("a refusal shows the server's message; a retry sends the same client_uuid", async () => {
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

test("a refused message can be put back into the composer", async () => {
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

test("an unconfirmed message survives a reload of the page", async () => {
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

const WAITING = ".o-messaging-Message-waiting";

test("a message written offline waits, and is sent once when online", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    patchWithCleanup(browser.navigator, {onLine: false});
    await send("First");
    await send("Second");
    expect(WAITING).toHaveCount(2);
    expect(`${WAITING}:first`).toHaveText("Waiting for connection");
    expect(".o-messaging-Trouble").toHaveCount(0);
    expect(".o-messaging-Row-preview").toHaveText("Second");
    expect(".o-messaging-Row-waiting").toHaveCount(1);
    expect(server.callsOf("reply")).toHaveLength(0);

    patchWithCleanup(browser.navigator, {onLine: true});
    window.dispatchEvent(new Event("online"));
    await settle();
    window.dispatchEvent(new Event("online"));
    await settle();
    const sent = server.callsOf("reply").map(({kwargs}) => kwargs.body);
    expect(sent).toEqual(["First", "Second"]);
    expect(server.messagesOf(row.id)).toHaveLength(2);
    expect(WAITING).toHaveCount(0);
    expect(".o-messaging-Row-waiting").toHaveCount(0);
});

test("a message that failed for lack of a connection is retried when online", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    let isLost = true;
    const uuids = [];
    patchWithCleanup(store.api, {
        reply(id, content) {
            uuids.push(content.clientUuid);
            return isLost
                ? Promise.reject(new ConnectionLostError("/"))
                : super.reply(id, content);
        },
    });
    await send("Hello?");
    expect(".o-messaging-Trouble").toHaveText(/connection to the server was lost/);
    isLost = false;
    window.dispatchEvent(new Event("online"));
    await settle();
    expect(".o-messaging-Trouble").toHaveCount(0);
    // The bus may have reconnected meanwhile, which retries, too.
    expect(uuids.length).toBeGreaterThan(1);
    expect(new Set(uuids).size).toBe(1);
});

test("waiting messages survive a reload and are sent without opening them", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    patchWithCleanup(browser.navigator, {onLine: false});
    await send("Later");
    delete store.conversations[row.id];
    store.open(false);
    store.outbox.waiting.clear();
    patchWithCleanup(browser.navigator, {onLine: true});
    await store.load();
    await settle();
    expect(server.callsOf("reply").map(({kwargs}) => kwargs.body)).toEqual(["Later"]);
    expect(store.storage.keys("outbox.")).toEqual([]);
});

test("a late refusal of the server is reported if another conversation is open", async () => {
    const server = new FakeInbox();
    const row = server.conversation({contact_name: "Ana"});
    const other = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    patchWithCleanup(browser.navigator, {onLine: false});
    await send("Later");
    await store.open(other.id);
    patchWithCleanup(browser.navigator, {onLine: true});
    server.failNext("reply", "The reply window is closed.");
    window.dispatchEvent(new Event("online"));
    await settle();
    expect(".o_notification").toHaveText(/Not sent to Ana/);
    expect(".o_notification").toHaveText(/The reply window is closed/);
});

test("client_uuids are unique and valid, also without TLS", () => {
    patchWithCleanup(browser, {crypto: {}});
    const ids = new Set(Array.from({length: 50}, newUuid));
    expect(ids.size).toBe(50);
    for (const id of ids) {
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    }
});

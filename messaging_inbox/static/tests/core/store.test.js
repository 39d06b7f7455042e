import {describe, expect, test} from "@odoo/hoot";
import {advanceTime, Deferred, freezeTime} from "@odoo/hoot-mock";
import {queryAllTexts} from "@odoo/hoot-dom";
import {getService, onRpc} from "@web/../tests/web_test_helpers";
import {waitForChannels} from "@bus/../tests/bus_test_helpers";
import {
    COLLEAGUE,
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

test("a delta moves a conversation between sections and to the top", async () => {
    const server = new FakeInbox();
    const old = server.conversation({contact_name: "Old"});
    server.conversation({contact_name: "New"});
    await openInbox(server);
    expect(queryAllTexts(".o-messaging-Row-name")).toEqual(["New", "Old"]);

    const {unread_count: _unread, draft: _draft, ...delta} = old;
    await sendDelta("changed", {
        conversations: [{...delta, user_id: ME, seq: 9000}],
        messages: [],
    });
    expect(queryAllTexts("#o-messaging-section-mine .o-messaging-Row-name")).toEqual([
        "Old",
    ]);
    expect(
        queryAllTexts("#o-messaging-section-unassigned .o-messaging-Row-name")
    ).toEqual(["New"]);
});

test("a delta leaves the viewer's own fields alone", async () => {
    const server = new FakeInbox();
    const row = server.conversation({unread_count: 3, draft: "I was about to"});
    const store = await openInbox(server);
    const {unread_count: _unread, draft: _draft, ...delta} = row;
    await sendDelta("changed", {
        conversations: [{...delta, state: "closed"}],
        messages: [],
    });
    expect(store.rows[row.id].state).toBe("closed");
    expect(store.rows[row.id].unread_count).toBe(3);
    expect(store.rows[row.id].draft).toBe("I was about to");
});

test("an outdated delta changes nothing", async () => {
    const server = new FakeInbox();
    const row = server.conversation({seq: 500, user_id: ME});
    const store = await openInbox(server);
    await sendDelta("changed", {
        conversations: [{...row, seq: 400, user_id: COLLEAGUE}],
    });
    expect(store.rows[row.id].user_id).toBe(ME);
});

test("the counters are fetched once after a burst of changes", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const store = await openInbox(server);
    await waitForChannels(["messaging_inbox"]);
    // The first connection fetches them, too.
    while (store.refreshTimer) {
        await advanceTime(1000);
    }
    freezeTime();
    const before = server.callsOf("inbox_counters").length;
    const seqs = Array.from({length: 10}, (_, index) => 5000 + index);
    const payloads = seqs.map((seq) => ({conversations: [{...row, seq}]}));
    await sendDelta("changed", ...payloads);
    await advanceTime(1000);
    expect(server.callsOf("inbox_counters").length - before).toBe(1);
    expect(server.callsOf("inbox_rows").at(-1).args).toEqual([[row.id]]);
});

test("a deleted conversation disappears at once", async () => {
    const server = new FakeInbox();
    const row = server.conversation({contact_name: "Gone"});
    await openInbox(server, {resId: row.id});
    server.rows = [];
    await sendDelta("deleted", {ids: [row.id]});
    expect(".o-messaging-Row").toHaveCount(0);
    expect(".o-messaging-Main h2").toHaveText("This conversation was deleted");
});

test("everything is reloaded after a lost connection", async () => {
    const server = new FakeInbox();
    const kept = server.conversation({contact_name: "Kept"});
    server.conversation({contact_name: "Gone"});
    server.message(kept, {body: "Before"});
    await openInbox(server, {resId: kept.id});

    server.rows = [kept];
    server.message(kept, {body: "Missed"});
    server.conversation({contact_name: "Missed"});
    getService("bus_service").trigger("BUS:RECONNECT");
    await settle();
    expect(queryAllTexts(".o-messaging-Row-name")).toEqual(["Missed", "Kept"]);
    expect(queryAllTexts(".o-messaging-MessageText")).toEqual(["Before", "Missed"]);
});

test("the availability switch is up to date after a lost connection", async () => {
    const server = new FakeInbox();
    server.conversation();
    const store = await openInbox(server);
    store.user.available = false;
    getService("bus_service").trigger("BUS:RECONNECT");
    await settle();
    expect(".o-messaging-Availability .o-available").toHaveCount(1);
});

test("missing more messages than a page leaves no gap", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row, {body: "Long ago"});
    const store = await openInbox(server, {resId: row.id});
    for (let i = 0; i < 40; i++) {
        server.message(row, {body: `Missed ${i}`});
    }
    await store.resync();
    expect(store.active.messages[0].body).toBe("Missed 10");
    expect(store.active.hasOlder).toBe(true);
});

test("a change of an older message, not loaded yet, leaves no gap", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    for (let i = 0; i < 75; i++) {
        server.message(row, {body: "Three\nlong\nlines"});
    }
    const store = await openInbox(server, {resId: row.id});
    const messages = server.messagesOf(row.id);
    const idsOf = (all) => all.map(({id}) => id);
    await sendDelta("changed", {messages: [{...messages[0], body: "Edited"}]});
    expect(idsOf(store.active.messages)).toEqual(idsOf(messages.slice(-30)));
    const late = new Deferred();
    onRpc("messaging.conversation", "inbox_messages", async ({parent}) => {
        const answer = await parent();
        await late;
        return answer;
    });
    const loading = store.active.loadOlder();
    await settle();
    await sendDelta("changed", {messages: [{...messages[20], body: "Changed"}]});
    late.resolve();
    await loading;
    expect(idsOf(store.active.messages)).toEqual(idsOf(messages.slice(-60)));
    expect(store.active.messages[5].body).toBe("Changed");
    expect(store.active.buffered).toEqual([]);
});

test("a state never goes back, in whatever order answers arrive", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const message = server.message(row, {direction: "outbound", state: "sent"});
    const store = await openInbox(server, {resId: row.id});
    await sendDelta("changed", {messages: [{...message, state: "read"}]});
    await sendDelta("changed", {messages: [{...message, state: "delivered"}]});
    expect(store.active.messages[0].state).toBe("read");
    expect(".o-messaging-Ticks.o-read").toHaveCount(1);
});

test("a late answer doesn't undo a newer delta", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const message = server.message(row, {body: "Bleu"});
    const store = await openInbox(server, {resId: row.id});
    const late = new Deferred();
    onRpc("messaging.conversation", "inbox_open", async ({parent}) => {
        const answer = await parent();
        await late;
        return answer;
    });
    const loading = store.active.load();
    await settle();
    await sendDelta("changed", {messages: [{...message, body: "Blue"}]});
    late.resolve();
    await loading;
    expect(store.active.messages[0].body).toBe("Blue");
    expect(store.active.buffered).toEqual([]);
});

test("a delta with a failure fetches the reason", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const message = server.message(row, {direction: "outbound", state: "sent"});
    await openInbox(server, {resId: row.id});
    const delta = {...message, state: "failed"};
    delete delta.failure_reason;
    Object.assign(message, {
        state: "failed",
        failure_reason: "The customer has blocked us.",
        can_retry: true,
    });
    await sendDelta("changed", {messages: [delta]});
    await settle();
    expect(".o-messaging-Trouble").toHaveText(/^The customer has blocked us/);
});

test("reading elsewhere clears the unread count here", async () => {
    const server = new FakeInbox();
    const row = server.conversation({unread_count: 4});
    await openInbox(server);
    expect(".o-messaging-Row .o-messaging-Badge").toHaveText("4");
    await sendDelta("read", {conversation_id: row.id, unread_count: 0});
    expect(".o-messaging-Row .o-messaging-Badge").toHaveCount(0);
});

test("losing access hides the conversation", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row, {body: "Secret"});
    await openInbox(server, {resId: row.id});
    server.rows = [];
    server.forbid("inbox_open", "You have no access to this conversation.");
    await sendDelta("subscribe", {});
    await settle();
    expect(".o-messaging-MessageText").toHaveCount(0);
    expect(".o-messaging-Row").toHaveCount(0);
    expect(".o-messaging-Main").toHaveText(/You have no access to this conversation/);
});

test("regaining access shows the conversation again", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row, {body: "Secret"});
    await openInbox(server, {resId: row.id});
    server.forbid("inbox_open", "You have no access to this conversation.");
    await sendDelta("subscribe", {});
    expect(".o-messaging-MessageText").toHaveCount(0);
    server.failures = {};
    await sendDelta("subscribe", {});
    expect(".o-messaging-MessageText").toHaveText("Secret");
    expect(".o-messaging-Composer-text").toHaveCount(1);
});

test("inaccessible rows disappear from sections that were not loaded", async () => {
    const server = new FakeInbox();
    const kept = server.conversation();
    const lost = server.conversation({state: "closed"});
    const store = await openInbox(server);
    await sendDelta("changed", {conversations: [lost]});
    expect(Object.keys(store.rows)).toEqual([String(kept.id), String(lost.id)]);
    server.rows = [kept];
    await sendDelta("subscribe", {});
    expect(Object.keys(store.rows)).toEqual([String(kept.id)]);
});

test("losing the Agent group clears the inbox, regaining it loads it again", async () => {
    const server = new FakeInbox();
    const row = server.conversation({unread_count: 1});
    server.message(row, {body: "Secret"});
    const store = await openInbox(server, {resId: row.id});
    for (const method of ["inbox_init", "inbox_counters", "inbox_list", "inbox_open"]) {
        server.forbid(method, "This isn't for you.");
    }
    await sendDelta("subscribe", {});
    expect(".o-messaging-Empty h2").toHaveText("You have no access to the inbox");
    expect(".o-messaging-Row, .o-messaging-MessageText").toHaveCount(0);
    expect(store.counters.badge).toBe(0);
    expect(store.isAgent).toBe(false);

    server.failures = {};
    await sendDelta("subscribe", {});
    await settle();
    expect(".o-messaging-MessageText").toHaveText("Secret");
    expect(".o-messaging-Row").toHaveCount(1);
    expect(store.isAgent).toBe(true);
});

test("changes of many channels' access reload the inbox once", async () => {
    const server = new FakeInbox();
    server.conversation();
    await openInbox(server);
    const loads = server.callsOf("inbox_init").length;
    await sendDelta("subscribe", {}, {}, {});
    await settle();
    expect(server.callsOf("inbox_init")).toHaveLength(loads + 1);
    await sendDelta("subscribe", {});
    await settle();
    expect(server.callsOf("inbox_init")).toHaveLength(loads + 2);
});

test("a failed check after a change of access is repeated", async () => {
    const server = new FakeInbox();
    server.conversation();
    await openInbox(server);
    server.failNext("inbox_init", "The server is busy.");
    await sendDelta("subscribe", {});
    expect(".o-messaging-Row").toHaveCount(1);
    for (const method of ["inbox_init", "inbox_counters", "inbox_list"]) {
        server.forbid(method, "This isn't for you.");
    }
    await advanceTime(15000);
    await settle();
    expect(".o-messaging-Empty h2").toHaveText("You have no access to the inbox");
});

test("losing access during the page load shuts the user out on connection", async () => {
    const server = new FakeInbox();
    server.conversation();
    await openInbox(server);
    server.forbid("inbox_counters", "This isn't for you.");
    getService("bus_service").trigger("BUS:CONNECT");
    await advanceTime(500);
    await settle();
    expect(".o-messaging-Empty h2").toHaveText("You have no access to the inbox");
});

test("conversations of unselected companies stay out of the lists", async () => {
    const server = new FakeInbox();
    const row = server.conversation({contact_name: "Ours"});
    await openInbox(server);
    await sendDelta("changed", {
        conversations: [{...row, id: 4711, channel_id: 99, contact_name: "Theirs"}],
    });
    expect(queryAllTexts(".o-messaging-Row-name")).toEqual(["Ours"]);
});

test("the counters are refreshed while changes go on", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server);
    const before = server.callsOf("inbox_counters").length;
    for (let i = 0; i < 10; i++) {
        await sendDelta("changed", {conversations: [{...row, seq: 5000 + i}]});
        await advanceTime(200);
    }
    expect(server.callsOf("inbox_counters").length - before).toBeGreaterThan(2);
});

test("the open conversation stays open when its section changes", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row, {body: "Hello"});
    const store = await openInbox(server, {resId: row.id});
    for (const change of [{user_id: COLLEAGUE}, {state: "closed"}]) {
        Object.assign(row, change);
        await sendDelta("changed", {conversations: [row]});
        expect(store.activeId).toBe(row.id);
        expect(".o-messaging-MessageText").toHaveText("Hello");
    }
    expect("#o-messaging-section-unassigned .o-messaging-Row").toHaveCount(0);
    expect(".o-messaging-Header-state").toHaveText("Reopen");
});

import {describe, expect, test} from "@odoo/hoot";
import {contains, getService, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {advanceTime} from "@odoo/hoot-mock";
import {queryAllTexts} from "@odoo/hoot-dom";
import {
    CHANNEL,
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

const NAMES = "#o-messaging-section-mine .o-messaging-Row-name";

/** Return a server with three of my conversations; two customers wait. */
function threeOfMine() {
    const server = new FakeInbox();
    const mine = (contact_name, values) =>
        server.conversation({user_id: ME, contact_name, ...values});
    mine("Long", {waiting_since: "2026-11-23 07:00:00", waiting_seq: 10});
    mine("Answered", {has_failed: true});
    mine("Short", {
        waiting_since: "2026-11-23 09:30:00",
        waiting_seq: 20,
        unread_count: 1,
    });
    return server;
}

function lastAsked(server) {
    return server.callsOf("inbox_list").at(-1).kwargs;
}

test("rows and sections say who waits, and for how long", async () => {
    await openInbox(threeOfMine());
    expect(queryAllTexts("#o-messaging-section-mine .o-messaging-Chip")).toEqual([
        "Waiting for:\n30m",
        "Waiting for:\n3h",
    ]);
    expect("[data-section=mine] .o-messaging-Section-waiting").toHaveText(
        /Waiting:\s*2/
    );
});

test("each switch shows only its conversations, and they add up", async () => {
    const server = threeOfMine();
    await openInbox(server);
    await contains("[data-filter=unanswered]").click();
    await settle();
    expect(queryAllTexts(NAMES)).toEqual(["Short", "Long"]);
    expect("[data-filter=unanswered]").toHaveAttribute("aria-pressed", "true");
    await contains("[data-filter=unread]").click();
    await settle();
    expect(queryAllTexts(NAMES)).toEqual(["Short"]);
    await contains("[data-filter=unanswered]").click();
    await contains("[data-filter=unread]").click();
    await contains("[data-filter=failed]").click();
    await settle();
    expect(queryAllTexts(NAMES)).toEqual(["Answered"]);
    expect(lastAsked(server).filters).toEqual({failed: true});
});

test("a conversation leaves a filtered list when it is answered", async () => {
    const server = threeOfMine();
    await openInbox(server);
    await contains("[data-filter=unanswered]").click();
    await settle();
    const [row] = server.rows;
    Object.assign(row, {waiting_since: false, waiting_seq: 0, seq: row.seq + 100});
    await sendDelta("changed", {conversations: [row]});
    expect(queryAllTexts(NAMES)).toEqual(["Short"]);
});

test("the longest wait comes first on request", async () => {
    const server = threeOfMine();
    await openInbox(server);
    expect(queryAllTexts(NAMES)).toEqual(["Short", "Answered", "Long"]);
    await contains(".o-messaging-ListFilters-order").click();
    await settle();
    expect(lastAsked(server).order).toBe("waiting");
    expect(queryAllTexts(NAMES)).toEqual(["Long", "Short", "Answered"]);
});

test("filters, order and channel are remembered", async () => {
    const server = threeOfMine();
    server.channels = [CHANNEL, {...CHANNEL, id: 2, name: "Workshop"}];
    const store = await openInbox(server);
    store.setFilter({channelId: 1, order: "waiting", filters: {unread: true}});
    const kept = getService("messaging_inbox.store").storage.read("list");
    expect(kept).toEqual({channelId: 1, order: "waiting", filters: {unread: true}});
});

test("an archived channel is no longer a filter", async () => {
    const server = threeOfMine();
    const store = await openInbox(server);
    store.setFilter({channelId: 99});
    await store.load();
    expect(store.channelId).toBe(false);
});

test("a row says when its reply window is over, not only while it closes", async () => {
    const server = new FakeInbox();
    const mine = {user_id: ME};
    server.conversation({...mine, reply_until: "2026-11-23 09:59:00"});
    server.conversation({...mine, reply_until: "2026-11-24 10:00:00"});
    server.conversation({...mine, reply_until: false});
    server.conversation({...mine, reply_until: "2026-11-23 09:00:00", state: "closed"});
    await openInbox(server);
    expect(".o-messaging-Row .fa-hourglass-end").toHaveCount(1);
});

test("a new mention is marked on its row and counted until it is read", async () => {
    const server = new FakeInbox();
    const row = server.conversation({user_id: ME, mention: false});
    const other = server.conversation({user_id: ME, mention: "seen"});
    const store = await openInbox(server);
    expect("[data-filter=mentions] .o-messaging-Badge").toHaveCount(0);
    expect("[title='A colleague mentioned you']").toHaveCount(0);

    row.mention = "new";
    server.inbox_counters = () => ({...store.counters, mentions: 1});
    await sendDelta("mentioned", {conversation_id: row.id, author_id: COLLEAGUE});
    await advanceTime(1000);
    await settle();
    expect(`[data-id="${row.id}"] [title='A colleague mentioned you']`).toHaveCount(1);
    expect("[data-filter=mentions] .o-messaging-Badge").toHaveText("1");

    await contains("[data-filter=mentions]").click();
    await settle();
    expect(lastAsked(server).filters).toEqual({mentions: true});
    expect(queryAllTexts(NAMES)).toEqual([other.contact_name, row.contact_name]);

    patchWithCleanup(document, {hasFocus: () => true});
    await contains(`[data-id="${row.id}"]`).click();
    await advanceTime(1000);
    await settle();
    expect(server.callsOf("action_mark_read")).toHaveLength(1);
    expect("[title='A colleague mentioned you']").toHaveCount(0);
});

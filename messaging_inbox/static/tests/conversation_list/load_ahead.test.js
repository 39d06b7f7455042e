import {describe, expect, test} from "@odoo/hoot";
import {advanceTime} from "@odoo/hoot-mock";
import {hover, pointerDown, queryFirst} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
import {
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const BUBBLE = ".o-messaging-Thread .o-messaging-Message";

async function open() {
    const server = new FakeInbox();
    const [third, second, first] = [1, 2, 3].map(() => {
        const row = server.conversation({user_id: ME});
        server.message(row, {body: `Message of ${row.id}`});
        return row;
    });
    const store = await openInbox(server);
    const loads = () =>
        server.callsOf("inbox_open").map(({args, kwargs}) => [args[0], kwargs.ahead]);
    return {server, store, first, second, third, loads};
}

function rowOf({id}) {
    return `.o-messaging-Row[data-id="${id}"]`;
}

test("a row under the pointer loads its conversation, which then opens at once", async () => {
    const {first, loads, store} = await open();
    await hover(rowOf(first));
    await advanceTime(100);
    await settle();
    expect(loads()).toEqual([[first.id, true]]);
    expect(BUBBLE).toHaveCount(0);
    await contains(rowOf(first)).click();
    expect(BUBBLE).toHaveText(/Message of/);
    expect(store.active.status).toBe("ready");
    expect(loads()).toHaveLength(1);
});

test("rows that the pointer only crosses load nothing", async () => {
    const {first, second, loads} = await open();
    await hover(rowOf(first));
    await advanceTime(30);
    await hover(rowOf(second));
    await advanceTime(30);
    await hover(".o-messaging-Search input");
    await advanceTime(1000);
    expect(loads()).toEqual([]);
});

test("a pressed or focused row loads its conversation", async () => {
    const {first, second, loads} = await open();
    await pointerDown(rowOf(first));
    expect(loads()).toEqual([[first.id, true]]);
    queryFirst(rowOf(second)).focus();
    await advanceTime(100);
    expect(loads().at(-1)).toEqual([second.id, true]);
});

test("the next conversation loads once one is open", async () => {
    const {first, second, loads, store} = await open();
    await contains(rowOf(first)).click();
    await settle();
    await advanceTime(700);
    await settle();
    expect(loads().at(-1)).toEqual([second.id, true]);
    expect(store.conversations[second.id].status).toBe("ready");
});

test("an opening waits for the load that the pointer began", async () => {
    const {first, loads} = await open();
    await hover(rowOf(first));
    await advanceTime(100);
    await contains(rowOf(first)).click();
    await settle();
    expect(loads()).toHaveLength(1);
    expect(BUBBLE).toHaveCount(1);
});

test("what was read elsewhere after it was loaded shows no divider", async () => {
    const {first, store} = await open();
    store.rows[first.id].unread_count = 1;
    await store.conversationOf(first.id).loadOnce(true);
    store.conversations[first.id].unreadFromId = 1;
    store.rows[first.id].unread_count = 0;
    await store.open(first.id);
    expect(store.active.unreadFromId).toBe(false);
});

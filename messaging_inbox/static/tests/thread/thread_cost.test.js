import {describe, expect, test} from "@odoo/hoot";
import {contains, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {press, queryOne} from "@odoo/hoot-dom";
import {ConversationRow} from "@messaging_inbox/conversation_list/conversation_row";
import {Message} from "@messaging_inbox/message/message";
import {Thread} from "@messaging_inbox/thread/thread";
import {
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    PASTED,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

/** Count renderings: each of these getters is read once per rendering. */
function countRenderings() {
    const counts = {thread: 0, message: 0, row: 0};
    const rendered = new Set();
    patchWithCleanup(Thread.prototype, {
        get items() {
            counts.thread++;
            return super.items;
        },
    });
    patchWithCleanup(Message.prototype, {
        get classes() {
            counts.message++;
            rendered.add(this.message.key);
            return super.classes;
        },
    });
    patchWithCleanup(ConversationRow.prototype, {
        get tabIndex() {
            counts.row++;
            return super.tabIndex;
        },
    });
    return {
        counts,
        rendered,
        reset() {
            Object.assign(counts, {thread: 0, message: 0, row: 0});
            rendered.clear();
        },
    };
}

async function openLong(counter) {
    const server = new FakeInbox();
    const row = server.conversation();
    for (let i = 0; i < 20; i++) {
        server.message(row, i % 2 ? {} : {direction: "outbound", state: "sent"});
    }
    const store = await openInbox(server, {resId: row.id});
    expect(counter.counts.message).toBeGreaterThan(19);
    counter.reset();
    return {server, row, store};
}

test("a key press renders neither the thread nor a message", async () => {
    const counter = countRenderings();
    await openLong(counter);
    await contains(".o-messaging-Composer-text").edit("Hello", {confirm: false});
    await settle();
    expect(counter.counts).toEqual({thread: 0, message: 0, row: 0});
});

test("a key press changes no style attribute, which would restyle the page", async () => {
    const counter = countRenderings();
    await openLong(counter);
    const text = contains(".o-messaging-Composer-text");
    await text.edit("One", {confirm: false});
    const low = queryOne(".o-messaging-Composer-text").offsetHeight;
    const changed = [];
    const observer = new MutationObserver((records) => changed.push(...records));
    observer.observe(document, {
        subtree: true,
        attributes: true,
        attributeFilter: ["style"],
    });
    await text.edit("One\nTwo\nThree", {confirm: false});
    await settle();
    observer.disconnect();
    expect(changed.map(({target}) => target.className)).toEqual([]);
    expect(queryOne(".o-messaging-Composer-text").offsetHeight).toBeGreaterThan(low);
    await text.edit("One\n".repeat(50), PASTED);
    await settle();
    expect(queryOne(".o-messaging-Composer-text").offsetHeight).toBeLessThan(200);
    await text.edit("One", {confirm: false});
    await settle();
    expect(queryOne(".o-messaging-Composer-text").offsetHeight).toBe(low);
});

test("sending renders only the new message and the one above it", async () => {
    const counter = countRenderings();
    const {server, row} = await openLong(counter);
    server.message(row, {direction: "outbound", state: "sent", author_id: ME});
    await sendDelta("changed", {messages: server.messagesOf(row.id).slice(-1)});
    counter.reset();
    await contains(".o-messaging-Composer-text").edit("Hello", {confirm: false});
    await press("Enter");
    await settle();
    expect(server.callsOf("reply")).toHaveLength(1);
    expect(counter.rendered.size).toBe(2);
    // Once when it is sent, once when the server has it
    expect(counter.counts.thread).toBe(2);
});

test("neither an unchanged message nor the clock renders the thread", async () => {
    const counter = countRenderings();
    const {server, row, store} = await openLong(counter);
    const [message] = server.messagesOf(row.id);
    await sendDelta("changed", {messages: [message]});
    store.setNow(store.now + 15000);
    await settle();
    expect(counter.counts.thread).toBe(0);
});

test("a new state renders only its message", async () => {
    const counter = countRenderings();
    const {server, row} = await openLong(counter);
    const [message] = server.messagesOf(row.id);
    await sendDelta("changed", {
        messages: [{...message, state: "read"}],
    });
    expect([...counter.rendered]).toEqual([`message-${message.id}`]);
    expect(counter.counts.thread).toBe(0);
});

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
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

/** Counts what is drawn: each of these is read once in a rendering. */
function countRenderings() {
    const counts = {thread: 0, message: 0, row: 0};
    patchWithCleanup(Thread.prototype, {
        get items() {
            counts.thread++;
            return super.items;
        },
    });
    patchWithCleanup(Message.prototype, {
        get classes() {
            counts.message++;
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
        reset: () => Object.assign(counts, {thread: 0, message: 0, row: 0}),
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

test("a key press draws neither the thread nor a message", async () => {
    const counter = countRenderings();
    await openLong(counter);
    await contains(".o-messaging-Composer-text").edit("Hello", {confirm: false});
    await settle();
    expect(counter.counts).toEqual({thread: 0, message: 0, row: 0});
});

test("measuring the text of the composer doesn't resize the thread", async () => {
    const counter = countRenderings();
    await openLong(counter);
    const scroll = queryOne(".o-messaging-Thread-scroll");
    const {get} = Object.getOwnPropertyDescriptor(Element.prototype, "scrollHeight");
    const heights = [];
    patchWithCleanup(HTMLTextAreaElement.prototype, {
        get scrollHeight() {
            heights.push(scroll.offsetHeight);
            return get.call(this);
        },
    });
    const text = contains(".o-messaging-Composer-text");
    await text.edit("One\nTwo\nThree", {confirm: false});
    const box = queryOne(".o-messaging-Composer-text").offsetHeight;
    heights.length = 0;
    const before = scroll.offsetHeight;
    await text.edit("One\nTwo\nFour!", {confirm: false, instantly: true});
    await settle();
    expect(heights).toEqual([before]);
    await text.edit("One", {confirm: false});
    await settle();
    expect(queryOne(".o-messaging-Composer-text").offsetHeight).toBeLessThan(box);
});

test("sending draws the new message alone", async () => {
    const counter = countRenderings();
    const {server} = await openLong(counter);
    await contains(".o-messaging-Composer-text").edit("Hello", {confirm: false});
    await press("Enter");
    await settle();
    expect(server.callsOf("reply")).toHaveLength(1);
    expect(counter.counts.message).toBeLessThan(8);
});

test("a status draws its message alone", async () => {
    const counter = countRenderings();
    const {server, row} = await openLong(counter);
    const [message] = server.messagesOf(row.id);
    await sendDelta("changed", {
        messages: [{...message, state: "read", author_id: ME}],
    });
    expect(counter.counts.message).toBeLessThan(3);
});

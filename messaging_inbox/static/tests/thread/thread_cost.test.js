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

/** Count renderings: each of these getters is read once per rendering. */
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
    await text.edit("One\n".repeat(50), {confirm: false});
    await settle();
    expect(queryOne(".o-messaging-Composer-text").offsetHeight).toBeLessThan(200);
    await text.edit("One", {confirm: false});
    await settle();
    expect(queryOne(".o-messaging-Composer-text").offsetHeight).toBe(low);
});

test("sending renders only the new message", async () => {
    const counter = countRenderings();
    const {server} = await openLong(counter);
    await contains(".o-messaging-Composer-text").edit("Hello", {confirm: false});
    await press("Enter");
    await settle();
    expect(server.callsOf("reply")).toHaveLength(1);
    expect(counter.counts.message).toBeLessThan(8);
});

test("a new state renders only its message", async () => {
    const counter = countRenderings();
    const {server, row} = await openLong(counter);
    const [message] = server.messagesOf(row.id);
    await sendDelta("changed", {
        messages: [{...message, state: "read", author_id: ME}],
    });
    expect(counter.counts.message).toBeLessThan(3);
});

import {describe, expect, test} from "@odoo/hoot";
import {contains} from "@web/../tests/web_test_helpers";
import {press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
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

const SCROLL = ".o-messaging-Thread-scroll";

function long(server, count) {
    const row = server.conversation();
    for (let i = 0; i < count; i++) {
        server.message(row, {body: `Message ${i}\nwith\nthree lines`});
    }
    return row;
}

function distanceToEnd() {
    const {scrollHeight, scrollTop, clientHeight} = queryOne(SCROLL);
    return Math.round(scrollHeight - scrollTop - clientHeight);
}

test("it opens at the first unread message, or at the end", async () => {
    const server = new FakeInbox();
    const read = long(server, 30);
    const unread = long(server, 30);
    unread.unread_count = 25;
    const store = await openInbox(server, {resId: read.id});
    expect(distanceToEnd()).toBe(0);
    expect(".o-messaging-UnreadDivider").toHaveCount(0);

    await store.open(unread.id);
    await settle();
    expect(".o-messaging-UnreadDivider").toHaveText("Unread messages");
    expect(distanceToEnd()).toBeGreaterThan(100);
    const texts = queryAllTexts(".o-messaging-Message, .o-messaging-UnreadDivider").map(
        (text) => text.split("\n")[0]
    );
    expect(texts.indexOf("Unread messages")).toBe(5);
});

test("scrolling up loads older messages, and nothing jumps", async () => {
    const server = new FakeInbox();
    const row = long(server, 75);
    await openInbox(server, {resId: row.id});
    expect(".o-messaging-Message").toHaveCount(30);

    const scroll = queryOne(SCROLL);
    const oldest = queryOne(".o-messaging-Message:first");
    scroll.scrollTop = 150;
    scroll.dispatchEvent(new Event("scroll"));
    const before = oldest.getBoundingClientRect().top;
    await settle();
    expect(".o-messaging-Message").toHaveCount(60);
    expect(Math.abs(oldest.getBoundingClientRect().top - before)).toBeLessThan(30);
    expect(server.callsOf("inbox_messages")).toHaveLength(1);
});

test("at the end it follows new messages", async () => {
    const server = new FakeInbox();
    const row = long(server, 30);
    await openInbox(server, {resId: row.id});
    await sendDelta("changed", {messages: [server.message(row, {body: "New\n\n\n!"})]});
    expect(distanceToEnd()).toBe(0);
    expect(".o-messaging-Thread-jump").toHaveCount(0);
    expect(".o-messaging-Thread [aria-live=polite]").toHaveText(/New/);
});

test("further up it stays, counts new messages, and jumps on request", async () => {
    const server = new FakeInbox();
    const row = long(server, 30);
    await openInbox(server, {resId: row.id});
    const scroll = queryOne(SCROLL);
    scroll.scrollTop = 400;
    scroll.dispatchEvent(new Event("scroll"));
    await settle();
    await sendDelta("changed", {messages: [server.message(row), server.message(row)]});
    expect(scroll.scrollTop).toBe(400);
    expect(".o-messaging-Thread-jump .o-messaging-Badge").toHaveText("2");

    await contains(".o-messaging-Thread-jump").click();
    expect(distanceToEnd()).toBe(0);
});

test("a quote jumps to its message, even if that isn't loaded yet", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const quoted = server.message(row, {body: "The first one"});
    for (let i = 0; i < 60; i++) {
        server.message(row, {body: `Message ${i}`});
    }
    server.message(row, {body: "Answer", reply_to: quoted});
    await openInbox(server, {resId: row.id});
    await contains("button.o-messaging-Quote").click();
    await settle();
    await settle();
    expect(".o-messaging-Message.o-highlighted").toHaveText(/The first one/);
});

test("events are shown as sentences, with 'You' for oneself", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const event = (values) =>
        server.message(row, {direction: "event", state: false, body: "", ...values});
    event({event_type: "assigned", author_id: ME, event_to: ME});
    event({event_type: "assigned", author_id: ME, event_from: ME, event_to: COLLEAGUE});
    event({event_type: "assigned", author_id: COLLEAGUE, event_from: COLLEAGUE});
    event({event_type: "assigned", event_from: COLLEAGUE});
    event({event_type: "assigned", author_id: COLLEAGUE, event_to: ME});
    event({event_type: "assigned", event_from: ME});
    event({event_type: "closed", author_id: ME});
    event({event_type: "reopened", data: {automatic: true}});
    event({event_type: "opted_out"});
    event({event_type: "opted_out", author_id: ME, data: {recorded: true}});
    event({event_type: "opted_in", author_id: COLLEAGUE, data: {recorded: true}});
    event({event_type: "linked", author_id: ME, data: {name: "Blue chairs"}});
    await openInbox(server, {resId: row.id});
    expect(
        queryAllTexts(".o-messaging-Event > span:not(.o-messaging-Event-time)")
    ).toEqual([
        "You took the conversation",
        "You assigned the conversation to Ana Morales",
        "Ana Morales unassigned the conversation",
        "The conversation was unassigned from Ana Morales",
        "Ana Morales assigned the conversation to you",
        "The conversation was unassigned from you",
        "You closed the conversation",
        "Reopened by the customer's message",
        "The customer has opted out of messages",
        "You recorded an opt-out",
        "Ana Morales undid the opt-out",
        "You linked Blue chairs",
    ]);
});

test("messages are one tab stop; arrow keys move between them and to Reply", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row, {body: "First"});
    server.message(row, {body: "Last"});
    await openInbox(server, {resId: row.id});
    const reply = ".o-messaging-Message-actions [data-action=reply]";
    expect(`.o-messaging-Thread-scroll ${reply}:not([tabindex='-1'])`).toHaveCount(0);
    expect(".o-messaging-Thread-scroll[tabindex='0']").toHaveCount(1);
    queryOne(".o-messaging-Thread-scroll").focus();
    await press("ArrowUp");
    expect(".o-messaging-Message:last").toBeFocused();
    await press("ArrowUp");
    await press("ArrowUp");
    expect(".o-messaging-Message:first").toBeFocused();
    await press("ArrowRight");
    expect(`.o-messaging-Message:first ${reply}`).toBeFocused();
    await press("ArrowLeft");
    expect(".o-messaging-Message:first").toBeFocused();
    await press("End");
    await press("ArrowRight");
    await press("Enter");
    await settle();
    expect(".o-messaging-Composer-quote").toHaveText(/Last/);
});

import {describe, expect, test} from "@odoo/hoot";
import {press, queryAllTexts} from "@odoo/hoot-dom";
import {contains, onRpc} from "@web/../tests/web_test_helpers";
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

const TEXT = ".o-messaging-Composer-text";
const ITEM = ".o-messaging-Scheduled";
const LABEL = `${ITEM} .o-messaging-Bubble-label`;

const OWN_ACTIONS = ["action_take_back", "action_discard", "action_send_now"];

class FakeScheduled extends FakeInbox {
    scheduled = [];

    install() {
        super.install();
        for (const method of OWN_ACTIONS) {
            onRpc("messaging.scheduled", method, ({args, kwargs}) => {
                this.calls.push({method, args, kwargs});
                return this[method](args);
            });
        }
    }

    inbox_open(args) {
        return {...super.inbox_open(args), scheduled: this.scheduled};
    }

    inbox_scheduled() {
        return this.scheduled;
    }

    action_schedule(_ids, values) {
        this.scheduled = [...this.scheduled, makeItem(values)];
        return 1;
    }

    action_take_back([[id]]) {
        return this.drop(id);
    }

    action_discard([[id]]) {
        return this.drop(id);
    }

    action_send_now([[id]]) {
        return this.drop(id);
    }

    drop(id) {
        this.scheduled = this.scheduled.filter((item) => item.id !== id);
        return true;
    }
}

function makeItem(values = {}) {
    return {
        id: 1,
        author_id: ME,
        body: "Good morning",
        template: false,
        files: [],
        reply_to: false,
        send_at: "2026-11-23 13:00:00",
        cancel_on_answer: true,
        is_cancelled: false,
        after_message_id: 5000,
        reason: "",
        ...values,
    };
}

async function open(...items) {
    const server = new FakeScheduled();
    server.scheduled = items;
    const row = server.conversation({user_id: ME});
    server.message(row);
    await openInbox(server, {resId: row.id});
    return [server, row];
}

function button(label) {
    return `${ITEM}-actions button:contains(${label})`;
}

test("a text is scheduled; until the server has it, it stays in the composer", async () => {
    const [server] = await open();
    await contains(TEXT).edit("Good morning", {confirm: false});
    server.failNext("action_schedule", "Choose a time within the coming year.");
    await contains(".o-messaging-SendLater").click();
    await contains(".o-messaging-Time:contains(Tomorrow)").click();
    await settle();
    expect(TEXT).toHaveValue("Good morning");
    expect(".o_notification:contains(coming year)").toHaveCount(1);

    await contains(".o-messaging-SendLater").click();
    await contains("label:contains(customer writes first) input").click();
    await contains(".o-messaging-Time:contains(Tomorrow)").click();
    await settle();
    const [first, second] = server.callsOf("action_schedule").map(({kwargs}) => kwargs);
    expect(second.body).toBe("Good morning");
    expect(second.cancel_on_answer).toBe(false);
    expect(first.client_uuid).not.toBe(second.client_uuid);
    expect(TEXT).toHaveValue("");
    expect(`${ITEM} .o-messaging-MessageText`).toHaveText("Good morning");
    expect(server.callsOf("reply")).toHaveLength(0);
});

test("a lost answer doesn't schedule twice", async () => {
    const [server] = await open();
    await contains(TEXT).edit("Good morning", {confirm: false});
    for (const _attempt of [1, 2]) {
        server.failNext("action_schedule", "Lost.");
        await contains(".o-messaging-SendLater").click();
        await contains(".o-messaging-Time:contains(Tomorrow)").click();
        await settle();
    }
    const uuids = server.callsOf("action_schedule").map((c) => c.kwargs.client_uuid);
    expect(uuids[0]).toBe(uuids[1]);
});

test("each says when it leaves, or why it didn't", async () => {
    await open(
        makeItem({id: 1}),
        makeItem({id: 2, author_id: COLLEAGUE}),
        makeItem({id: 3, is_cancelled: true}),
        makeItem({id: 4, reason: "The customer has opted out."})
    );
    const labels = queryAllTexts(LABEL);
    expect(labels[0]).toMatch(/Will be sent: Mon/);
    expect(labels.slice(2)).toEqual([
        "Not sent: the customer wrote first",
        "Not sent: The customer has opted out.",
    ]);
    expect(`${ITEM}-hint`).toHaveCount(2);
    expect(`${ITEM} .o-messaging-Message-author`).toHaveText("Ana Morales");
});

test("the customer's message cancels it at once", async () => {
    const [server, row] = await open(makeItem());
    const message = server.message(row, {id: 6000});
    await sendDelta("changed", {
        conversations: [{...row, seq: 6000}],
        messages: [message],
    });
    expect(LABEL).toHaveText("Not sent: the customer wrote first");
});

test("it goes back into the composer, before what was written since", async () => {
    const files = [{id: 9, name: "a.pdf", mimetype: "application/pdf", size: 10}];
    const [server] = await open(makeItem({files}));
    await contains(TEXT).edit("P.S.", {confirm: false});
    await contains(button("Edit")).click();
    await settle();
    expect(server.callsOf("action_take_back")[0].args).toEqual([[1]]);
    expect(TEXT).toHaveValue("Good morning\nP.S.");
    expect(".o-messaging-ComposerFile").toHaveCount(1);
    expect(ITEM).toHaveCount(0);
});

test("it is sent now, or deleted; colleagues' pages follow", async () => {
    const [server, row] = await open(makeItem({id: 1}), makeItem({id: 2}));
    await contains(`[data-scheduled="1"] ${button("Send now")}`).click();
    await settle();
    expect(server.callsOf("action_send_now")[0].args).toEqual([[1]]);
    await contains(button("Delete")).click();
    await settle();
    expect(ITEM).toHaveCount(0);
    server.scheduled = [makeItem({id: 3, author_id: COLLEAGUE})];
    await sendDelta("scheduled", {conversation_id: row.id});
    await settle();
    expect(ITEM).toHaveCount(1);
});

test("a key opens the times; notes are never scheduled", async () => {
    await open();
    expect(".o-messaging-SendLater").not.toBeEnabled();
    await contains(TEXT).edit("Good morning", {confirm: false});
    await press(["alt", "shift", "s"]);
    await settle();
    expect(".o-messaging-Time").not.toHaveCount(0);
    await press("Escape");
    await contains(".o-messaging-ComposerModes .o-note").click();
    expect(".o-messaging-SendLater").toHaveCount(0);
});

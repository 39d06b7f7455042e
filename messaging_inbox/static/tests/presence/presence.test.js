import {describe, expect, test} from "@odoo/hoot";
import {advanceTime} from "@odoo/hoot-mock";
import {queryAllTexts} from "@odoo/hoot-dom";
import {contains, getService, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {session} from "@web/session";
import {
    ABSENT,
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

const COLLEAGUES = ".o-messaging-Colleague";
const TYPING = ".o-messaging-Header-typing";
const TEXT = ".o-messaging-Composer-text";

class FakePresence extends FakeInbox {
    get areNotes() {
        return this.callsOf("inbox_presence").map(({kwargs}) => kwargs.is_note);
    }

    get reports() {
        return this.callsOf("inbox_presence").map(({args, kwargs}) => [
            ...args,
            kwargs.is_new,
        ]);
    }
}

async function open() {
    const server = new FakePresence();
    const row = server.conversation({user_id: ME});
    const other = server.conversation({user_id: ME});
    const {presence} = await openInbox(server, {resId: row.id});
    await advanceTime(600);
    // Not over the bus: waiting for it would let minutes pass.
    const hear = async (values) => {
        const report = {conversation_id: row.id, user_id: COLLEAGUE, is_new: false};
        presence.heard({...report, ...values});
        await settle();
    };
    return {server, row, other, hear, presence};
}

test("what the bus says reaches the header, unless it is from before the page", async () => {
    patchWithCleanup(session, {messaging_inbox_bus_id: 1000});
    const {row} = await open();
    const report = {conversation_id: row.id, user_id: COLLEAGUE, state: "viewing"};
    await sendDelta("presence", report);
    expect(COLLEAGUES).toHaveCount(0);
    getService("messaging_inbox.store").presence.since = 0;
    await sendDelta("presence", report);
    expect(COLLEAGUES).toHaveCount(1);
});

test("the header shows who has the conversation open, and who types", async () => {
    const {hear, other} = await open();
    expect(COLLEAGUES).toHaveCount(0);
    await hear({state: "viewing"});
    expect(`${COLLEAGUES} img`).toHaveAttribute(
        "alt",
        "Ana Morales has this conversation open"
    );
    await hear({state: "typing"});
    expect(TYPING).toHaveText("Ana Morales is typing…");
    await hear({state: "typing", user_id: ABSENT});
    expect(TYPING).toHaveText("Several colleagues are typing…");
    await hear({state: "gone"});
    expect(queryAllTexts(TYPING)).toEqual(["Chloé is typing…"]);
    await hear({state: "viewing", user_id: ME});
    expect(COLLEAGUES).toHaveCount(1);
    await hear({state: "viewing", conversation_id: other.id});
    expect(COLLEAGUES).toHaveCount(1);
});

test("a report that was overtaken changes nothing", async () => {
    const {hear} = await open();
    await hear({state: "gone", at: 2000});
    await hear({state: "viewing", at: 1990});
    expect(COLLEAGUES).toHaveCount(0);
    await hear({state: "viewing", at: 2010});
    expect(COLLEAGUES).toHaveCount(1);
});

test("a colleague who isn't heard of any more disappears", async () => {
    const {hear} = await open();
    await hear({state: "viewing"});
    await advanceTime(80000);
    await settle();
    expect(COLLEAGUES).toHaveCount(1);
    await advanceTime(30000);
    await settle();
    expect(COLLEAGUES).toHaveCount(0);
});

test("the page reports changes and each minute, not each keystroke", async () => {
    const {server, row, other} = await open();
    expect(server.reports).toEqual([[row.id, "viewing", true]]);
    await contains(TEXT).edit("Good morning", {confirm: false});
    await contains(TEXT).edit("Good morning, Ana", {confirm: false});
    expect(server.reports.slice(1)).toEqual([[row.id, "typing", false]]);
    await advanceTime(6000);
    expect(server.reports.slice(2)).toEqual([[row.id, "viewing", false]]);
    await advanceTime(60000);
    expect(server.reports.slice(3)).toEqual([[row.id, "viewing", false]]);
    await contains(`.o-messaging-Row[data-id="${other.id}"]`).click();
    await settle();
    expect(server.reports).toHaveLength(4);
    await advanceTime(600);
    expect(server.reports.slice(4)).toEqual([
        [row.id, "gone", false],
        [other.id, "viewing", true],
    ]);
});

test("a report says whether a note is typed, also after the mode has changed", async () => {
    const {server, row, presence} = await open();
    presence.typed(true);
    presence.typed(true);
    presence.typed(false);
    await settle();
    expect(server.reports.slice(1)).toEqual([
        [row.id, "typing", false],
        [row.id, "typing", false],
    ]);
    expect(server.areNotes.slice(1)).toEqual([true, false]);
});

test("typing is repeated while the customer sees it", async () => {
    const {server, row, presence} = await open();
    for (const isShown of [false, true]) {
        presence.typed(false, isShown);
        for (let second = 0; second < 28; second += 4) {
            await advanceTime(4000);
            presence.typed(false, isShown);
        }
        presence.stopTyping();
    }
    await settle();
    const typing = [row.id, "typing", false];
    const viewing = [row.id, "viewing", false];
    expect(server.reports.slice(1)).toEqual([
        ...[typing, viewing],
        ...[typing, typing, viewing],
    ]);
});

test("who has it open answers a colleague who opens it", async () => {
    const {server, row, hear} = await open();
    await hear({state: "viewing", is_new: true});
    expect(server.reports.slice(1)).toEqual([[row.id, "viewing", false]]);
});

function recordBeacons() {
    const sent = [];
    patchWithCleanup(browser.navigator, {
        sendBeacon: (url, blob) => sent.push([url, blob.type]),
    });
    return sent;
}

test("a page that closes says so without waiting", async () => {
    await open();
    const sent = recordBeacons();
    browser.dispatchEvent(new Event("pagehide"));
    expect(sent).toEqual([
        [
            "/web/dataset/call_kw/messaging.conversation/inbox_presence",
            "application/json",
        ],
    ]);
});

test("a page says that it goes before it goes, and takes it back if it stays", async () => {
    const {server, row} = await open();
    const sent = recordBeacons();
    browser.dispatchEvent(new Event("beforeunload"));
    browser.dispatchEvent(new Event("pagehide"));
    expect(sent).toHaveLength(1);
    expect(server.reports).toHaveLength(1);
    await advanceTime(11000);
    expect(server.reports.slice(1)).toEqual([[row.id, "viewing", true]]);
});

test("a page that was left repeats nothing", async () => {
    const {server, row} = await open();
    getService("messaging_inbox.store").presence.enter(false);
    await advanceTime(600);
    expect(server.reports.slice(1)).toEqual([[row.id, "gone", false]]);
    await advanceTime(130000);
    expect(server.reports).toHaveLength(2);
});

import {describe, expect, test} from "@odoo/hoot";
import {advanceTime} from "@odoo/hoot-mock";
import {hover, press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
import {Deferred} from "@web/core/utils/concurrency";
import {
    COLLEAGUE,
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const MINE = "#o-messaging-section-mine .o-messaging-Row-name";

test("sections show their titles, counts and rows", async () => {
    const server = new FakeInbox();
    server.conversation({user_id: ME, unread_count: 2});
    server.conversation();
    server.conversation();
    server.conversation({user_id: COLLEAGUE});
    server.conversation({state: "closed", unread_count: 9});
    await openInbox(server);
    expect(queryAllTexts(".o-messaging-Section-header")).toEqual([
        "Assigned to me\n1\n1",
        "Unassigned\n2",
        "Assigned to others\n1",
        "Snoozed",
        "Closed conversations",
    ]);
    expect(".o-messaging-Row").toHaveCount(3);
});

test("folded sections load nothing, stay folded, and load when unfolded", async () => {
    const server = new FakeInbox();
    server.conversation({state: "closed", contact_name: "Done", unread_count: 5});
    await openInbox(server);
    const asked = () => server.callsOf("inbox_list").map((call) => call.args[0]);
    expect(asked()).toEqual(["mine", "unassigned"]);

    await contains("[data-section=closed]").click();
    await settle();
    expect(asked()).toEqual(["mine", "unassigned", "closed"]);
    expect(queryAllTexts(".o-messaging-Row-name")).toEqual(["Done"]);
    expect(".o-messaging-Row .o-messaging-Badge").toHaveCount(0, {
        message: "closed conversations show no unread number",
    });
    expect("[data-section=closed]").toHaveAttribute("aria-expanded", "true");
});

test("a row shows draft, ticks, kind, time left and the assignee", async () => {
    const server = new FakeInbox();
    const preview = {direction: "outbound", kind: "image", body: "", state: "read"};
    server.conversation({user_id: ME, contact_name: "Draft", draft: "Dear"});
    server.conversation({user_id: ME, preview: {...preview, author_id: ME}});
    server.conversation({
        user_id: ME,
        contact_name: "Urgent",
        reply_until: "2026-11-23 12:30:00",
    });
    await openInbox(server);
    const [urgent, picture, draft] = queryAllTexts(".o-messaging-Row-text");
    expect(urgent).toMatch(/2h 30m/);
    expect(picture).toMatch(/Photo/);
    expect(draft).toMatch(/Draft: ?\n?Dear/);
    expect(".o-messaging-Row .o-messaging-Ticks.o-read").toHaveCount(1);
    expect(".o-messaging-Row .fa-camera").toHaveCount(1);
});

for (const [section, values] of [
    ["unassigned", {}],
    ["others", {user_id: COLLEAGUE}],
    ["closed", {state: "closed"}],
]) {
    test(`a conversation opened by a link is shown in its section: ${section}`, async () => {
        const server = new FakeInbox();
        const row = server.conversation({...values, contact_name: "Linked"});
        for (let i = 0; i < 50; i++) {
            server.conversation({...values, contact_name: `Customer ${i}`});
        }
        await openInbox(server, {resId: row.id});
        const shown = `#o-messaging-section-${section} .o-messaging-Row.o-active`;
        expect(shown).toHaveCount(1);
        expect(`${shown} .o-messaging-Row-name`).toHaveText("Linked");
        expect(`${shown}`).toBeVisible();
        expect(`#o-messaging-section-${section} .o-messaging-Row:last`).toHaveText(
            /Linked/
        );
    });
}

test("a reply of a deleted colleague isn't shown as one's own", async () => {
    const server = new FakeInbox();
    const preview = {direction: "outbound", kind: "text", body: "*Sure*"};
    server.conversation({
        preview: {...preview, author_id: false, author_name: "Tina Gil"},
    });
    await openInbox(server);
    expect(".o-messaging-Row-preview").toHaveText(/Tina:\s+Sure/);
});

test("a draft doesn't hide the text of an unread message", async () => {
    const server = new FakeInbox();
    const values = {user_id: ME, draft: "Dear", unread_count: 1};
    server.conversation({...values, preview: {kind: "text", body: "Urgent!"}});
    await openInbox(server);
    expect(".o-messaging-Row-preview").toHaveText("Urgent!");
    expect(".o-messaging-Row-draft[title='You have a draft']").toHaveCount(1);
});

test("pages are fetched from the last row on, and no row is shown twice", async () => {
    const server = new FakeInbox();
    for (let i = 0; i < 50; i++) {
        server.conversation({contact_name: `Customer ${i}`});
    }
    const store = await openInbox(server);
    await store.sections.unassigned.loadMore();
    await settle();
    const pages = server
        .callsOf("inbox_list")
        .filter(({args}) => args[0] === "unassigned");
    expect(pages[0].kwargs.before).toBe(false);
    expect(pages[1].kwargs.before).toBe(server.rows[10].seq);
    const names = queryAllTexts(".o-messaging-Row-name");
    expect(names).toHaveLength(50);
    expect(new Set(names).size).toBe(50);
});

test("typing searches once, over all sections, in one flat list", async () => {
    const server = new FakeInbox();
    server.conversation({contact_name: "Marta", state: "closed"});
    server.conversation({contact_name: "Martin", user_id: COLLEAGUE});
    server.conversation({contact_name: "Zoe"});
    await openInbox(server);
    await contains(".o-messaging-Search input").edit("mart", {confirm: false});
    await advanceTime(300);
    await settle();
    expect(queryAllTexts(".o-messaging-Row-name")).toEqual(["Martin", "Marta"]);
    expect(".o-messaging-Section-header").toHaveCount(0);
    expect(server.callsOf("inbox_list").filter(({args}) => !args[0])).toHaveLength(1);

    await contains(".o-messaging-Search input").edit("nobody", {confirm: false});
    await advanceTime(300);
    await settle();
    expect(".o-messaging-Section-empty").toHaveText(/Nothing matches “nobody”/);

    await contains(".o-messaging-Search-clear").click();
    await settle();
    expect(".o-messaging-Section-header").toHaveCount(5);
    expect(queryAllTexts(".o-messaging-Row-name")).toEqual(["Zoe"]);
});

test("the channel filter reloads each open section", async () => {
    const server = new FakeInbox();
    server.channels = [server.channels[0], {...server.channels[0], id: 2, name: "SMS"}];
    server.conversation({contact_name: "One"});
    server.conversation({contact_name: "Two", channel_id: 2});
    await openInbox(server);
    await contains(".o-messaging-List-filter").click();
    await contains(".dropdown-item:contains(SMS)").click();
    await settle();
    expect(queryAllTexts(".o-messaging-Row-name")).toEqual(["Two"]);
    expect(".o-messaging-List-filter").toHaveText("SMS");
});

test("arrow keys move through the rows of all sections, Enter opens one", async () => {
    const server = new FakeInbox();
    const mine = server.conversation({user_id: ME, contact_name: "Mine"});
    const waiting = server.conversation({contact_name: "Waiting"});
    await openInbox(server);
    await contains(".o-messaging-Search input").focus();
    await press("ArrowDown");
    expect(`.o-messaging-Row[data-id="${mine.id}"]`).toBeFocused();
    await press("ArrowDown");
    expect(`.o-messaging-Row[data-id="${waiting.id}"]`).toBeFocused();
    await press("k");
    expect(`.o-messaging-Row[data-id="${mine.id}"]`).toBeFocused();
    await press("Enter");
    await settle();
    expect(".o-messaging-Header-name").toHaveText("Mine");
    expect(".o-messaging-Composer-text").toBeFocused();
    await press("Escape");
    await settle();
    await advanceTime(10);
    expect(queryOne(".o-messaging-Row:focus").dataset.id).toBe(String(mine.id));
});

test("an empty section explains its purpose", async () => {
    await openInbox(new FakeInbox());
    expect(queryAllTexts(".o-messaging-Section-empty")).toEqual([
        "Nothing is assigned to you.",
        "No one is waiting. New conversations appear here.",
    ]);
});

test("a long list draws only rows near the visible part", async () => {
    const server = new FakeInbox();
    for (let number = 0; number < 160; number++) {
        server.conversation({user_id: ME});
    }
    const [oldest] = server.rows;
    const store = await openInbox(server);
    const {mine} = store.sections;
    while (mine.hasMore) {
        await mine.loadMore();
    }
    await settle();
    expect("#o-messaging-section-mine .o-messaging-RowChunk").toHaveCount(4);
    expect(mine.rows).toHaveLength(160);
    expect(`[data-id="${oldest.id}"]`).toHaveCount(0);
    // The open conversation's row is always there, to be focused again.
    await store.open(oldest.id);
    await settle();
    expect(`[data-id="${oldest.id}"]`).toHaveCount(1);
});

test("a page loads although its end came into view during a reload", async () => {
    const server = new FakeInbox();
    for (let number = 0; number < 90; number++) {
        server.conversation({user_id: ME});
    }
    const store = await openInbox(server);
    const {mine} = store.sections;
    const held = new Deferred();
    const ask = store.api.list.bind(store.api);
    store.api.list = async (options) => {
        await held;
        return ask(options);
    };
    const reloaded = mine.reload();
    const shown = mine.foundIds.length;
    const scroll = queryOne(".o-messaging-List-scroll");
    scroll.scrollTop = scroll.scrollHeight;
    await settle();
    held.resolve();
    await reloaded;
    await settle();
    expect(mine.foundIds.length).toBeGreaterThan(shown);
});

test("rows keep their places while the pointer is about to hit one", async () => {
    const server = new FakeInbox();
    const lower = server.conversation({user_id: ME, contact_name: "Lower"});
    const upper = server.conversation({user_id: ME, contact_name: "Upper"});
    const store = await openInbox(server);
    await hover(`[data-id="${upper.id}"]`);
    lower.seq = 9000;
    upper.user_id = COLLEAGUE;
    store.live.changed({conversations: [{...lower}, {...upper}]});
    await settle();
    expect(queryAllTexts(MINE)).toEqual(["Upper", "Lower"]);
    await advanceTime(2500);
    await settle();
    expect(queryAllTexts(MINE)).toEqual(["Lower"]);
});

test("the list follows at once when the pointer leaves it", async () => {
    const server = new FakeInbox();
    const lower = server.conversation({user_id: ME, contact_name: "Lower"});
    server.conversation({user_id: ME, contact_name: "Upper"});
    const store = await openInbox(server);
    await hover(".o-messaging-Row");
    lower.seq = 9000;
    store.live.changed({conversations: [{...lower}]});
    await settle();
    expect(queryAllTexts(MINE)).toEqual(["Upper", "Lower"]);
    await hover(".o-messaging-Main");
    await settle();
    expect(queryAllTexts(MINE)).toEqual(["Lower", "Upper"]);
});

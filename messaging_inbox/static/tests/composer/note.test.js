import {describe, expect, test} from "@odoo/hoot";
import {press, queryAllTexts} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
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

const TEXT = ".o-messaging-Composer-text";
const NOTE = ".o-messaging-ComposerModes .o-note";
const REPLY = ".o-messaging-ComposerModes .o-reply";
const PEOPLE = ".o-messaging-MentionList-person";

async function write(text) {
    await contains(TEXT).edit(text, {confirm: false});
    await settle();
}

test("a note is posted as a note, and nothing is sent", async () => {
    const server = new FakeInbox();
    const row = server.conversation({unread_count: 2});
    await openInbox(server, {resId: row.id});
    await contains(NOTE).click();
    expect(".o-messaging-Composer").toHaveClass("o-note");
    expect(".o-messaging-Composer-facts").toHaveText(/Only colleagues can read this/);
    expect(TEXT).toBeFocused();
    await write("She is a VIP");
    await press("Enter");
    await settle();
    expect(server.callsOf("reply")).toHaveLength(0);
    const [{kwargs}] = server.callsOf("action_note");
    expect(kwargs.body).toBe("She is a VIP");
    expect(kwargs.client_uuid).toMatch(/^[\w-]{36}$/);
    expect(".o-messaging-Message.o-note").toHaveText(/Private note\s*She is a VIP/);
    expect(".o-messaging-Message.o-note .o-messaging-Ticks").toHaveCount(0);
});

test("each mode keeps its own draft, and a conversation its mode", async () => {
    const server = new FakeInbox();
    const [one, two] = [server.conversation(), server.conversation()];
    const store = await openInbox(server, {resId: one.id});
    await write("For the customer");
    await contains(NOTE).click();
    expect(TEXT).toHaveValue("");
    await write("For colleagues");
    await contains(REPLY).click();
    expect(TEXT).toHaveValue("For the customer");
    await contains(NOTE).click();

    await contains(`.o-messaging-Row[data-id="${two.id}"]`).click();
    await settle();
    expect(REPLY).toHaveAttribute("aria-checked", "true");
    expect(`.o-messaging-Row[data-id="${one.id}"]`).toHaveText(
        /Draft:\s*For the customer/
    );
    await contains(`.o-messaging-Row[data-id="${one.id}"]`).click();
    await settle();
    expect(NOTE).toHaveAttribute("aria-checked", "true");
    expect(TEXT).toHaveValue("For colleagues");

    await contains(`.o-messaging-Row[data-id="${two.id}"]`).click();
    await settle();
    delete store.conversations[one.id];
    await contains(`.o-messaging-Row[data-id="${one.id}"]`).click();
    await settle();
    expect(REPLY).toHaveAttribute("aria-checked", "true");
    await contains(NOTE).click();
    expect(TEXT).toHaveValue("For colleagues");
    const saved = server.callsOf("inbox_save_draft").map(({args}) => args[1]);
    expect(saved).not.toInclude("For colleagues");
});

test("a shortcut switches between the customer and colleagues", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(TEXT).click();
    await press(["ctrl", "i"]);
    await settle();
    expect(NOTE).toHaveAttribute("aria-checked", "true");
    expect(TEXT).toBeFocused();
    await press(["ctrl", "i"]);
    await settle();
    expect(REPLY).toHaveAttribute("aria-checked", "true");
});

test("a note can be written when nothing can be sent", async () => {
    const server = new FakeInbox();
    const row = server.conversation({state: "closed"});
    await openInbox(server, {resId: row.id});
    expect(TEXT).toHaveCount(0);
    await contains(NOTE).click();
    expect(".o-messaging-ComposerFace").toHaveCount(0);
    await write("Never again");
    await press("Enter");
    await settle();
    expect(server.callsOf("action_note")).toHaveLength(1);
    expect(server.callsOf("action_reopen")).toHaveLength(0);
});

test("quoting a message switches to a reply", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row);
    await openInbox(server, {resId: row.id});
    await contains(NOTE).click();
    await contains(".o-messaging-Message-actions [data-action=reply]", {
        visible: false,
    }).click();
    expect(REPLY).toHaveAttribute("aria-checked", "true");
    expect(".o-messaging-Composer-quote").toHaveCount(1);
});

test("a refused note comes back as a note", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(NOTE).click();
    server.failNext("action_note", "Not today");
    await write("VIP");
    await press("Enter");
    await settle();
    expect(".o-messaging-Trouble").toHaveText(/Not today/);
    await contains(REPLY).click();
    await contains(".o-messaging-Trouble button:contains(Edit)").click();
    expect(NOTE).toHaveAttribute("aria-checked", "true");
    expect(TEXT).toHaveValue("VIP");
    expect(server.callsOf("reply")).toHaveLength(0);
});

test("@ offers colleagues, and choosing one mentions them", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await write("Hello @");
    expect(PEOPLE).toHaveCount(0);
    await contains(NOTE).click();
    await write("Look, @");
    expect(queryAllTexts(PEOPLE)).toEqual(["Ana Morales", "Chloé"]);
    await write("Look, @mor");
    expect(queryAllTexts(PEOPLE)).toEqual(["Ana Morales"]);
    await press("Enter");
    await settle();
    expect(TEXT).toHaveValue("Look, @Ana Morales ");
    expect(PEOPLE).toHaveCount(0);
    expect(server.callsOf("action_note")).toHaveLength(0);
    await press("Enter");
    await settle();
    expect(server.callsOf("action_note")[0].kwargs.mention_ids).toEqual([COLLEAGUE]);
    expect(".o-note .o-messaging-Mention").toHaveText("@Ana Morales");
});

test("arrow keys move among colleagues, Escape closes only the list", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(NOTE).click();
    await write("@");
    await press("ArrowDown");
    await settle();
    expect(`${PEOPLE}.o-active`).toHaveText("Chloé");
    await press("Escape");
    await settle();
    expect(PEOPLE).toHaveCount(0);
    expect(TEXT).toHaveValue("@");
    expect(server.urls).not.toInclude(false);
});

test("deleting a name from the text removes the mention", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(NOTE).click();
    await write("@chl");
    await contains(PEOPLE).click();
    expect(TEXT).toHaveValue("@Chloé ");
    await write("Nobody");
    await press("Enter");
    await settle();
    expect(server.callsOf("action_note")[0].kwargs.mention_ids).toEqual([]);
});

test("a colleague's note highlights that it mentions me", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row, {
        direction: "note",
        state: false,
        author_id: COLLEAGUE,
        body: "@Mitchell please, and @Nobody",
        data: {mention_ids: [ME]},
    });
    await openInbox(server, {resId: row.id});
    expect(queryAllTexts(".o-messaging-Mention")).toEqual(["@Mitchell"]);
});

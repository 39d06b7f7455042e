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
const NAME = ".o-messaging-Header-name";

/** Return the ids of three of my conversations, from top to bottom. */
function threeOfMine(server) {
    const rows = ["Third", "Second", "First"].map((contact_name) =>
        server.conversation({contact_name, user_id: ME})
    );
    return rows.reverse().map(({id}) => id);
}

test("keys open the next and the previous conversation, also while writing", async () => {
    const server = new FakeInbox();
    const [first] = threeOfMine(server);
    await openInbox(server, {resId: first});
    await contains(TEXT).click();
    await press(["alt", "arrowdown"]);
    await settle();
    expect(NAME).toHaveText("Second");
    expect(TEXT).toBeFocused();
    await press(["alt", "arrowup"]);
    await press(["alt", "arrowup"]);
    await settle();
    expect(NAME).toHaveText("First", {message: "there is none above the first"});
});

test("closing goes on to the next conversation, at the end to the one before", async () => {
    const server = new FakeInbox();
    const [, second, third] = threeOfMine(server);
    await openInbox(server, {resId: second});
    await press(["alt", "shift", "e"]);
    await settle();
    expect(server.callsOf("action_close")[0].args).toEqual([[second]]);
    expect(NAME).toHaveText("Third");
    expect(TEXT).toBeFocused();
    await contains(".o-messaging-Header-next").click();
    await settle();
    expect(server.callsOf("action_close")[1].args).toEqual([[third]]);
    expect(NAME).toHaveText("First");
});

test("a conversation that can't be closed stays open", async () => {
    const server = new FakeInbox();
    const [first] = threeOfMine(server);
    await openInbox(server, {resId: first});
    server.failNext("action_close", "Not now.");
    await contains(".o-messaging-Header-next").click();
    await settle();
    expect(".o_notification").toHaveText(/Not now\./);
    expect(NAME).toHaveText("First");
});

test("keys assign, mark as unread, and lead to search, text and details", async () => {
    const server = new FakeInbox();
    const row = server.conversation({user_id: COLLEAGUE});
    server.message(row);
    await openInbox(server, {resId: row.id});
    await press(["alt", "shift", "f"]);
    expect(".o-messaging-Search input").toBeFocused();
    await press(["alt", "shift", "w"]);
    await settle();
    expect(TEXT).toBeFocused();
    await press(["alt", "shift", "m"]);
    await settle();
    const [assigned] = server.callsOf("action_assign");
    expect(assigned.kwargs.user_id).toBe(ME);
    expect(assigned.kwargs.expected_user_id).toBe(COLLEAGUE);
    await press(["alt", "shift", "u"]);
    await settle();
    expect(server.callsOf("action_mark_unread")).toHaveLength(1);
    const isShown = Boolean(document.querySelector(".o-messaging-Details"));
    await press(["alt", "shift", "d"]);
    await settle();
    expect(".o-messaging-Details").toHaveCount(isShown ? 0 : 1);
    await press(["alt", "shift", "a"]);
    await settle();
    expect(".o-messaging-AssigneeMenu input").toBeFocused();
});

test("a question mark shows the keys, but not while writing", async () => {
    const server = new FakeInbox();
    const [first] = threeOfMine(server);
    await openInbox(server, {resId: first});
    await contains(TEXT).click();
    await press("?");
    await settle();
    expect(".o-messaging-Keys").toHaveCount(0);
    await contains(".o-messaging-Row:first").focus();
    await press("?");
    await settle();
    expect(queryAllTexts(".o-messaging-Keys dt")).toInclude("Close and go to the next");
    expect(".o-messaging-Keys div:has(> dt:contains(Next conversation)) dd").toHaveText(
        "Alt↓"
    );
    await press("Escape");
    await settle();
    expect(".o-messaging-Keys").toHaveCount(0);
});

test("the command palette offers what the composer's own keys do", async () => {
    const server = new FakeInbox();
    const [first] = threeOfMine(server);
    await openInbox(server, {resId: first});
    await press(["control", "k"]);
    await settle();
    const offered = queryAllTexts(".o_command_palette .o_command");
    const names = ["Choose a canned reply", "Attach files", "Snooze", "Tags"];
    for (const name of names) {
        expect(offered.some((text) => text.startsWith(name))).toBe(true, {
            message: name,
        });
    }
    await contains(
        ".o_command_palette .o_command:contains(Write a private note)"
    ).click();
    await settle();
    expect(".o-messaging-Composer").toHaveClass("o-note");
});

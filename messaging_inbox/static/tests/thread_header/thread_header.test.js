import {describe, expect, test} from "@odoo/hoot";
import {press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
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

test("assigning sends the assignee that the user saw", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Assignee").click();
    await settle();
    await contains(".dropdown-item:contains(Ana Morales)").click();
    await settle();
    expect(server.callsOf("action_assign")[0].kwargs).toInclude("expected_user_id");
    expect(server.callsOf("action_assign")[0].kwargs.expected_user_id).toBe(false);
    expect(server.callsOf("action_assign")[0].kwargs.user_id).toBe(COLLEAGUE);
    expect(".o-messaging-Assignee").toHaveText("Ana Morales");

    await contains(".o-messaging-Assignee").click();
    await settle();
    await contains(".dropdown-item:contains(Assign to me)").click();
    await settle();
    expect(server.callsOf("action_assign")[1].kwargs.expected_user_id).toBe(COLLEAGUE);
    expect(".o-messaging-Assignee").toHaveText("You");
});

test("unavailable users can't be chosen, oneself included", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    store.user.available = false;
    await contains(".o-messaging-Assignee").click();
    await settle();
    expect(queryAllTexts(".dropdown-item.disabled")).toEqual([
        "Assign to me\nyou are unavailable",
        "Chloé\nunavailable",
    ]);
    expect(".dropdown-item.disabled:first").toHaveAttribute("aria-disabled", "true");
});

test("the list follows changes of availability while it is open", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Assignee").click();
    await settle();
    const dot = (name) => `.dropdown-item:contains(${name}) .o-available`;
    expect(dot("Chloé")).toHaveCount(0);
    await sendDelta(
        "availability",
        {user_id: ABSENT, available: true},
        {user_id: COLLEAGUE, available: false},
        {user_id: ME, available: false}
    );
    expect(dot("Chloé")).toHaveCount(1);
    expect(dot("Ana Morales")).toHaveCount(0);
    expect(dot("Assign to me")).toHaveCount(0);
    await contains(".dropdown-item:contains(Chloé)").click();
    await settle();
    expect(server.callsOf("action_assign")[0].kwargs.user_id).toBe(ABSENT);
});

test("the second to assign learns who was first, and the row moves", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    store.setFolded("others", false);
    await contains(".o-messaging-Assignee").click();
    await settle();
    row.user_id = COLLEAGUE;
    server.failNext("action_assign", "Ana Morales already has this conversation.");
    await contains(".dropdown-item:contains(Assign to me)").click();
    await settle();
    expect(".o_notification").toHaveText(/Ana Morales already has this conversation/);
    expect("#o-messaging-section-others .o-messaging-Row").toHaveCount(1);
    expect(".o-messaging-Assignee").toHaveText("Ana Morales");
});

for (const choice of ["Assign to me", "Chloé", "Unassign"]) {
    test(`assigning compares the assignee seen when the list opened: ${choice}`, async () => {
        const server = new FakeInbox();
        const row = server.conversation({user_id: 10});
        const store = await openInbox(server, {resId: row.id});
        store.availability[ABSENT] = true;
        await contains(".o-messaging-Assignee").click();
        await settle();
        store.availability[ABSENT] = true;
        row.user_id = COLLEAGUE;
        await sendDelta("changed", {conversations: [{...row}]});
        expect(".o-messaging-Assignee").toHaveText("Ana Morales");
        await contains(`.dropdown-item:contains(${choice})`).click();
        await settle();
        const [first] = server.callsOf("action_assign");
        expect(first.kwargs.expected_user_id).toBe(10);
        expect(row.user_id).toBe(COLLEAGUE);
        expect(".o_notification").toHaveText(/already has this conversation/);

        // The list loads again, and has the new availability.
        store.availability[ABSENT] = true;
        await settle();
        await contains(`.dropdown-item:contains(${choice})`).click();
        await settle();
        expect(row.user_id).not.toBe(COLLEAGUE);
    });
}

test("unavailable users can still reply, unassign and close", async () => {
    const server = new FakeInbox();
    const row = server.conversation({user_id: ME});
    const store = await openInbox(server, {resId: row.id});
    store.user.available = false;
    await contains(".o-messaging-Composer-text").edit("Still here", {confirm: false});
    await contains(".o-messaging-Composer-send").click();
    await settle();
    expect(server.callsOf("reply")).toHaveLength(1);
    await contains(".o-messaging-Assignee").click();
    await settle();
    await contains(".dropdown-item:contains(Unassign)").click();
    await settle();
    expect(".o-messaging-Assignee").toHaveText("Unassigned");
    await contains(".o-messaging-Header-state").click();
    await settle();
    expect(server.callsOf("action_close")).toHaveLength(1);
});

test("the picker finds colleagues by words of their names, ignoring accents", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Assignee").click();
    await settle();
    await contains(".o-messaging-AssigneeMenu input").edit("móra an", {
        confirm: false,
    });
    expect(".o-messaging-AssigneeMenu .dropdown-item:contains(Chloé)").toHaveCount(0);
    await press("Enter");
    await settle();
    expect(server.callsOf("action_assign")[0].kwargs.user_id).toBe(COLLEAGUE);
});

test("a refusal shows the server's message", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    server.failNext("action_assign", "Bruno has taken this conversation.");
    await contains(".o-messaging-Assignee").click();
    await settle();
    await contains(".dropdown-item:contains(Assign to me)").click();
    await settle();
    expect(".o_notification").toHaveText(/Bruno has taken this conversation/);
    expect(".o-messaging-Assignee").toHaveText("Unassigned");
});

test("closing and reopening change button and section", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Header-state:contains(Close conversation)").click();
    await settle();
    expect("#o-messaging-section-unassigned .o-messaging-Row").toHaveCount(0);
    await contains(".o-messaging-Header-state:contains(Reopen)").click();
    await settle();
    expect("#o-messaging-section-unassigned .o-messaging-Row").toHaveCount(1);
});

test("deleting is offered only with the right to, and says what stays", async () => {
    const server = new FakeInbox();
    server.canDelete = true;
    server.providerUrl = "https://acme.example/logs";
    const row = server.conversation({contact_name: "Marta"});
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Header-name").click();
    await contains(".dropdown-item:contains(Delete conversation)").click();
    expect(".modal").toHaveText(/whole history with Marta is deleted/);
    expect(".modal").toHaveText(/Messages, files, drafts and read markers/);
    expect(".modal").toHaveText(/Notes on contacts, leads and deals/);
    expect(".modal").toHaveText(/The copy at Acme isn't deleted/);
    expect(".modal").toHaveText(/can't be undone/);
    expect(".modal dl a").toHaveAttribute("href", "https://acme.example/logs");
    expect(server.callsOf("unlink")).toHaveLength(0);
    await contains(".modal .btn-danger").click();
    await settle();
    expect(server.callsOf("unlink")[0].args).toEqual([[row.id]]);
    expect(".o-messaging-Main h2").toHaveText("This conversation was deleted");
});

test("cancelling a deletion changes nothing", async () => {
    const server = new FakeInbox();
    server.canDelete = true;
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Header-name").click();
    await contains(".dropdown-item:contains(Delete conversation)").click();
    expect(".modal dl a").toHaveCount(0, {message: "this provider has no console"});
    await contains(".modal .btn:contains(Keep it)").click();
    expect(".modal").toHaveCount(0);
    expect(server.callsOf("unlink")).toHaveLength(0);
    expect(".o-messaging-Header-name").toHaveCount(1);
});

test("others don't see the menu item to delete", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Header-name").click();
    expect(queryAllTexts(".dropdown-item")).toEqual([
        "Find in this conversation",
        "Mark as unread",
        "Record an opt-out",
    ]);
});

test("an opt-out is recorded from the menu and undone in the composer", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Header-name").click();
    await contains(".dropdown-item:contains(Record an opt-out)").click();
    await settle();
    expect(server.callsOf("action_opt_out")[0].args).toEqual([[row.id]]);
    expect(".o-messaging-ComposerFace").toHaveText(
        /recorded that the customer opted out on .*9:59/
    );
    await contains(".o-messaging-ComposerFace button:contains(Undo)").click();
    await settle();
    expect(server.callsOf("action_undo_opt_out")[0].args).toEqual([[row.id]]);
    expect(".o-messaging-ComposerFace").toHaveCount(0);
});

test("users can't undo a customer's own opt-out", async () => {
    const server = new FakeInbox();
    const row = server.conversation({opted_out: true});
    await openInbox(server, {resId: row.id});
    expect(".o-messaging-ComposerFace button").toHaveCount(0);
    await contains(".o-messaging-Header-name").click();
    expect(".dropdown-item:contains(opt-out)").toHaveCount(0);
    expect(".dropdown-item:contains(Mark as unread)").toHaveCount(1);
});

test("the header says who opted the customer out, and when", async () => {
    const server = new FakeInbox();
    const at = "2026-11-20 08:00:00";
    const row = server.conversation({
        opted_out: true,
        opt_out: {source: "customer", at, user_id: false, message_id: 7},
    });
    await openInbox(server, {resId: row.id});
    const badge = queryOne(".o-messaging-Header-optOut");
    expect(badge.title).toMatch(/^The customer opted out on .*20/);
    expect(".o-messaging-ComposerFace").toHaveText(/until they send START/);
});

test("a manager records an opt-in with a reason", async () => {
    const server = new FakeInbox();
    server.isManager = true;
    const row = server.conversation({
        opted_out: true,
        opt_out: {source: "provider", at: "2026-11-20 08:00:00", user_id: false},
    });
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Header-name").click();
    await contains(".dropdown-item:contains(Record an opt-in)").click();
    expect(".modal .alert").toHaveText(/The provider blocks this customer/);
    expect(".modal .btn-primary").not.toBeEnabled();
    await contains(".modal textarea").edit("Agreed by phone", {confirm: false});
    await contains(".modal .btn-primary").click();
    await settle();
    const [call] = server.callsOf("action_opt_in");
    expect(call.args).toEqual([[row.id]]);
    expect(call.kwargs.reason).toBe("Agreed by phone");
    expect(".modal").toHaveCount(0);
    expect(".o-messaging-Header-optOut").toHaveCount(0);
});

test("the picker is a dialog with a search field and a menu", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Assignee").click();
    await settle();
    expect(".o-messaging-AssigneeMenu[role=dialog] input").toHaveCount(1);
    expect("[role=menu] input").toHaveCount(0);
    expect("[role=menu] [role=menuitem]").toHaveCount(3);
});

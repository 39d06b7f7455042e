import {describe, expect, test} from "@odoo/hoot";
import {press, queryAllTexts} from "@odoo/hoot-dom";
import {contains, onRpc} from "@web/../tests/web_test_helpers";
import {
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const URGENT = {id: 1, name: "Urgent", color: 1};
const QUOTE = {id: 2, name: "Quote", color: 2};
const ITEMS = ".o-messaging-TagMenu-item";

function withTags() {
    const server = new FakeInbox();
    server.tags = [URGENT, QUOTE];
    return server;
}

test("rows show one tag, and the header all", async () => {
    const server = withTags();
    const row = server.conversation({user_id: ME, tag_ids: [1, 2]});
    await openInbox(server, {resId: row.id});
    expect(queryAllTexts(".o-messaging-Row .o-messaging-Tag")).toEqual([
        "Urgent",
        "+1",
    ]);
    expect(queryAllTexts(".o-messaging-Header .o-messaging-Tag")).toEqual([
        "Urgent",
        "Quote",
    ]);
});

test("the picker adds and removes tags by keyboard", async () => {
    const server = withTags();
    const row = server.conversation({user_id: ME, tag_ids: [2]});
    await openInbox(server, {resId: row.id});
    await press(["alt", "shift", "l"]);
    await settle();
    expect(".o-messaging-TagMenu input[type=text]").toBeFocused();
    await contains(`${ITEMS}:contains(Urgent)`).click();
    await contains(`${ITEMS}:contains(Quote)`).click();
    await settle();
    const calls = server.callsOf("action_tag").map(({kwargs}) => kwargs);
    expect(calls.map((call) => call.add_ids)).toEqual([[1], []]);
    expect(calls.map((call) => call.remove_ids)).toEqual([[], [2]]);
    expect(queryAllTexts(".o-messaging-Header .o-messaging-Tag")).toEqual(["Urgent"]);
});

test("a refused tag is taken back", async () => {
    const server = withTags();
    const row = server.conversation({user_id: ME});
    await openInbox(server, {resId: row.id});
    server.failNext("action_tag", "It belongs to another company.");
    await contains(".o-messaging-TagPicker").click();
    await contains(`${ITEMS}:contains(Urgent)`).click();
    await settle();
    expect(".o_notification").toHaveText(/another company/);
    expect(".o-messaging-Header .o-messaging-Tag").toHaveCount(0);
});

test("managers create a tag by typing its name; agents can't", async () => {
    const server = withTags();
    server.isManager = true;
    const row = server.conversation({user_id: ME});
    onRpc("messaging.tag", "create", ({args}) => {
        expect.step(args[0]);
        return [3];
    });
    onRpc("messaging.tag", "read", () => [{id: 3, name: "VIP", color: 5}]);
    const store = await openInbox(server, {resId: row.id});
    await contains(".o-messaging-TagPicker").click();
    await contains(".o-messaging-TagMenu input[type=text]").edit("VIP", {
        confirm: false,
    });
    await contains(".dropdown-item:contains(Create “VIP”)").click();
    await settle();
    expect.verifySteps([[{name: "VIP"}]]);
    expect(".o-messaging-Header .o-messaging-Tag").toHaveText("VIP");

    store.isManager = false;
    await contains(".o-messaging-TagMenu input[type=text]").edit("New", {
        confirm: false,
    });
    await settle();
    expect(".o-messaging-TagMenu").toHaveText(/Managers create tags/);
});

test("the list shows conversations with one of the chosen tags", async () => {
    const server = withTags();
    server.conversation({user_id: ME, contact_name: "Ana", tag_ids: [1]});
    server.conversation({user_id: ME, contact_name: "Berta", tag_ids: [2]});
    server.conversation({user_id: ME, contact_name: "Carla"});
    await openInbox(server);
    await contains("[data-filter=tag_ids]").click();
    await contains(".o-messaging-TagMenu .dropdown-item:contains(Quote)").click();
    await settle();
    expect(queryAllTexts(".o-messaging-Row-name")).toEqual(["Berta"]);
    await contains(".o-messaging-TagMenu .dropdown-item:contains(Urgent)").click();
    await settle();
    expect(queryAllTexts(".o-messaging-Row-name")).toEqual(["Berta", "Ana"]);
    expect("[data-filter=tag_ids]").toHaveText("Quote, Urgent");
});

test("a remembered filter by a deleted tag is forgotten", async () => {
    const server = withTags();
    const store = await openInbox(server);
    store.setFilter({filters: {unread: true, tag_ids: [1, 99]}});
    await store.load();
    expect(store.filters).toEqual({unread: true, tag_ids: [1]});
});

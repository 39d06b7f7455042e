import {describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {contains, mockService} from "@web/../tests/web_test_helpers";
import {FakeRecords, hitOf, openPane} from "./details_test_helpers";
import {
    defineInboxModels,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const CARD = "section[aria-labelledby=o-messaging-contact]";

test("the linked contact is shown with its details", async () => {
    const server = new FakeRecords();
    const deals = [
        {
            id: 5,
            name: "20 red ones",
            type: "opportunity",
            stage: "New",
            expected_revenue: 1200,
            currency_id: 1,
            probability: 10,
        },
    ];
    const partner = server.partner({deals, deal_count: 3});
    await openPane(server, {partner_id: partner.id});
    expect(`${CARD} .o-messaging-Record-name`).toHaveText("Ana Ruiz");
    expect(`${CARD} .o-messaging-Record-subtitle`).toHaveText("Blue Ltd");
    expect(`${CARD} .o_tag`).toHaveText("VIP");
    expect(queryAllTexts(`${CARD} dd`)).toEqual([
        "+34611111111",
        "ana@blue.example",
        "Ana Morales",
    ]);
    expect(`${CARD} .o-messaging-Deal`).toHaveText(/20 red ones\s*New · .*1,200/);
    expect(CARD).toHaveText(/and 2 more/);
});

test("many tags are folded after the first eight", async () => {
    const server = new FakeRecords();
    const tags = [...Array(20).keys()].map((id) => ({id, name: `Tag ${id}`, color: 0}));
    const partner = server.partner({tags});
    await openPane(server, {partner_id: partner.id});
    expect(`${CARD} .o_tag`).toHaveCount(8);
    await contains(`${CARD} button:contains(Show 12 more)`).click();
    expect(`${CARD} .o_tag`).toHaveCount(20);
    expect(`${CARD} button:contains(Show)`).toHaveCount(0);
});

test("without read access, only the contact's name is shown", async () => {
    const server = new FakeRecords();
    server.partners[5] = {id: 5, name: "Secret Ltd", readable: false};
    await openPane(server, {partner_id: 5});
    expect(`${CARD} .o-messaging-Record-title`).toHaveText("Secret Ltd");
    expect(CARD).toHaveText(/You have no access to this contact/);
    expect(`${CARD} .o-messaging-Record-name`).toHaveCount(0);
    await contains(`${CARD} .o-messaging-Card-menu`).click();
    expect(queryAllTexts(".dropdown-item")).toEqual(["Link another", "Unlink"]);
});

test("likely matches show their reasons, and one click links", async () => {
    const server = new FakeRecords();
    const partner = server.partner();
    server.matches = [
        hitOf({id: partner.id}),
        hitOf({id: 2, name: "Ana R.", reason: "same_name", reason_text: "Same name"}),
    ];
    await openPane(server);
    expect(`${CARD} .o-messaging-Matches-title`).toHaveText("2 likely matches");
    expect(queryAllTexts(`${CARD} .o-messaging-Match-reason`)).toEqual([
        "Same number",
        "Same name",
    ]);
    await contains(`${CARD} .o-messaging-Match-use:first`).click();
    await settle();
    const [link] = server.callsOf("action_link");
    expect(link.kwargs.partner_id).toBe(partner.id);
    expect(`${CARD} .o-messaging-Record-name`).toHaveText("Ana Ruiz");
    expect(`${CARD} .o-messaging-Record-name`).toBeFocused();
});

test("many matches are folded after the first three", async () => {
    const server = new FakeRecords();
    server.matches = [1, 2, 3, 4, 5].map((id) => hitOf({id, name: `Ana ${id}`}));
    await openPane(server);
    expect(`${CARD} .o-messaging-Match`).toHaveCount(3);
    await contains(`${CARD} button:contains(Show 2 more)`).click();
    expect(`${CARD} .o-messaging-Match`).toHaveCount(5);
});

test("a dismissed match disappears at once, and the server learns of it", async () => {
    const server = new FakeRecords();
    server.matches = [hitOf({id: 2})];
    await openPane(server);
    await contains(`${CARD} button:contains(Not this person)`).click();
    await settle();
    expect(server.callsOf("action_not_this_person")[0].kwargs.partner_id).toBe(2);
    expect(`${CARD} .o-messaging-Match`).toHaveCount(0);
    expect(`${CARD} [data-mode=partner]`).toBeFocused();
});

test("a refused rejection brings the match back", async () => {
    const server = new FakeRecords();
    server.matches = [hitOf({id: 2})];
    await openPane(server);
    server.failNext("action_not_this_person", "You can't do that.");
    await contains(`${CARD} button:contains(Not this person)`).click();
    await settle();
    expect(".o_notification").toHaveText(/You can't do that/);
    expect(`${CARD} .o-messaging-Match`).toHaveCount(1);
});

test("a failed search for matches can be retried", async () => {
    const server = new FakeRecords();
    server.failNext("inbox_suggestions", "Too busy.");
    await openPane(server);
    expect(CARD).toHaveText(/Matches couldn't be loaded/);
    server.matches = [hitOf()];
    await contains(`${CARD} button:contains(Try again)`).click();
    await settle();
    expect(`${CARD} .o-messaging-Match`).toHaveCount(1);
});

test("unlinking can be undone", async () => {
    const server = new FakeRecords();
    const partner = server.partner();
    await openPane(server, {partner_id: partner.id});
    await contains(`${CARD} .o-messaging-Card-menu`).click();
    await contains(".dropdown-item:contains(Unlink)").click();
    await settle();
    expect(`${CARD} .o-messaging-Record-name`).toHaveCount(0);
    expect(`${CARD} [data-mode=partner]`).toBeFocused();
    expect(".o_notification").toHaveText(/Ana Ruiz is no longer linked/);
    await contains(".o_notification button:contains(Undo)").click();
    await settle();
    expect(".o_notification").toHaveCount(0);
    expect(`${CARD} .o-messaging-Record-name`).toHaveText("Ana Ruiz");
});

test("a refused link shows the reason and leaves the card unchanged", async () => {
    const server = new FakeRecords();
    server.matches = [hitOf()];
    await openPane(server);
    server.failNext("action_link", "This record no longer exists.");
    await contains(`${CARD} .o-messaging-Match-use`).click();
    await settle();
    expect(".o_notification").toHaveText(/no longer exists/);
    expect(`${CARD} .o-messaging-Card-buttons`).toHaveCount(1);
    expect(server.callsOf("inbox_suggestions")).toHaveLength(2);
});

test("the record opens as a form, and is refreshed on return", async () => {
    const actions = [];
    mockService("action", {doAction: (action) => actions.push(action)});
    const server = new FakeRecords();
    const partner = server.partner();
    await openPane(server, {partner_id: partner.id});
    await contains(`${CARD} .o-messaging-Record-name`).click();
    expect(actions[0].res_model).toBe("res.partner");
    expect(actions[0].res_id).toBe(partner.id);
    partner.name = "Ana Ruiz Gil";
    window.dispatchEvent(new Event("focus"));
    await settle();
    expect(`${CARD} .o-messaging-Record-name`).toHaveText("Ana Ruiz Gil");
});

test("a colleague's link is shown without a reload", async () => {
    const server = new FakeRecords();
    const partner = server.partner();
    const row = await openPane(server);
    expect(`${CARD} .o-messaging-Record-name`).toHaveCount(0);
    row.partner_id = partner.id;
    await sendDelta("changed", {conversations: [row], messages: []});
    await settle();
    expect(`${CARD} .o-messaging-Record-name`).toHaveText("Ana Ruiz");
});

test("HTML in a name stays text", async () => {
    const name = "<img src=x onerror=alert(1)>";
    const server = new FakeRecords();
    const partner = server.partner({
        name,
        company_name: name,
        tags: [{id: 1, name, color: 0}],
    });
    await openPane(server, {contact_name: name, partner_id: partner.id});
    expect(".o-messaging-Inbox img[src=x]").toHaveCount(0);
    expect(`${CARD} .o-messaging-Record-name`).toHaveText(name);
});

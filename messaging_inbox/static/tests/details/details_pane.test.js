import {describe, expect, test} from "@odoo/hoot";
import {Deferred} from "@odoo/hoot-mock";
import {contains, getService, mockService, onRpc} from "@web/../tests/web_test_helpers";
import {press} from "@odoo/hoot-dom";
import {FakeRecords, openPane} from "./details_test_helpers";
import {
    ME,
    defineInboxModels,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

test("a message after the deal is over shows the banner at once", async () => {
    const server = new FakeRecords();
    const lead = server.lead({won_status: "won"});
    const row = await openPane(server, {lead_id: lead.id});
    expect(".o-messaging-Pipeline").toHaveCount(0);
    server.details = {pipeline: {status: "won", can_reopen: true, deals: []}};
    row.seq = server.message(row).id;
    await sendDelta("changed", {conversations: [row], messages: []});
    await settle();
    expect(".o-messaging-Pipeline").toHaveCount(1);
});

test("a lead is called a lead everywhere", async () => {
    const server = new FakeRecords();
    server.details = {
        proposed_assignee: {id: ME, name: "Mitchell", available: true, source: "lead"},
        pipeline: {status: "lost", can_reopen: true, deals: []},
    };
    const lead = server.lead({type: "lead", stage: false, won_status: "lost"});
    await openPane(server, {lead_id: lead.id});
    expect(".o-messaging-Proposal").toHaveText(/You are the salesperson of this lead/);
    expect(".o-messaging-Pipeline").toHaveText(/This lead is lost/);
    expect(".o-messaging-Pipeline button:first").toHaveText("Reopen this lead");
});

test("with leads in use, the empty card's title names both", async () => {
    const server = new FakeRecords();
    server.details = {
        can: {create_partner: true, create_lead: true, create_deal: true},
    };
    await openPane(server);
    expect("#o-messaging-deal").toHaveText(/lead or deal/i);
});

test("a pane without records searches for matches only once", async () => {
    const server = new FakeRecords();
    const row = await openPane(server);
    await sendDelta("changed", {conversations: [row], messages: []});
    await settle();
    expect(server.callsOf("inbox_suggestions")).toHaveLength(1);
    expect(server.callsOf("inbox_details")).toHaveLength(0);
});

test("records stay as they are when a refresh fails", async () => {
    const server = new FakeRecords();
    const partner = server.partner();
    await openPane(server, {partner_id: partner.id});
    server.failNext("inbox_details", "Too busy.");
    window.dispatchEvent(new Event("focus"));
    await settle();
    expect(".o-messaging-Record-name").toHaveText("Ana Ruiz");
    expect(".o_notification").toHaveCount(0);
});

test("closing the pane focuses the button that opens it", async () => {
    const server = new FakeRecords();
    await openPane(server);
    await contains(".o-messaging-Details-close").click();
    await settle();
    expect(".o-messaging-Details").toHaveCount(0);
    expect(".o-messaging-Header-details").toBeFocused();
});

test("a current link offers its note, a removed one doesn't", async () => {
    const actions = [];
    mockService("action", {doAction: (action) => actions.push(action)});
    const server = new FakeRecords();
    const [former, partner] = [server.partner({name: "Former"}), server.partner()];
    const row = await openPane(server, {partner_id: partner.id});
    for (const {id, name} of [former, partner]) {
        server.message(row, {
            direction: "event",
            event_type: "linked",
            data: {model: "res.partner", id, name},
        });
    }
    await getService("messaging_inbox.store").active.load();
    await settle();
    expect(".o-messaging-Event").toHaveCount(2);
    await contains(".o-messaging-Event button:contains(See the note)").click();
    expect(actions.map(({res_id: id}) => id)).toEqual([partner.id]);
});

test("the pane stays open while a conversation is loading", async () => {
    const server = new FakeRecords();
    await openPane(server);
    const other = server.conversation({contact_name: "Berta"});
    const answer = new Deferred();
    onRpc("messaging.conversation", "inbox_open", async ({args}) => {
        await answer;
        return JSON.parse(JSON.stringify(server.inbox_open(args)));
    });
    const store = getService("messaging_inbox.store");
    store.open(other.id);
    await settle();
    expect(".o-messaging-Details-skeleton").toHaveCount(1);
    expect(".o-messaging-Card").toHaveCount(0);
    answer.resolve();
    await settle();
    expect(".o-messaging-Details-skeleton").toHaveCount(0);
    expect("section[aria-labelledby=o-messaging-contact]").toHaveText(/Berta/);
});

test("the pane's width is set by keys and pointer, within limits, and remembered", async () => {
    await openPane(new FakeRecords());
    const {storage} = getService("messaging_inbox.store");
    const edge = ".o-messaging-Details-edge";
    expect(edge).toHaveAttribute("aria-valuenow", "320");
    await contains(edge).focus();
    await press("ArrowLeft");
    await settle();
    expect(edge).toHaveAttribute("aria-valuenow", "336");
    for (let times = 0; times < 10; times++) {
        await press("ArrowRight");
    }
    await settle();
    expect(edge).toHaveAttribute("aria-valuenow", "256");
    expect(storage.read("detailsWidth")).toBe(256);
});

test("a card is folded, and the browser remembers it", async () => {
    const server = new FakeRecords();
    await openPane(server);
    const title = ".o-messaging-Card-fold[data-card=conversation]";
    expect(".o-messaging-Facts").toBeVisible();
    await contains(title).click();
    expect(title).toHaveAttribute("aria-expanded", "false");
    expect(".o-messaging-Facts").not.toBeVisible();
    const store = getService("messaging_inbox.store");
    expect(store.storage.read("cards")).toEqual({conversation: true});
    await contains(title).click();
    expect(".o-messaging-Facts").toBeVisible();
});

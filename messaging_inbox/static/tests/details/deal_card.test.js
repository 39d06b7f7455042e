import {describe, expect, test} from "@odoo/hoot";
import {Deferred} from "@odoo/hoot-mock";
import {press, queryAllTexts} from "@odoo/hoot-dom";
import {contains, mockService, onRpc} from "@web/../tests/web_test_helpers";
import {FakeRecords, hitOf, openPane} from "./details_test_helpers";
import {
    COLLEAGUE,
    defineInboxModels,
    ME,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const CARD = "section[aria-labelledby=o-messaging-deal]";
const STAGE = `${CARD} .o-messaging-Stage-button`;
const number = (label) => `${CARD} [aria-label^='${label}']`;

async function openDeal(server, values) {
    const lead = server.lead(values);
    await openPane(server, {lead_id: lead.id});
    return lead;
}

test("a new stage is shown before the server answers", async () => {
    const server = new FakeRecords();
    const lead = await openDeal(server);
    const answer = new Deferred();
    onRpc("crm.lead", "write", async ({args}) => {
        await answer;
        return server.write(lead.id, args[1]);
    });
    expect(STAGE).toHaveText("Qualified");
    await contains(STAGE).click();
    await contains(".dropdown-item:contains(Proposition)").click();
    await settle();
    expect(STAGE).toHaveText("Proposition");
    answer.resolve();
    await settle();
    expect(server.callsOf("write")[0].args).toEqual([lead.id, {stage_id: 3}]);
    expect(STAGE).toHaveText("Proposition");
});

test("a refused stage is reverted, with the server's message", async () => {
    const server = new FakeRecords();
    await openDeal(server);
    server.failNext("write", "This stage needs a contact.");
    await contains(STAGE).click();
    await contains(".dropdown-item:contains(Proposition)").click();
    await settle();
    expect(".o_notification").toHaveText(/This stage needs a contact/);
    expect(STAGE).toHaveText("Qualified");
});

test("the expected revenue is edited in place", async () => {
    const server = new FakeRecords();
    const lead = await openDeal(server);
    await contains(number("Expected revenue")).click();
    await contains(`${CARD} input`).edit("3,000", {confirm: false});
    await press("Enter");
    await settle();
    expect(server.callsOf("write")[0].args).toEqual([
        lead.id,
        {expected_revenue: 3000},
    ]);
    expect(number("Expected revenue")).toHaveText(/3,000/);
    expect(number("Expected revenue")).toBeFocused();
});

test("Escape keeps the former number, and words are refused", async () => {
    const server = new FakeRecords();
    await openDeal(server);
    await contains(number("Expected revenue")).click();
    await contains(`${CARD} input`).edit("much", {confirm: false});
    await press("Enter");
    await settle();
    expect(`${CARD} input`).toHaveAttribute("aria-invalid", "true");
    expect(`${CARD} [role=alert]`).toHaveText("Enter 0 or more.");
    await press("Escape");
    await settle();
    expect(number("Expected revenue")).toHaveText(/2,400/);
    expect(server.callsOf("write")).toHaveLength(0);
});

test("a probability is between 0 and 100", async () => {
    const server = new FakeRecords();
    const lead = await openDeal(server);
    await contains(number("Probability")).click();
    await contains(`${CARD} input`).edit("140", {confirm: false});
    await press("Enter");
    await settle();
    expect(`${CARD} input`).toHaveAttribute("aria-invalid", "true");
    expect(`${CARD} [role=alert]`).toHaveText("Enter a number from 0 to 100.");
    await contains(`${CARD} input`).edit("70", {confirm: false});
    await press("Enter");
    await settle();
    expect(server.callsOf("write")[0].args).toEqual([lead.id, {probability: 70}]);
});

test("the salesperson is chosen from a list of colleagues", async () => {
    const server = new FakeRecords();
    const lead = await openDeal(server);
    await contains(number("Salesperson")).click();
    await settle();
    await contains(".dropdown-item:contains(Ana Morales)").click();
    await settle();
    expect(server.callsOf("write")[0].args).toEqual([lead.id, {user_id: COLLEAGUE}]);
    expect(number("Salesperson")).toHaveText("Ana Morales");
});

test("without write access, the deal is read-only", async () => {
    const server = new FakeRecords();
    await openDeal(server, {editable: false});
    expect(CARD).toHaveText(/Qualified/);
    expect(CARD).toHaveText(/2,400/);
    expect(`${CARD} .o-messaging-Inline`).toHaveCount(0);
    expect(STAGE).toHaveCount(0);
    expect(`${CARD} .o-messaging-Card-buttons`).toHaveCount(0);
});

test("without read access, only the deal's name is shown", async () => {
    const server = new FakeRecords();
    server.leads[5] = {id: 5, name: "Secret deal", readable: false};
    await openPane(server, {lead_id: 5});
    expect(`${CARD} .o-messaging-Record-title`).toHaveText("Secret deal");
    expect(CARD).toHaveText(/You have no access to this deal/);
});

test("marking as won uses Odoo's own action", async () => {
    const server = new FakeRecords();
    await openDeal(server);
    await contains(`${CARD} button:contains(Won)`).click();
    await settle();
    expect(`${CARD} .o-messaging-Outcome`).toHaveText("Won");
    expect(STAGE).toHaveText("Won");
});

test("marking as lost opens Odoo's dialog for the reason", async () => {
    const asked = [];
    mockService("action", {
        doAction: (action, options) => asked.push({action, ...options}),
    });
    const server = new FakeRecords();
    const lead = await openDeal(server);
    await contains(`${CARD} button:contains(Lost)`).click();
    expect(asked[0].action).toBe("crm.crm_lead_lost_action");
    expect(asked[0].additionalContext.active_ids).toEqual([lead.id]);
    Object.assign(lead, {won_status: "lost", lost_reason: "Too expensive"});
    asked[0].onClose();
    await settle();
    expect(`${CARD} .o-messaging-Outcome`).toHaveText("Lost: Too expensive");
});

test("the next activity is shown, ticked off and planned", async () => {
    const asked = [];
    mockService("action", {
        doAction: (action, options) => asked.push({action, ...options}),
    });
    const activity = {
        id: 4,
        type: "Call",
        summary: "Call Ana",
        date_deadline: "2026-11-22",
        state: "overdue",
    };
    const server = new FakeRecords();
    await openDeal(server, {activity});
    expect(`${CARD} .o-messaging-Activity`).toHaveText(/Call Ana\s*Overdue: Yesterday/);
    await contains(`${CARD} [aria-label='Mark as done: Call Ana']`).click();
    await settle();
    expect(`${CARD} .o-messaging-Activity`).toHaveText(/No activity planned/);
    expect(`${CARD} [aria-label='Schedule an activity']`).toBeFocused();
    await contains(`${CARD} [aria-label='Schedule an activity']`).click();
    expect(asked[0].action.res_model).toBe("mail.activity.schedule");
});

test("the banner offers a new deal when the customer writes after the last one", async () => {
    const server = new FakeRecords();
    const other = server.lead({name: "20 red ones"});
    server.details = {
        pipeline: {
            status: "won",
            can_reopen: true,
            deals: [{id: other.id, name: other.name, stage: "New"}],
        },
    };
    const lead = await openDeal(server, {won_status: "won"});
    const banner = `${CARD} .o-messaging-Pipeline`;
    expect(banner).toHaveText(/This deal is won, and the customer has written again/);
    expect(queryAllTexts(`${banner} button`)).toEqual([
        "Link 20 red ones",
        "Reopen this deal",
        "New deal",
    ]);
    await contains(`${banner} button:contains(Reopen)`).click();
    expect(queryAllTexts(".dropdown-item")).toEqual([
        "New",
        "Qualified",
        "Proposition",
    ]);
    await contains(".dropdown-item:contains(Qualified)").click();
    await settle();
    expect(server.callsOf("write")[0].args).toEqual([lead.id, {stage_id: 2}]);
    await contains(`${banner} button:contains(Link 20)`).click();
    await settle();
    expect(server.callsOf("action_link")[0].kwargs.lead_id).toBe(other.id);
});

test("likely deals are offered with their reasons", async () => {
    const server = new FakeRecords();
    const lead = server.lead();
    const reason = {reason: "contact_deal", reason_text: "Deal of the contact"};
    server.leadMatches = [hitOf({id: lead.id, name: lead.name, ...reason})];
    await openPane(server);
    expect(`${CARD} .o-messaging-Match-reason`).toHaveText("Deal of the contact");
    await contains(`${CARD} .o-messaging-Match-use`).click();
    await settle();
    expect(`${CARD} .o-messaging-Record-name`).toHaveText("40 blue ones");
});

test("the number of likely deals is the number shown", async () => {
    const server = new FakeRecords();
    const [own, other] = [server.lead(), server.lead({name: "20 red ones"})];
    const partner = server.partner({deals: [{...own, stage: "New"}], deal_count: 1});
    const reason = {reason: "contact_deal", reason_text: "Deal of the contact"};
    server.leadMatches = [own, other].map(({id, name}) => hitOf({id, name, ...reason}));
    await openPane(server, {partner_id: partner.id});
    expect(`${CARD} .o-messaging-Match`).toHaveCount(1);
    expect(`${CARD} .o-messaging-Matches-title`).toHaveText("1 likely match");
});

test("the salesperson of the deal is proposed as assignee", async () => {
    const server = new FakeRecords();
    server.details = {
        proposed_assignee: {
            id: COLLEAGUE,
            name: "Ana Morales",
            available: true,
            source: "lead",
        },
    };
    await openDeal(server);
    expect(".o-messaging-Proposal").toHaveText(
        /Ana Morales is the salesperson of this deal/
    );
    await contains(".o-messaging-Proposal button").click();
    await settle();
    expect(server.callsOf("action_assign")[0].kwargs.user_id).toBe(COLLEAGUE);
});

test("the salesperson is asked to take the conversation", async () => {
    const server = new FakeRecords();
    server.details = {
        proposed_assignee: {id: ME, name: "Mitchell", available: true, source: "lead"},
    };
    await openDeal(server);
    expect(".o-messaging-Proposal").toHaveText(/You are the salesperson of this deal/);
    await contains(".o-messaging-Proposal button:contains(Assign to me)").click();
    await settle();
    expect(server.callsOf("action_assign")[0].kwargs.user_id).toBe(ME);
});

test("an unavailable salesperson can't be assigned", async () => {
    const server = new FakeRecords();
    server.details = {
        proposed_assignee: {
            id: COLLEAGUE,
            name: "Ana Morales",
            available: false,
            source: "partner",
        },
    };
    await openDeal(server);
    expect(".o-messaging-Proposal").toHaveText(/Unavailable now/);
    expect(".o-messaging-Proposal button").toHaveCount(0);
});

test("the linked deal isn't among the open deals of its contact", async () => {
    const server = new FakeRecords();
    const lead = server.lead();
    const deal = {...lead, stage: "Qualified"};
    const partner = server.partner({
        deals: [deal, {...deal, id: 5, name: "20 red ones"}],
        deal_count: 2,
    });
    lead.partner = {id: partner.id, name: partner.name};
    await openPane(server, {partner_id: partner.id, lead_id: lead.id});
    expect(queryAllTexts(".o-messaging-Deal-name")).toEqual(["20 red ones"]);
    expect(`${CARD} .o-messaging-Record-subtitle`).toHaveText("");
});

test("edits are saved one after the other, in the order in which they were made", async () => {
    const server = new FakeRecords();
    const lead = await openDeal(server);
    const answers = [];
    onRpc("crm.lead", "write", async ({args}) => {
        const answer = new Deferred();
        answers.push(answer);
        await answer;
        return server.write(lead.id, args[1]);
    });
    await contains(STAGE).click();
    await contains(".dropdown-item:contains(Proposition)").click();
    await contains(STAGE).click();
    await contains(".dropdown-item:contains(New)").click();
    await settle();
    expect(STAGE).toHaveText("New");
    expect(answers).toHaveLength(1);
    answers[0].resolve();
    await settle();
    expect(STAGE).toHaveText("New");
    answers[1].resolve();
    await settle();
    const written = server.callsOf("write").map(({args}) => args[1].stage_id);
    expect(written).toEqual([3, 1]);
});

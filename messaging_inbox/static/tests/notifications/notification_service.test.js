import {describe, expect, test} from "@odoo/hoot";
import {advanceTime} from "@odoo/hoot-mock";
import {
    contains,
    getService,
    makeMockEnv,
    mockService,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {
    COLLEAGUE,
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {
    arrive,
    assign,
    FakeBrowser,
    switchOn,
} from "@messaging_inbox/../tests/notifications/notification_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const COUNTERS = {mine: 0, unassigned: 0, others: 0, totals: {}, badge: 0};
const SOUND = "new-message";
const EVERY_DESKTOP = ["mine", "others", "unassigned", "assigned"].map(
    (kind) => `${kind}_desktop`
);

/** Open a page of Odoo other than the inbox, as an Agent. */
async function openElsewhere() {
    await makeMockEnv();
    await mountWithCleanup(MainComponentsContainer);
    getService("messaging_inbox.store").startForAgent(COUNTERS);
}

function customer(server, values = {}) {
    return server.conversation({contact_name: "Ana", user_id: ME, ...values});
}

const ASSIGNEES = {mine: ME, others: COLLEAGUE, unassigned: false};

for (const [kind, assignee] of Object.entries(ASSIGNEES)) {
    test(`only the switch "${kind}" decides about a message`, async () => {
        const server = new FakeInbox();
        const fake = new FakeBrowser();
        const row = customer(server, {user_id: assignee});
        await openElsewhere();
        await switchOn(...EVERY_DESKTOP.filter((name) => !name.startsWith(kind)));
        await arrive(server, row);
        expect(fake.texts).toEqual([]);
        await switchOn(`${kind}_desktop`);
        await arrive(server, row, "Anybody?");
        expect(fake.texts).toEqual(["Ana: Anybody?\nSales"]);
        expect.verifySteps([SOUND]);
    });
}

test("an assignment has its own switch", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const row = customer(server);
    await openElsewhere();
    await switchOn(...EVERY_DESKTOP.filter((name) => !name.startsWith("assigned")));
    await assign(server, row, ME, COLLEAGUE);
    expect(fake.texts).toEqual([]);
    await switchOn("assigned_desktop");
    await assign(server, row, ME, COLLEAGUE);
    expect(fake.texts).toEqual(["Ana: Ana Morales assigned this to you\nSales"]);
    const [event] = server.messages.slice(-1);
    expect(fake.shown[0].data.message_id).toBe(event.id);
    expect.verifySteps([SOUND]);
});

test("a mention notifies whatever is switched on, unless the user looks at it", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const row = customer(server, {user_id: COLLEAGUE});
    await openElsewhere();
    await switchOn();
    const mention = {conversation_id: row.id, author_id: COLLEAGUE};
    await sendDelta("mentioned", mention);
    await settle();
    expect(fake.texts).toEqual(["Ana: Ana Morales mentioned you\nSales"]);
    expect.verifySteps([SOUND]);
});

test("the user's own and colleagues' assignments don't notify", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const row = customer(server);
    await openElsewhere();
    await switchOn(...EVERY_DESKTOP);
    await assign(server, row, ME, ME);
    await assign(server, row, COLLEAGUE, ME);
    await assign(server, row, COLLEAGUE, 1);
    expect(fake.texts).toEqual([]);
});

test("only arrivals notify: not replies, states or imports", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const row = customer(server);
    await openElsewhere();
    await switchOn(...EVERY_DESKTOP);
    const messages = [
        server.message(row, {direction: "outbound"}),
        server.message(row),
    ];
    await sendDelta("changed", {conversations: [row], messages, arrived: []});
    expect(fake.texts).toEqual([]);
});

test("events that the bus replays to a new page don't notify", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser({heardUpTo: 1000});
    await openElsewhere();
    await switchOn("mine_desktop");
    await arrive(server, customer(server));
    await sendDelta("notification_test", {});
    expect(fake.texts).toEqual([]);
});

test("events before the page's first request notify", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const row = customer(server);
    await makeMockEnv();
    await getService("bus_service").addChannel("messaging_inbox");
    await switchOn("mine_desktop");
    await arrive(server, row, "Early");
    expect(fake.texts).toEqual(["Ana: Early\nSales"]);
    expect.verifySteps([SOUND]);
});

test("several messages of a conversation are one notification with a count", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const [row, other] = [customer(server), customer(server, {contact_name: "Berta"})];
    await openElsewhere();
    await switchOn("mine_desktop");
    await arrive(server, row, "One");
    await arrive(server, other, "Hi");
    await arrive(server, row, "Two");
    await arrive(server, row, "Three");
    expect(fake.texts).toEqual([
        "Berta: Hi\nSales",
        "Ana: 3 new messages\nThree\nSales",
    ]);
    expect.verifySteps([SOUND, SOUND, SOUND, SOUND]);
});

test("a burst plays the sound once", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const conversations = [customer(server), customer(server)];
    await openElsewhere();
    await switchOn("mine_desktop");
    const messages = conversations.map((row) => server.message(row));
    const arrived = messages.map(({id}) => id);
    await sendDelta("changed", {conversations, messages, arrived});
    expect(fake.shown).toHaveLength(2);
    expect.verifySteps([SOUND]);
});

test("the visible conversation doesn't notify, others do", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const [row, other] = [customer(server), customer(server, {contact_name: "Berta"})];
    await openInbox(server, {resId: row.id});
    await switchOn("mine_desktop");
    await arrive(server, row, "Seen");
    expect(fake.texts).toEqual([]);
    await arrive(server, other, "Hi");
    expect(fake.texts).toEqual(["Berta: Hi\nSales"]);
    expect.verifySteps([SOUND]);
});

test("an open conversation notifies once the window loses the focus", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const row = customer(server);
    await openInbox(server, {resId: row.id});
    await switchOn("mine_desktop");
    fake.focus(false);
    await arrive(server, row, "Are you there?");
    expect(fake.texts).toEqual(["Ana: Are you there?\nSales"]);
    expect.verifySteps([SOUND]);
});

test("only one of several tabs notifies", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    await openElsewhere();
    await switchOn("mine_desktop");
    fake.anotherTab({leads: true});
    await arrive(server, customer(server));
    expect(fake.texts).toEqual([]);
});

test("a conversation visible in another tab doesn't notify", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const row = customer(server);
    await openElsewhere();
    await switchOn("mine_desktop");
    fake.anotherTab({looksAt: row.id});
    await arrive(server, row);
    expect(fake.texts).toEqual([]);
});

test("a focused inbox announces its conversation to other tabs", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const row = customer(server);
    await openInbox(server, {resId: row.id});
    const name = `.looked_at.${row.id}`;
    const isAnnounced = () => fake.locks.held.some((lock) => lock.name.endsWith(name));
    expect(isAnnounced()).toBe(true);
    fake.focus(false);
    await settle();
    expect(isAnnounced()).toBe(false);
    fake.focus(true);
    await settle();
    expect(isAnnounced()).toBe(true);
});

test("a click opens the conversation from any page", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const row = customer(server);
    mockService("action", {
        doAction: (action, {props}) => expect.step([action, props.resId]),
    });
    await openElsewhere();
    await switchOn("mine_desktop");
    await arrive(server, row);
    fake.shown[0].dispatchEvent(new Event("click"));
    expect(fake.shown).toHaveLength(0);
    expect.verifySteps([SOUND, ["messaging_inbox.messaging_inbox_action", row.id]]);
});

test("a click while in the inbox opens the conversation there", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    const row = customer(server);
    await openInbox(server);
    await switchOn("mine_desktop");
    await arrive(server, row);
    fake.shown[0].dispatchEvent(new Event("click"));
    await settle();
    expect(".o-messaging-Header-name").toHaveText("Ana");
    expect.verifySteps([SOUND]);
});

for (const [how, type, payload] of [
    ["read", "read", (row) => ({conversation_id: row.id, unread_count: 0})],
    ["deleted", "deleted", (row) => ({ids: [row.id]})],
]) {
    test(`a notification disappears when its conversation is ${how} anywhere`, async () => {
        const server = new FakeInbox();
        const fake = new FakeBrowser();
        const row = customer(server);
        await openElsewhere();
        await switchOn("mine_desktop");
        await arrive(server, row);
        await sendDelta(type, payload(row));
        expect(fake.texts).toEqual([]);
        await arrive(server, row, "Again");
        expect(fake.texts).toEqual(["Ana: Again\nSales"]);
        expect.verifySteps([SOUND, SOUND]);
    });
}

test("losing access ends notifications", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    await openElsewhere();
    await switchOn("mine_desktop");
    await arrive(server, customer(server));
    server.forbid("inbox_rows", "No.");
    await sendDelta("subscribe", {});
    await settle();
    expect(fake.texts).toEqual([]);
    expect.verifySteps([SOUND]);
});

test("the sound repeats until the message is read, if switched on", async () => {
    const server = new FakeInbox();
    new FakeBrowser();
    const row = customer(server);
    await openElsewhere();
    await switchOn("mine_desktop", "repeat");
    await arrive(server, row);
    expect.verifySteps([SOUND]);
    await advanceTime(30000);
    await settle();
    expect.verifySteps([SOUND]);
    // Read elsewhere, while this page was not connected.
    row.unread_count = 0;
    await advanceTime(120000);
    await settle();
    expect.verifySteps([]);
});

test("the sound plays once if repeating is off", async () => {
    const server = new FakeInbox();
    new FakeBrowser();
    await openElsewhere();
    await switchOn("mine_desktop");
    await arrive(server, customer(server));
    await advanceTime(120000);
    expect.verifySteps([SOUND]);
});

test("Odoo's own switch turns the sound off", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser();
    await openElsewhere();
    getService("mail.store").settings.messageSound = false;
    await switchOn("mine_desktop");
    await arrive(server, customer(server));
    expect(fake.shown).toHaveLength(1);
    expect.verifySteps([]);
});

test("if the browser blocks notifications, the focused page shows a toast", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser({permission: "denied"});
    const row = customer(server);
    mockService("action", {doAction: (_action, {props}) => expect.step(props.resId)});
    await openElsewhere();
    await switchOn("mine_desktop");
    await arrive(server, row, "One");
    await arrive(server, row, "Two");
    expect(fake.shown).toHaveLength(0);
    expect(".o_notification").toHaveCount(1);
    expect(".o_notification_content").toHaveText("Ana. 2 new messages\nTwo\nSales");
    await contains(".o_notification button:contains(Open)").click();
    expect.verifySteps([SOUND, SOUND, row.id]);
    expect(".o_notification").toHaveCount(0);
});

test("if the browser blocks notifications, other pages show nothing", async () => {
    const server = new FakeInbox();
    const fake = new FakeBrowser({permission: "prompt"});
    await openElsewhere();
    await switchOn("mine_desktop");
    fake.focus(false);
    await arrive(server, customer(server));
    expect(".o_notification").toHaveCount(0);
});

test("a test is shown whatever the settings", async () => {
    new FakeInbox();
    const fake = new FakeBrowser();
    await openElsewhere();
    await switchOn();
    await sendDelta("notification_test", {});
    expect(fake.shown.map(({title}) => title)).toEqual(["Test notification"]);
    expect.verifySteps([SOUND]);
});

import {advanceTime, Deferred} from "@odoo/hoot-mock";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {click, edit, fill, press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {
    FakeStart,
    frames,
    NUMBER,
    openStart,
    SMS,
    WHATSAPP,
} from "@messaging_inbox/../tests/starting/starting_test_helpers";
import {ConnectionLostError} from "@web/core/network/rpc";
import {contains, getService, mockService} from "@web/../tests/web_test_helpers";
import {defineInboxModels} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const RECIPIENT = ".o-messaging-Recipient input[type=text]";
const SEND = ".modal-footer button:contains(Send)";
const STATUS = "#o-messaging-Recipient-status";
const TEXT = "textarea";

beforeEach(() => {
    mockService("action", {
        doAction: (action, options) => expect.step([action, options]),
    });
});

async function type(text) {
    await contains(RECIPIENT).click();
    await edit(text);
    await advanceTime(300);
    await frames();
}

/** Let the next call reach the server, and its answer get lost. */
function loseNext(name) {
    const {api} = getService("messaging_inbox.store");
    const call = api[name];
    api[name] = async (...args) => {
        api[name] = call;
        await call.apply(api, args);
        throw new ConnectionLostError("/");
    };
}

async function writeAndSend(text = "Hello") {
    await contains(TEXT).click();
    await edit(text);
    await frames();
    await click(SEND);
    await frames();
}

// Channel --------------------------------------------------------------------------

test("the channel used last is chosen, and the only one isn't asked for", async () => {
    new FakeStart({channelId: 2, recipients: [NUMBER]});
    await openStart({partnerId: 5});
    expect("input[name=o-messaging-channel]").toHaveCount(2);
    expect("#o-messaging-channel-2").toBeChecked();
});

test("a single channel is not asked for", async () => {
    new FakeStart({channels: [SMS], recipients: [NUMBER]});
    await openStart({partnerId: 5});
    expect("input[name=o-messaging-channel]").toHaveCount(0);
    expect(TEXT).toHaveCount(1);
});

test("without a channel, a sentence says what to do", async () => {
    new FakeStart({channels: []});
    await openStart();
    expect(".modal-body").toHaveText(/ask a sales manager to connect or share one/);
    expect(SEND).toHaveCount(0);
});

test("WhatsApp asks for a template, SMS for a text", async () => {
    const server = new FakeStart({recipients: [NUMBER]});
    await openStart({leadId: 6});
    expect(".o-messaging-TemplatePicker").toHaveCount(1);
    expect(server.called("choices")).toEqual([["choices", 1, false, 6]]);
    await click("label[for=o-messaging-channel-2]");
    await frames();
    expect(".o-messaging-TemplatePicker").toHaveCount(0);
    expect(TEXT).toHaveCount(1);
});

// Recipient ------------------------------------------------------------------------

test("all numbers of the record can be chosen as they are written, or another", async () => {
    const other = {
        ...NUMBER,
        value: "+34600112233",
        shown: "+34 600 11 22 33",
        source: "Phone",
    };
    const server = new FakeStart({channels: [SMS], recipients: [NUMBER, other]});
    server.recordName = "Ana Morales";
    await openStart({partnerId: 5});
    expect(".modal-title").toHaveText("Message to Ana Morales");
    expect(queryAllTexts(".o-messaging-Recipient-choice")).toEqual([
        "(11) 91234-5678\nMobile",
        "+34 600 11 22 33\nPhone",
        "Another number",
    ]);
    expect(`[value="${NUMBER.value}"]`).toBeChecked();
    await click("[value='']");
    await frames();
    expect(RECIPIENT).toBeFocused();
});

test("a typed number is checked when the user pauses", async () => {
    const server = new FakeStart({channels: [SMS]});
    await openStart();
    await contains(RECIPIENT).click();
    await fill("0034 600 ");
    await advanceTime(100);
    await fill("11 22 33");
    expect(STATUS).toHaveText("Checking…");
    await advanceTime(300);
    await frames();
    expect(server.called("start_check").map(([, , typed]) => typed)).toEqual([
        "0034 600 11 22 33",
    ]);
    expect(STATUS).toHaveText("Will be sent to 0034600112233");
});

test("an answer about an older number is never shown", async () => {
    const slow = new Deferred();
    const server = new FakeStart({channels: [SMS]});
    server.answer("start_check", async (_channel, recipient) => {
        await slow;
        return server.checked(recipient, {value: "", problem: "Too short."});
    });
    await openStart();
    await type("+34");
    await type("+34600112233");
    slow.resolve();
    await frames();
    expect(STATUS).not.toHaveText(/Too short/);
});

test("a wrong number is explained below the field, and nothing can be sent", async () => {
    const server = new FakeStart({channels: [SMS]});
    const problem = "This isn't a phone number.";
    server.answer("start_check", () => server.checked("", {problem}));
    await openStart();
    await type("12");
    await contains(TEXT).click();
    await edit("Hello");
    await frames();
    expect(STATUS).toHaveText(problem);
    expect(RECIPIENT).toHaveAttribute("aria-invalid", "true");
    expect(SEND).not.toBeEnabled();
});

test("a contact is found by name and offers its numbers", async () => {
    const server = new FakeStart({channels: [SMS], contacts: []});
    server.contacts = [
        {id: 5, display_name: "Ana Morales", phone: "11 91234-5678"},
        {id: 6, display_name: "Ana Pérez", phone: false},
    ];
    await openStart();
    await type("Ana");
    expect(server.called("start_check")).toEqual([]);
    expect("[role=option]").toHaveCount(2);
    server.recipients = [NUMBER];
    server.recordName = "Ana Morales";
    await press("Enter");
    await frames();
    expect(".o-messaging-Recipient-contact").toHaveText("Ana Morales");
    expect(`[value="${NUMBER.value}"]`).toBeChecked();
    await click("[aria-label='Choose someone else']");
    await frames();
    expect(RECIPIENT).toHaveValue("");
});

test("the number that was clicked is the one chosen, even if the record has others", async () => {
    const other = {
        ...NUMBER,
        value: "+34600112233",
        shown: "+34 600 11 22 33",
        source: "Phone",
    };
    new FakeStart({recipients: [NUMBER, other]});
    await openStart({partnerId: 5, phone: "0600 112 233", kind: "sms"});
    expect("#o-messaging-channel-2").toBeChecked();
    expect("[value='+34600112233']").toBeChecked();
});

test("a number that is not on WhatsApp is marked and offers an SMS", async () => {
    new FakeStart({recipients: [{...NUMBER, unreachable_on: ["whatsapp"]}]});
    await openStart({partnerId: 5});
    expect(".o-messaging-Recipient-choice .badge").toHaveText("Not on WhatsApp");
    await click("button:contains(Send an SMS instead)");
    await frames();
    expect("#o-messaging-channel-2").toBeChecked();
    expect(".o-messaging-Recipient-choice .badge").toHaveCount(0);
});

test("a number with a conversation offers to open it", async () => {
    const server = new FakeStart({channels: [SMS], recipients: [NUMBER]});
    server.answer("start_check", () =>
        server.checked(NUMBER.value, {conversation_id: 44})
    );
    await openStart({partnerId: 5});
    await click("button:contains(Open it)");
    await frames();
    expect(".modal").toHaveCount(0);
    expect.verifySteps([
        ["messaging_inbox.messaging_inbox_action", {props: {resId: 44}}],
    ]);
});

// Sending --------------------------------------------------------------------------

test("the conversation starts only when the message is sent", async () => {
    const server = new FakeStart({channels: [SMS], recipients: [NUMBER]});
    await openStart({partnerId: 5});
    expect(server.called("action_start")).toEqual([]);
    await writeAndSend();
    const [[, channelId, recipient, links]] = server.called("action_start");
    expect([channelId, recipient]).toEqual([2, NUMBER.value]);
    expect([links.partner_id, links.lead_id]).toEqual([5, false]);
    const [[, ids, values]] = server.called("reply");
    expect(ids).toEqual([70]);
    expect(values.body).toBe("Hello");
    expect(".modal").toHaveCount(0);
    expect(".o_notification").toHaveText(/The message is on its way/);
    expect(server.called("action_cancel_start")).toEqual([]);
    expect.verifySteps(["sent 70"]);
});

test("an SMS shows how many it is billed as", async () => {
    new FakeStart({channels: [SMS], recipients: [NUMBER]});
    await openStart({partnerId: 5});
    await contains(TEXT).click();
    await edit("x".repeat(161));
    await frames();
    expect(".o-messaging-Composer-segments").toHaveText("2 SMS");
});

test("a double click sends once", async () => {
    const slow = new Deferred();
    const server = new FakeStart({channels: [SMS], recipients: [NUMBER]});
    server.answer("action_start", async () => {
        await slow;
        return 70;
    });
    await openStart({partnerId: 5});
    await contains(TEXT).click();
    await edit("Hello");
    await frames();
    const button = queryOne(SEND);
    button.click();
    button.click();
    slow.resolve();
    await frames();
    expect(server.called("action_start")).toHaveLength(1);
    expect(server.called("reply")).toHaveLength(1);
    expect.verifySteps(["sent 70"]);
});

test("a refusal is shown in the dialog, which keeps what was written", async () => {
    const server = new FakeStart({channels: [SMS], recipients: [NUMBER]});
    server.refuse("reply", "The customer has opted out.");
    await openStart({partnerId: 5});
    await writeAndSend();
    expect(".o-messaging-Start-error").toHaveText("The customer has opted out.");
    expect(TEXT).toHaveValue("Hello");
    await click(SEND);
    await frames();
    expect(server.called("action_start")).toHaveLength(1);
    expect.verifySteps(["sent 70"]);
});

test("after a lost answer, the same message is sent again under its client_uuid", async () => {
    const server = new FakeStart({channels: [SMS], recipients: [NUMBER]});
    await openStart({partnerId: 5});
    loseNext("reply");
    await writeAndSend();
    expect(".o-messaging-Start-error").toHaveText(/connection[\s\S]*not be sent twice/);
    expect(queryOne(TEXT).closest("[inert]")).not.toBe(null);
    await click(".modal-footer button:contains(Try again)");
    await frames();
    expect(new Set(server.uuids).size).toBe(1);
    expect(server.uuids).toHaveLength(2);
    expect.verifySteps(["sent 70"]);
});

// Giving up ------------------------------------------------------------------------

test("Escape closes at once if nothing was written", async () => {
    new FakeStart({channels: [SMS], recipients: [NUMBER]});
    await openStart({partnerId: 5});
    await press("Escape");
    await frames();
    expect(".modal").toHaveCount(0);
});

test("Escape asks before it loses what was written", async () => {
    const server = new FakeStart({channels: [SMS], recipients: [NUMBER]});
    await openStart({partnerId: 5});
    await contains(TEXT).click();
    await edit("Hello");
    await press("Escape");
    await frames();
    expect(".modal:eq(1)").toHaveText(/What you have written will be lost/);
    await click("button:contains(Keep writing)");
    await frames();
    expect(TEXT).toHaveValue("Hello");
    await press("Escape");
    await frames();
    await click("button:contains(Leave)");
    await frames();
    expect(".modal").toHaveCount(0);
    expect(server.called("action_start")).toEqual([]);
});

test("giving up after a refusal leaves nothing on the server", async () => {
    const server = new FakeStart({channels: [SMS], recipients: [NUMBER]});
    server.refuse("reply", "The customer has opted out.");
    await openStart({partnerId: 5});
    await writeAndSend();
    await click(".modal-footer button:contains(Cancel)");
    await frames();
    await click("button:contains(Leave)");
    await frames();
    expect(server.called("action_cancel_start").map(([, ids]) => ids)).toEqual([[70]]);
});

test("another recipient after a refusal cancels the first start", async () => {
    const other = {
        ...NUMBER,
        value: "+34600112233",
        shown: "+34 600 11 22 33",
        source: "Phone",
    };
    const server = new FakeStart({channels: [SMS], recipients: [NUMBER, other]});
    server.refuse("reply", "The customer has opted out.");
    await openStart({partnerId: 5});
    await writeAndSend();
    await click("[value='+34600112233']");
    await frames();
    await click(SEND);
    await frames();
    expect(server.called("action_cancel_start")).toHaveLength(1);
    expect(server.called("action_start").map(([, , to]) => to)).toEqual([
        NUMBER.value,
        "+34600112233",
    ]);
    expect.verifySteps(["sent 70"]);
});

test("a dialog that can't load says why and tries again", async () => {
    const server = new FakeStart({channels: [WHATSAPP]});
    server.refuse("start_options", "You are no Agent.");
    await openStart();
    expect(".modal-body").toHaveText(/You are no Agent\./);
    await click("button:contains(Try again)");
    await frames();
    expect(RECIPIENT).toHaveCount(1);
});

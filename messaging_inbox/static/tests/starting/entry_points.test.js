import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {click, press} from "@odoo/hoot-dom";
import {runAllTimers} from "@odoo/hoot-mock";
import {
    defineInboxModels,
    FakeInbox,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {
    FakeStart,
    frames,
    NUMBER,
    SMS,
} from "@messaging_inbox/../tests/starting/starting_test_helpers";
import {getService, onRpc} from "@web/../tests/web_test_helpers";
import {openFormView, start, startServer} from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const CHATTER = ".o-messaging-Chatter-start";
const DIALOG = ".o-messaging-StartDialog";
const NEW = ".o-messaging-List-new";
const NOTICE = ".o-messaging-Unreachable";

beforeEach(() => {
    onRpc("ir.http", "lazy_session_info", () => ({
        messaging_inbox_starting: {kinds: ["sms"], replaces_sms: true},
    }));
});

test("the chatter of a contact has the button once a channel can start", async () => {
    const pyEnv = await startServer();
    const partnerId = pyEnv["res.partner"].create({name: "Ana"});
    const server = new FakeStart({channels: [SMS], recipients: [NUMBER]});
    await start();
    await openFormView("res.partner", partnerId);
    await frames();
    getService("messaging_inbox.starting").state.kinds = [];
    await frames();
    expect(CHATTER).toHaveCount(0);
    getService("messaging_inbox.starting").state.kinds = ["sms"];
    await frames();
    expect(CHATTER).toHaveText("SMS");
    await click(CHATTER);
    await frames();
    expect(DIALOG).toHaveCount(1);
    expect(server.called("start_options")[0].at(-1).partner_id).toBe(partnerId);
});

test("the inbox has a button and a hotkey, if a channel can start", async () => {
    new FakeStart({channels: [SMS]});
    const server = new FakeInbox();
    await openInbox(server);
    expect(NEW).toHaveCount(0);
    getService("messaging_inbox.starting").state.kinds = ["sms"];
    await settle();
    await press(["alt", "shift", "n"]);
    await frames();
    expect(DIALOG).toHaveCount(1);
});

test("closing the dialog gives the focus back to what opened it", async () => {
    new FakeStart({channels: [SMS]});
    const server = new FakeInbox();
    await openInbox(server);
    getService("messaging_inbox.starting").state.kinds = ["sms"];
    await settle();
    await click(NEW);
    await frames();
    expect(`${DIALOG} .o-messaging-Recipient input`).toBeFocused();
    await press("Escape");
    await runAllTimers();
    await frames();
    expect(DIALOG).toHaveCount(0);
    expect(NEW).toBeFocused();
});

test("a thread whose number was refused says so and offers an SMS", async () => {
    const starting = new FakeStart({channels: [SMS]});
    const server = new FakeInbox();
    const row = server.conversation({unreachable: true, partner_id: 5});
    await openInbox(server, {resId: row.id});
    expect(NOTICE).toHaveText(/Not on WhatsApp/);
    expect(`${NOTICE} button`).toHaveCount(0);
    getService("messaging_inbox.starting").state.kinds = ["sms"];
    await settle();
    await click(`${NOTICE} button`);
    await frames();
    expect(`${DIALOG} .o-messaging-Recipient input`).toHaveValue("+34611111111");
    expect(starting.called("start_options")[0].at(-1).partner_id).toBe(5);
});

test("a thread whose number can be reached has no notice", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    expect(NOTICE).toHaveCount(0);
});

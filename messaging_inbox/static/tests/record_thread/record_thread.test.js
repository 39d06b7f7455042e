import {describe, expect, test} from "@odoo/hoot";
import {advanceTime, mockDate} from "@odoo/hoot-mock";
import {
    contains,
    mockService,
    mountView,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {startServer} from "@mail/../tests/mail_test_helpers";
import {
    defineInboxModels,
    FakeInbox,
    NOW,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const TAB = ".o_notebook .nav-link:contains(Conversations)";
const THREAD = ".o-messaging-RecordThread";
const CHOICE = ".o-messaging-RecordThread-choice";

class FakeLinked extends FakeInbox {
    linked = [];

    inbox_linked([, recordId]) {
        if (recordId === this.loneId) {
            return [];
        }
        return this.rows.filter(({id}) => this.linked.includes(id));
    }
}

/** Open the form of a contact to whom two conversations are linked. */
async function openForm(server) {
    mockDate(NOW, 0);
    const pyEnv = await startServer();
    const resId = pyEnv["res.partner"].create({name: "Marta"});
    server.loneId = pyEnv["res.partner"].create({name: "Nobody's friend"});
    await mountView({
        type: "form",
        resModel: "res.partner",
        resId,
        resIds: [resId, server.loneId],
        arch: `<form><notebook>
            <page string="Notes" name="notes"><field name="name"/></page>
            <page string="Conversations" name="messaging_conversations">
                <widget name="messaging_record_thread"/>
            </page>
        </notebook></form>`,
    });
    await settle();
    return server;
}

function twoConversations() {
    const server = new FakeLinked();
    const whatsapp = server.conversation({contact_name: "Marta", unread_count: 2});
    const sms = server.conversation({contact_name: "Marta's office"});
    server.message(whatsapp, {body: "Do you have lamps?"});
    server.message(sms, {body: "Send the invoice"});
    server.linked = [whatsapp.id, sms.id];
    return {server, whatsapp, sms};
}

test("conversations are loaded only when their page is shown", async () => {
    const {server} = twoConversations();
    await openForm(server);
    expect(server.callsOf("inbox_linked")).toHaveLength(0);
    await contains(TAB).click();
    await settle();
    expect(server.callsOf("inbox_linked")).toHaveLength(1);
    expect(THREAD).toHaveText(/Send the invoice/);
});

test("a switch shows the other conversation", async () => {
    const {server} = twoConversations();
    await openForm(server);
    await contains(TAB).click();
    await settle();
    expect(CHOICE).toHaveCount(2);
    expect(`${CHOICE}[aria-pressed=true]`).toHaveText(/Marta's office/);
    await contains(`${CHOICE}:last`).click();
    await settle();
    expect(`${THREAD} .o-messaging-Thread`).toHaveText(/Do you have lamps/);
    expect(`${CHOICE}[aria-pressed=true]`).toHaveCount(1);
});

test("a message arrives live, and a reply is sent from the form", async () => {
    const {server, sms} = twoConversations();
    server.linked = [sms.id];
    await openForm(server);
    await contains(TAB).click();
    await settle();
    expect(CHOICE).toHaveCount(0);
    const message = server.message(sms, {body: "Are you there?"});
    await sendDelta("changed", {conversations: [{...sms}], messages: [message]});
    expect(`${THREAD} .o-messaging-Thread`).toHaveText(/Are you there/);
    await contains(`${THREAD} textarea`).edit("Yes", {confirm: false});
    await contains(`${THREAD} .o-messaging-Composer-send`).click();
    await settle();
    const [{args, kwargs}] = server.callsOf("reply");
    expect([args[0], kwargs.body]).toEqual([[sms.id], "Yes"]);
});

test("the composer doesn't take the focus of the form", async () => {
    const {server} = twoConversations();
    await openForm(server);
    await contains(TAB).focus();
    await contains(TAB).click();
    await settle();
    expect(`${THREAD} textarea`).not.toBeFocused();
});

test("a colleague's link is gone, and the page says so", async () => {
    const server = new FakeLinked();
    await openForm(server);
    await contains(TAB).click();
    await settle();
    expect(THREAD).toHaveText(/No conversation is linked that you can see/);
});

test("the next record doesn't show the conversation of the one before", async () => {
    const {server} = twoConversations();
    await openForm(server);
    await contains(TAB).click();
    await settle();
    expect(`${THREAD} textarea`).toHaveCount(1);
    await contains(".o_pager_next").click();
    await settle();
    expect(`${THREAD} textarea`).toHaveCount(0);
    await contains(".o_pager_previous").click();
    await settle();
    expect(THREAD).toHaveText(/Send the invoice/);
});

test("a failed request can be repeated", async () => {
    const {server} = twoConversations();
    server.failNext("inbox_linked", "The database is away.");
    await openForm(server);
    await contains(TAB).click();
    await settle();
    expect(THREAD).toHaveText(/The database is away/);
    await contains(`${THREAD} button:contains(Try again)`).click();
    await settle();
    expect(THREAD).toHaveText(/Send the invoice/);
});

test("without the inbox's own data, the page says why and can repeat it", async () => {
    const {server} = twoConversations();
    server.failNext("inbox_init", "The database is away.");
    await openForm(server);
    await contains(TAB).click();
    await settle();
    expect(THREAD).toHaveText(/The database is away/);
    expect(server.callsOf("inbox_linked")).toHaveLength(0);
    await contains(`${THREAD} button:contains(Try again)`).click();
    await settle();
    expect(THREAD).toHaveText(/Send the invoice/);
});

test("a button opens the conversation in the inbox", async () => {
    const {server, sms} = twoConversations();
    const opened = [];
    mockService("action", {doAction: (...args) => opened.push(args)});
    await openForm(server);
    await contains(TAB).click();
    await settle();
    await contains(`${THREAD} button:contains(Open in the inbox)`).click();
    expect(opened[0][1]).toEqual({props: {resId: sms.id}});
});

test("what is looked at counts as read", async () => {
    patchWithCleanup(document, {hasFocus: () => true});
    const {server, whatsapp} = twoConversations();
    server.linked = [whatsapp.id];
    await openForm(server);
    await contains(TAB).click();
    await settle();
    await advanceTime(5000);
    expect(server.callsOf("action_mark_read")).toHaveLength(1);
});

test("a record with many conversations says that not all are shown", async () => {
    const server = new FakeLinked();
    for (let number = 0; number < 20; number++) {
        server.linked.push(server.conversation().id);
    }
    await openForm(server);
    await contains(TAB).click();
    await settle();
    expect(`${THREAD}-switch`).toHaveText(/Only the newest are shown/);
});

import {describe, expect, test} from "@odoo/hoot";
import {Deferred} from "@odoo/hoot-mock";
import {press, queryAllTexts} from "@odoo/hoot-dom";
import {contains, onRpc} from "@web/../tests/web_test_helpers";
import {
    CHANNEL,
    defineInboxModels,
    FakeInbox,
    makeTemplate,
    openInbox,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const TEXT = ".o-messaging-Composer-text";
const PICKER = ".o-messaging-TemplatePicker";
const BUTTON = ".o-messaging-Composer [aria-label='Templates']";
const OVER = {reply_until: "2026-11-23 09:00:00"};
const READY = makeTemplate(
    {
        id: 4,
        name: "ready",
        header: "Hi {{who}}",
        body: "Dear {{who}}",
        buttons: [{kind: "reply", text: "Thanks", value: "", payload: "t"}],
    },
    ["who"]
);

function start() {
    const server = new FakeInbox();
    server.channels = [{...CHANNEL, sends_templates: true}];
    server.templates = [READY, makeTemplate({id: 5, name: "offer"})];
    return server;
}

async function open(server, values) {
    const row = server.conversation(values);
    server.message(row);
    const store = await openInbox(server, {resId: row.id});
    return {row, store};
}

async function fillIn(name) {
    await press("Enter");
    await settle();
    await contains(`${PICKER} .o-messaging-TemplateForm-fields input`).edit(name, {
        confirm: false,
    });
}

test("only a channel that sends templates has the button", async () => {
    const server = start();
    server.channels.push({...CHANNEL, id: 2});
    const other = server.conversation({channel_id: 2});
    const {store} = await open(server);
    expect(BUTTON).toHaveCount(1);
    await store.open(other.id);
    await settle();
    expect(BUTTON).toHaveCount(0);
    await contains(TEXT).edit("/", {confirm: false});
    expect(PICKER).toHaveCount(0);
    expect(server.callsOf("choices")).toHaveLength(0);
});

test("the choices are fetched for the conversation whenever the picker opens", async () => {
    const server = start();
    const {row} = await open(server);
    await contains(BUTTON).click();
    await settle();
    const [{kwargs}] = server.callsOf("choices");
    expect(kwargs.channel_id).toBe(1);
    expect(kwargs.conversation_id).toBe(row.id);
    await press("Escape");
    await settle();
    expect(TEXT).toBeFocused();
    expect(TEXT).toHaveValue("");
    server.templates = [];
    await contains(BUTTON).click();
    await settle();
    expect(`${PICKER} .o-messaging-TemplateList-empty`).toHaveCount(1);
});

test("a slash in the empty text opens the picker; Escape gives it back", async () => {
    const server = start();
    const {row} = await open(server);
    await contains(TEXT).edit("/", {confirm: false});
    await settle();
    expect(`${PICKER} [role=combobox]`).toBeFocused();
    expect(`${PICKER} [role=combobox]`).toHaveValue("");
    await contains(`${PICKER} [role=combobox]`).edit("off", {confirm: false});
    expect(queryAllTexts(".o-messaging-TemplateOption-name")).toEqual(["offer"]);
    await press("Escape");
    await settle();
    expect(TEXT).toHaveValue("/off");
    expect(TEXT).toBeFocused();
    expect(server.rows.find(({id}) => id === row.id).draft).toBe("");
});

test("a slash after other text is a slash", async () => {
    const server = start();
    await open(server);
    await contains(TEXT).edit("and/", {confirm: false});
    expect(PICKER).toHaveCount(0);
    expect(TEXT).toHaveValue("and/");
});

test("a note has no templates, and its slash is a slash", async () => {
    const server = start();
    const {store} = await open(server);
    store.active.mode = "note";
    await settle();
    expect(BUTTON).toHaveCount(0);
    await contains(TEXT).edit("/", {confirm: false});
    expect(TEXT).toHaveValue("/");
    expect(PICKER).toHaveCount(0);
});

test("after the reply window, a template can be sent in place of a text", async () => {
    const server = start();
    await open(server, {...OVER, draft: "Half"});
    const face = ".o-messaging-ComposerFace";
    expect(face).toHaveText(
        /The reply window is over\. Send a template, or wait for the customer to write\./
    );
    expect(face).toHaveText(/Your draft is kept/);
    const button = `${face} button`;
    expect(button).toHaveText("Choose a template");
    expect(button).toBeFocused();
    await press("/");
    await settle();
    expect(`${PICKER} [role=combobox]`).toBeFocused();
    await press("Escape");
    await settle();
    expect(button).toBeFocused();
});

test("on a channel without templates, the window's end has the old sentence", async () => {
    const server = new FakeInbox();
    await open(server, OVER);
    expect(".o-messaging-ComposerFace").toHaveText(
        /You can write again as soon as the customer sends a message/
    );
    expect(".o-messaging-ComposerFace button").toHaveCount(0);
});

test("the bubble is there before the server answers, and the draft stays", async () => {
    const server = start();
    const {row} = await open(server, {...OVER, draft: "Half"});
    const answer = new Deferred();
    onRpc("messaging.conversation", "send_template", () => answer);
    await press("Enter");
    await settle();
    await fillIn("Ana");
    await press("Enter");
    await settle();
    const bubble = ".o-messaging-Message.o-outbound";
    expect(`${bubble} .o-messaging-Template-header`).toHaveText("Hi Ana");
    expect(`${bubble} .o-messaging-MessageText`).toHaveText("Dear Ana");
    expect(`${bubble} .o-messaging-TemplateButton`).toHaveText("Thanks");
    expect(`${bubble} .o-messaging-Ticks.o-queued`).toHaveCount(1);
    expect(PICKER).toHaveCount(0);
    expect(server.rows.find(({id}) => id === row.id).draft).toBe("Half");
    answer.resolve();
});

test("the server gets the template, its values and a client_uuid", async () => {
    const server = start();
    const {row} = await open(server);
    await contains(BUTTON).click();
    await settle();
    await fillIn("Ana");
    await press("Enter");
    await settle();
    const [{args, kwargs}] = server.callsOf("send_template");
    expect(args).toEqual([[row.id]]);
    const {template_id, values, attachment_ids, client_uuid} = kwargs;
    expect(template_id).toBe(4);
    expect(values).toEqual({who: "Ana"});
    expect(attachment_ids).toEqual([]);
    expect(client_uuid).toMatch(/^[0-9a-f-]{36}$/);
    expect(queryAllTexts(".o-outbound .o-messaging-MessageText")).toEqual([
        "Sent: Dear {{who}}",
    ]);
});

test("a refused template offers a retry after the window, and opens with its values", async () => {
    const server = start();
    await open(server, OVER);
    server.failNext("send_template", "The template is paused.");
    await press("Enter");
    await settle();
    await fillIn("Ana");
    await press("Enter");
    await settle();
    const trouble = ".o-messaging-Trouble";
    expect(trouble).toHaveText(/The template is paused\./);
    expect(`${trouble} button:contains(Retry)`).toHaveCount(1);
    await contains(`${trouble} button:contains(Edit)`).click();
    await settle();
    expect(trouble).toHaveCount(0);
    expect(`${PICKER} .o-messaging-TemplateForm-fields input`).toHaveValue("Ana");
    await contains(`${PICKER} button:contains(Send)`).click();
    await settle();
    expect(server.callsOf("send_template")).toHaveLength(2);
    expect(server.callsOf("send_template")[1].kwargs.values).toEqual({who: "Ana"});
});

test("a template that failed at the provider can be edited and sent as another", async () => {
    const server = start();
    const row = server.conversation(OVER);
    const template = {id: 4, name: "ready", language: "en", variables: {who: "Eva"}};
    server.message(row, {
        direction: "outbound",
        state: "failed",
        failure_reason: "The provider refuses the values.",
        data: {template},
    });
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Trouble button:contains(Edit)").click();
    await settle();
    expect(`${PICKER} .o-messaging-TemplateForm-fields input`).toHaveValue("Eva");
    expect(".o-messaging-Trouble").toHaveCount(1);
});

test("what was begun is there again after another conversation", async () => {
    const server = start();
    const other = server.conversation();
    const {row, store} = await open(server);
    await contains(BUTTON).click();
    await settle();
    await fillIn("Ana");
    await store.open(other.id);
    await settle();
    expect(PICKER).toHaveCount(0);
    await store.open(row.id);
    await settle();
    expect(`${PICKER} .o-messaging-TemplateForm-fields input`).toHaveValue("Ana");
});

test("when the customer writes, the choices are fetched again", async () => {
    const server = start();
    const {row} = await open(server, OVER);
    await press("Enter");
    await settle();
    expect(server.callsOf("choices")).toHaveLength(1);
    const opened = {...row, reply_until: "2026-11-24 09:59:00", seq: row.seq + 10};
    Object.assign(row, opened);
    await sendDelta("changed", {conversations: [opened]});
    expect(server.callsOf("choices")).toHaveLength(2);
    expect(PICKER).toHaveCount(1);
});

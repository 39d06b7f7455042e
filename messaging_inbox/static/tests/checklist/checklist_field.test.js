import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {queryAllTexts} from "@odoo/hoot-dom";
import {defineInboxModels} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

class Account extends models.Model {
    _name = "account";
    name = fields.Char();
    state = fields.Char();
    checklist = fields.Json();
    _records = [{id: 1, name: "Meta", state: "draft", checklist: steps(false, false)}];
}

defineModels([Account]);

function steps(webhook, inbound) {
    return [
        {key: "credentials", label: "Credentials", done: true, hint: "Never shown"},
        {
            key: "webhook",
            label: "Address verified",
            done: webhook,
            hint: "Press Connect.",
        },
        {
            key: "inbound",
            label: "First message",
            done: inbound,
            hint: "Write to the Page.",
        },
        {key: "delivery", label: "First receipt", done: null, hint: ""},
    ];
}

async function openForm() {
    await mountView({
        type: "form",
        resModel: "account",
        resId: 1,
        arch: `<form><field name="name"/><field name="state"/>
            <field name="checklist" widget="messaging_checklist"/></form>`,
    });
}

async function wait() {
    await advanceTime(3000);
    await animationFrame();
}

let reads = 0;
beforeEach(() => {
    reads = 0;
    onRpc("account", "read", () => {
        reads++;
    });
});

test("each step shows its state, and a missing one says what to do", async () => {
    await openForm();
    expect(queryAllTexts(".o-messaging-Checklist li")).toEqual([
        "Credentials",
        "Address verified\nPress Connect.",
        "First message\nWrite to the Page.",
        "First receipt",
    ]);
    expect("li[data-key=credentials] .fa-check-circle").toHaveCount(1);
    expect("li[data-key=webhook]").toHaveClass("o-next");
    expect("li[data-key=inbound]").toHaveClass("o-later");
});

test("ticks appear while the form is open; polling ends when all is done", async () => {
    await openForm();
    MockServer.env.account.write([1], {checklist: steps(true, false)});
    await wait();
    expect("li[data-key=webhook]").toHaveClass("o-done");
    expect("li[data-key=inbound]").toHaveClass("o-next");
    MockServer.env.account.write([1], {checklist: steps(true, true)});
    await wait();
    expect("li[data-key=inbound]").toHaveClass("o-done");
    const asked = reads;
    await wait();
    expect(reads).toBe(asked);
});

test("the form reloads with the state, unless it has unsaved changes", async () => {
    await openForm();
    await contains("[name=name] input").edit("Mine");
    MockServer.env.account.write([1], {state: "connected"});
    await wait();
    expect("[name=name] input").toHaveValue("Mine");
    expect("[name=state] input").toHaveValue("draft");
    await contains(".o_form_button_cancel").click();
    await wait();
    expect("[name=state] input").toHaveValue("connected");
});

test("the form reloads with a tick, so that its other lines agree", async () => {
    await openForm();
    MockServer.env.account.write([1], {
        checklist: steps(true, true),
        name: "Connected. A message has come in.",
    });
    await wait();
    expect("li[data-key=inbound]").toHaveClass("o-done");
    expect("[name=name] input").toHaveValue("Connected. A message has come in.");
});

test("a failed request leaves the ticks as they are", async () => {
    await openForm();
    onRpc("account", "read", () => {
        throw new Error("down");
    });
    await wait();
    expect("li[data-key=credentials]").toHaveClass("o-done");
});

import {describe, expect, test} from "@odoo/hoot";
import {advanceTime} from "@odoo/hoot-mock";
import {press, queryAllTexts} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
import {FakeRecords, hitOf, openPane} from "./details_test_helpers";
import {
    defineInboxModels,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

async function openForm(server, mode) {
    const row = await openPane(server);
    await contains(`[data-mode=${mode}]`).click();
    await settle();
    await advanceTime(10);
    return row;
}

async function save() {
    await contains(".o-messaging-CreateForm [type=submit]").click();
    await settle();
}

test("a contact is created from defaults and what was typed", async () => {
    const server = new FakeRecords();
    await openForm(server, "partner");
    expect("input[name=name]").toBeFocused();
    expect("input[name=name]").toHaveValue("Ana");
    expect("input[name=phone]").toHaveValue("+34611111111");
    await contains("input[name=email]").edit("ana@blue.example", {confirm: false});
    await save();
    const [{args}] = server.callsOf("action_create_partner");
    expect(args[1]).toEqual({
        name: "Ana",
        phone: "+34611111111",
        company_id: 1,
        email: "ana@blue.example",
    });
    expect(".o-messaging-CreateForm").toHaveCount(0);
    expect(".o-messaging-Record-name").toHaveText("Ana");
});

test("likely duplicates come first, and one can be used instead", async () => {
    const server = new FakeRecords();
    const partner = server.partner();
    server.duplicates = [hitOf({id: partner.id})];
    await openForm(server, "partner");
    expect(".o-messaging-CreateForm .o-messaging-Matches-title").toHaveText(
        "A similar record exists already"
    );
    expect("[type=submit]").toHaveText("Create anyway");
    await contains(".o-messaging-CreateForm .o-messaging-Match-use").click();
    await settle();
    expect(server.callsOf("action_link")[0].kwargs.partner_id).toBe(partner.id);
    expect(server.callsOf("action_create_partner")).toHaveLength(0);
    expect(".o-messaging-CreateForm").toHaveCount(0);
});

test("the typed text is compared with existing records", async () => {
    const server = new FakeRecords();
    await openForm(server, "partner");
    expect("[type=submit]").toHaveText("Create");
    server.duplicates = [hitOf({reason: "same_email", reason_text: "Same e-mail"})];
    await contains("input[name=email]").edit("ana@blue.example", {confirm: false});
    await advanceTime(500);
    await settle();
    expect(server.callsOf("inbox_partner_duplicates")).toHaveLength(1);
    expect(".o-messaging-Match-reason").toHaveText("Same e-mail");
});

test("errors are shown at their fields, which keep their text", async () => {
    const server = new FakeRecords();
    await openForm(server, "opportunity");
    await contains("input[name=name]").edit("", {confirm: false});
    await contains("input[name=email_from]").edit("nowhere", {confirm: false});
    await contains("input[name=expected_revenue]").edit("much", {confirm: false});
    await save();
    expect(queryAllTexts(".o-messaging-CreateForm-error")).toEqual([
        "This field is required.",
        "",
        "",
        "This isn't an email address.",
        "This isn't a number.",
    ]);
    expect("input[name=name]").toBeFocused();
    expect("input[name=expected_revenue]").toHaveValue("much");
    expect(server.callsOf("action_create_lead")).toHaveLength(0);
});

test("a revenue that can't be stored exactly is refused", async () => {
    const server = new FakeRecords();
    await openForm(server, "opportunity");
    for (const [typed, error] of [
        ["1.5k", "This isn't a number."],
        ["1e400", "This isn't a number."],
        ["9".repeat(26), "This isn't a number."],
        ["-5", "Enter 0 or more."],
    ]) {
        await contains("input[name=expected_revenue]").edit(typed, {confirm: false});
        await save();
        expect(".o-messaging-CreateForm-error:last").toHaveText(error);
    }
    expect(server.callsOf("action_create_lead")).toHaveLength(0);
});

test("the form shows a refusal of the server and stays unchanged", async () => {
    const server = new FakeRecords();
    await openForm(server, "partner");
    server.failNext("action_create_partner", "You may not create contacts.");
    await save();
    expect(".o-messaging-CreateForm [role=alert]").toHaveText(
        "You may not create contacts."
    );
    expect("input[name=name]").toHaveValue("Ana");
    await save();
    expect(server.callsOf("action_create_partner")).toHaveLength(2);
    expect(".o-messaging-CreateForm").toHaveCount(0);
});

test("a deal shows its source and accepts a revenue in any notation", async () => {
    const server = new FakeRecords();
    await openForm(server, "opportunity");
    expect(".o-messaging-CreateForm dd").toHaveText("WhatsApp Sales");
    await contains("input[name=expected_revenue]").edit("$ 1,250.50", {confirm: false});
    await save();
    const [{args}] = server.callsOf("action_create_lead");
    expect(args[1].source_id).toBe(3);
    expect(args[1].expected_revenue).toBe(1250.5);
    expect(args[2]).toBe("opportunity");
});

test("a lead is created as a lead", async () => {
    const server = new FakeRecords();
    await openForm(server, "lead");
    expect("input[name=expected_revenue]").toHaveCount(0);
    await save();
    expect(server.callsOf("action_create_lead")[0].args[2]).toBe("lead");
    expect("#o-messaging-deal").toHaveText(/lead/i);
});

test("when defaults can't be loaded, the form says so and retries", async () => {
    const server = new FakeRecords();
    server.failNext("inbox_partner_defaults", "Not now.");
    await openForm(server, "partner");
    expect(".o-messaging-CreateForm [role=alert]").toHaveText("Not now.");
    await contains(".o-messaging-CreateForm button:contains(Try again)").click();
    await settle();
    expect("input[name=name]").toHaveValue("Ana");
});

test("Escape closes the form and restores the focus", async () => {
    const server = new FakeRecords();
    await openForm(server, "partner");
    await press("Escape");
    await settle();
    await advanceTime(10);
    expect("[data-mode=partner]").toBeFocused();
});

test("creating needs the right to, and leads need their setting", async () => {
    const server = new FakeRecords();
    server.details = {
        can: {create_partner: false, create_lead: false, create_deal: true},
    };
    await openPane(server);
    expect("[data-mode=partner]").toHaveCount(0);
    expect("[data-mode=lead]").toHaveCount(0);
    expect("[data-mode=opportunity]").toHaveCount(1);
    expect("[data-mode=link]").toHaveCount(2);
});

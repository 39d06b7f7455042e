import {advanceTime, animationFrame, Deferred} from "@odoo/hoot-mock";
import {click, edit, press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {describe, expect, test} from "@odoo/hoot";
import {defineInboxModels} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const BODY = "[data-name=body] textarea";
const BUBBLE = ".o-messaging-TemplateBubble";

class Template extends models.Model {
    _name = "template";
    header = fields.Char();
    body = fields.Text();
    footer = fields.Char();
    buttons = fields.Json();
    samples = fields.Json();
    variable_names = fields.Json();
    bindings = fields.Json();
    advice = fields.Json();
    media_kind = fields.Char();
    media_url = fields.Char();
    sample_attachment_id = fields.Many2one({relation: "ir.attachment"});
    sample_name = fields.Char();
    is_draft = fields.Boolean();
    _records = [
        {
            id: 1,
            header: false,
            body: "Hello {{name}}, good day.",
            footer: false,
            buttons: [],
            samples: {name: "Ana"},
            bindings: {},
            advice: [],
            is_draft: true,
        },
    ];
}

defineModels([Template]);

const HIDDEN = ["header", "footer", "buttons", "samples", "bindings", "advice"];
HIDDEN.push("media_kind", "media_url", "sample_attachment_id", "sample_name");
HIDDEN.push("is_draft", "variable_names");

async function openForm(values = {}) {
    Object.assign(Template._records[0], values);
    const hidden = HIDDEN.map((name) => `<field name="${name}" invisible="1"/>`);
    await mountView({
        type: "form",
        resModel: "template",
        resId: 1,
        arch: `<form>${hidden.join("")}
            <field name="body" widget="messaging_template_editor"
                readonly="not is_draft"/></form>`,
    });
}

async function save() {
    await contains(".o_form_button_save").click();
    return MockServer.env.template.browse(1)[0];
}

test("the preview follows each key, before the record knows", async () => {
    await openForm();
    await contains(BODY).focus();
    await edit("Hello {{name}}, your *bike* is ready.");
    await animationFrame();
    expect(BUBBLE).toHaveText("Hello Ana, your bike is ready.");
    expect(`${BUBBLE} strong`).toHaveText("bike");
});

test("what was typed just now is saved", async () => {
    await openForm();
    await contains(BODY).focus();
    await edit("Hello {{name}} and {{friend}}, good day.");
    const record = await save();
    expect(record.body).toBe("Hello {{name}} and {{friend}}, good day.");
});

test("the table of variables follows the text", async () => {
    await openForm();
    expect(queryAllTexts(".o-messaging-VariablesTable code")).toEqual(["{{name}}"]);
    await contains(BODY).focus();
    await edit("Your {{model}} for {{name}} is ready.");
    await animationFrame();
    const names = ["{{model}}", "{{name}}"];
    expect(queryAllTexts(".o-messaging-VariablesTable code")).toEqual(names);
    expect("tr[data-variable=name] input").toHaveValue("Ana");
    await contains("tr[data-variable=model] input").edit("City 3", {confirm: false});
    expect(BUBBLE).toHaveText("Your City 3 for Ana is ready.");
    const record = await save();
    expect(record.samples).toEqual({model: "City 3", name: "Ana"});
});

test("a variable is inserted by the keyboard, and bound at once", async () => {
    await openForm({body: "Hello", samples: {}});
    await contains(BODY).focus();
    await contains("[data-insert=body]").focus();
    await press("Enter");
    await animationFrame();
    await press("ArrowDown");
    await press("Enter");
    await animationFrame();
    await advanceTime(1);
    expect(BODY).toHaveValue("Hello {{contact}}");
    expect(BODY).toBeFocused();
    expect(queryOne(BODY).selectionStart).toBe("Hello {{contact}}".length);
    const record = await save();
    expect(record.bindings).toEqual({contact: {source: "partner", path: "name"}});
    expect(record.samples).toEqual({contact: "Ana"});
});

test("a counter warns of a text that is too long", async () => {
    await openForm();
    await contains("[data-name=footer] input").edit("x".repeat(61), {confirm: false});
    expect("[data-counter=footer]").toHaveText("61/60");
    expect("[data-counter=footer]").toHaveClass("text-danger");
});

test("quick replies stay together before the links", async () => {
    await openForm();
    await contains("[data-add=reply]").click();
    await contains("[data-add=url]").click();
    await contains("[data-add=reply]").click();
    expect(queryAllTexts(".o-messaging-ButtonsEditor-kind")).toEqual([
        "Quick reply",
        "Quick reply",
        "Link",
    ]);
    await contains("[data-name=button_1] input").edit("Later", {confirm: false});
    await contains(".o-messaging-ButtonsEditor-row:first button.btn-link").click();
    const record = await save();
    expect(record.buttons.map(({kind, text}) => [kind, text])).toEqual([
        ["reply", "Later"],
        ["url", ""],
    ]);
    await contains("[data-add=url]").click();
    expect("[data-add=url]").not.toBeEnabled();
});

test("the server's advice stands where the mistake is", async () => {
    onRpc("template", "onchange", () => ({
        value: {advice: [{place: "footer", text: "No variables.", is_warning: false}]},
    }));
    Template._onChanges = {footer: () => undefined};
    await openForm({
        advice: [{place: "body", text: "Too few words.", is_warning: true}],
    });
    expect("[data-part=body] .o-messaging-TemplateAdvice").toHaveText("Too few words.");
    expect(BODY).not.toHaveClass("is-invalid");
    await contains("[data-name=footer] input").edit("{{x}}", {confirm: false});
    await advanceTime(500);
    await animationFrame();
    expect("[data-part=footer] .o-messaging-TemplateAdvice").toHaveText(
        "No variables."
    );
    expect("[data-name=footer] input").toHaveClass("is-invalid");
    delete Template._onChanges;
});

test("what is typed while the server thinks is kept", async () => {
    const answer = new Deferred();
    onRpc("template", "onchange", async () => {
        await answer;
        return {value: {advice: []}};
    });
    Template._onChanges = {body: () => undefined};
    await openForm({body: "Hello"});
    await contains(BODY).focus();
    await edit("Hello you");
    await advanceTime(500);
    await animationFrame();
    expect(BODY).toHaveValue("Hello you");
    await edit("Hello you all");
    answer.resolve();
    await animationFrame();
    await animationFrame();
    expect(BODY).toHaveValue("Hello you all");
    const record = await save();
    expect(record.body).toBe("Hello you all");
    delete Template._onChanges;
});

test("an empty header of text stays chosen until something is typed", async () => {
    await openForm();
    await click("input[value=text]");
    await animationFrame();
    await advanceTime(600);
    await animationFrame();
    expect("input[value=text]").toBeChecked();
    await contains("[data-name=header] input").edit("News", {confirm: false});
    const record = await save();
    expect(record.header).toBe("News");
    expect(`${BUBBLE} .o-messaging-Template-header`).toHaveText("News");
});

test("what the provider has is only shown, but still bound to fields", async () => {
    onRpc("template", "web_save", ({args}) => {
        expect.step(args[1]);
    });
    await openForm({
        is_draft: false,
        footer: "Bike shop",
        media_url: "https://odoo.example/messaging/media/{{file}}",
        variable_names: ["name", "code", "file"],
    });
    expect(BODY).toHaveCount(0);
    expect("[data-name=body]").toHaveText("Hello {{name}}, good day.");
    expect("[data-name=footer]").toHaveText("Bike shop");
    expect("[data-part=buttons]").toHaveCount(0);
    expect("[data-add]").toHaveCount(0);
    expect(queryAllTexts(".o-messaging-VariablesTable code")).toEqual([
        "{{name}}",
        "{{code}}",
    ]);
    await contains("tr[data-variable=code] select").select("company");
    expect("tr[data-variable=code] .o_model_field_selector").toHaveCount(1);
    await save();
    expect.verifySteps([{bindings: {code: {source: "company", path: ""}}}]);
});

test("discarding brings back what was stored", async () => {
    await openForm();
    await contains(BODY).focus();
    await edit("Something else");
    await contains(".o_form_button_cancel").click();
    expect(BODY).toHaveValue("Hello {{name}}, good day.");
    expect(BUBBLE).toHaveText("Hello Ana, good day.");
});

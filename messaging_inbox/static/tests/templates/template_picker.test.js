import {describe, expect, test} from "@odoo/hoot";
import {
    manuallyDispatchProgrammaticEvent,
    press,
    queryAllTexts,
    queryOne,
    setInputFiles,
} from "@odoo/hoot-dom";
import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {
    defineInboxModels,
    makeTemplate,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {TemplateDraft} from "@messaging_inbox/core/template_draft";
import {TemplatePicker} from "@messaging_inbox/templates/template_picker";

describe.current.tags("desktop");
defineInboxModels();

const SEARCH = ".o-messaging-TemplatePicker [role=combobox]";
const NAME = ".o-messaging-TemplateOption-name";
const SEND = ".o-messaging-TemplateForm-bottom button";
const TEMPLATES = [
    makeTemplate({
        id: 1,
        name: "pedido_listo",
        language: "es",
        language_name: "Spanish",
        body: "Su bicicleta está lista.",
    }),
    makeTemplate({id: 2, name: "offer", category: "marketing", body: "10 % off"}),
    makeTemplate({id: 3, name: "paused_one", problem: "WhatsApp paused it."}),
    makeTemplate({id: 4, name: "ready", body: "Hi {{who}}: {{what}}"}, ["who", "what"]),
];

/** Mount the picker; return what it reported. */
async function pick(templates = TEMPLATES, props = {}) {
    const calls = {sent: [], cancelled: []};
    const choices = templates && {language: "es_ES", in_window: true, templates};
    await mountWithCleanup(TemplatePicker, {
        props: {
            choices,
            onSend: (content) => calls.sent.push(content),
            onCancel: (query) => calls.cancelled.push(query),
            ...props,
        },
    });
    return calls;
}

async function choose(...templates) {
    const calls = await pick(templates);
    await press("Enter");
    await settle();
    return calls;
}

test("the customer's language comes first, under its name", async () => {
    await pick();
    expect(queryAllTexts(".o-messaging-TemplateList-heading")).toEqual([
        "Spanish · the customer's language",
        "English",
    ]);
    expect(queryAllTexts(NAME)[0]).toBe("pedido_listo");
    expect(SEARCH).toBeFocused();
});

test("with one language, there are no headings", async () => {
    await pick(TEMPLATES.slice(1));
    expect(".o-messaging-TemplateList-heading").toHaveCount(0);
});

for (const [query, name] of Object.entries({
    "ESTA lista": "pedido_listo",
    marketing: "offer",
    spanish: "pedido_listo",
    paused: "paused_one",
})) {
    test(`a search for "${query}" finds a template`, async () => {
        await pick();
        await contains(SEARCH).edit(query, {confirm: false});
        expect(queryAllTexts(NAME)).toEqual([name]);
    });
}

test("a search without a result says so", async () => {
    await pick();
    await contains(SEARCH).edit("nothing like it", {confirm: false});
    expect("[role=status]").toHaveText("No template matches.");
});

test("arrows move through the list, and the reader hears the active one", async () => {
    await pick();
    const active = () => queryOne(SEARCH).getAttribute("aria-activedescendant");
    const first = active();
    expect(`#${first}`).toHaveAttribute("aria-selected", "true");
    await press("ArrowDown");
    await settle();
    expect(active()).not.toBe(first);
    expect(`#${active()} ${NAME}`).toHaveText("offer");
    expect(".o-messaging-TemplatePicker-preview").toHaveText("10 % off");
    await press("ArrowUp");
    await press("ArrowUp");
    await settle();
    expect(`#${active()} ${NAME}`).toHaveText("ready");
});

test("a template that can't be sent is shown with its reason, and not chosen", async () => {
    await pick([TEMPLATES[2]]);
    const option = ".o-messaging-TemplateOption";
    expect(option).toHaveText(/WhatsApp paused it\./);
    expect(option).toHaveAttribute("aria-disabled", "true");
    await contains(option).click();
    await contains(SEARCH).click();
    await press("Enter");
    await settle();
    expect(".o-messaging-TemplateForm").toHaveCount(0);
});

test("Escape closes the picker with the search, the button without", async () => {
    const {cancelled} = await pick();
    await contains(SEARCH).edit("hal", {confirm: false});
    await press("Escape");
    await contains("[aria-label='Close the templates']").click();
    expect(cancelled).toEqual(["hal", undefined]);
});

test("bound values are filled in and can be changed; the first empty one has the focus", async () => {
    const variables = [
        {name: "who", label: "Name", sample: "Zoe", value: "Ana", is_bound: true},
        {name: "what", label: "Bike", sample: "Tandem", value: "", is_bound: false},
    ];
    const {sent} = await choose({...TEMPLATES[3], variables});
    const preview = ".o-messaging-TemplatePicker-preview .o-messaging-MessageText";
    expect(preview).toHaveText("Hi Ana: Bike");
    expect(
        ".o-messaging-TemplateForm-fields [title='Filled in from Odoo']"
    ).toHaveCount(1);
    expect("input:eq(0)").toHaveValue("Ana");
    expect("input:eq(1)").toBeFocused();
    expect("input:eq(1)").toHaveAttribute("placeholder", "For example: Tandem");
    expect(SEND).not.toBeEnabled();
    expect(SEND).toHaveAttribute("title", "Fill in: Bike");

    await contains("input:eq(1)").edit("  ", {confirm: false});
    expect(SEND).not.toBeEnabled();
    await contains("input:eq(1)").edit("City", {confirm: false});
    await contains("input:eq(0)").edit(" Eva ", {confirm: false});
    expect(preview).toHaveText(/Hi\s+Eva\s*: City/);
    expect("[title='Filled in from Odoo']").toHaveCount(0);
    await contains(SEND).click();
    expect(sent).toHaveLength(1);
    const [{templateId, values, attachmentIds}] = sent;
    expect(templateId).toBe(4);
    expect(values).toEqual({who: "Eva", what: "City"});
    expect(attachmentIds).toEqual([]);
});

test("a value within an address shows the whole address", async () => {
    const buttons = [{kind: "url", text: "Look", value: "https://a.example/{{path}}/"}];
    await choose({...makeTemplate({body: "Hi {{who}}", buttons}, ["who", "path"])});
    const address = ".o-messaging-TemplateForm-address";
    expect(address).toHaveCount(1);
    expect(address).toHaveText("https://a.example/[path]/");
    await contains("input:eq(1)").edit("spring", {confirm: false});
    expect(address).toHaveText("https://a.example/spring/");
});

test("Enter goes on to the next empty value, and sends once there is none", async () => {
    const {sent} = await choose(TEMPLATES[3]);
    await contains("input:eq(0)").edit("Ana", {confirm: false});
    await press("Enter");
    expect("input:eq(1)").toBeFocused();
    expect(sent).toHaveLength(0);
    await contains("input:eq(1)").edit("City", {confirm: false});
    await manuallyDispatchProgrammaticEvent(queryOne("input:eq(1)"), "keydown", {
        key: "Enter",
        isComposing: true,
    });
    expect(sent).toHaveLength(0);
    await press("Enter");
    expect(sent).toHaveLength(1);
});

test("a template without variables is sent by a second Enter", async () => {
    const {sent} = await choose(TEMPLATES[1]);
    expect(SEND).toBeFocused();
    await press("Enter");
    expect(sent).toHaveLength(1);
});

test("Escape goes back to the list, and values stay for the same template", async () => {
    const {cancelled} = await choose(TEMPLATES[3]);
    await contains("input:eq(0)").edit("Ana", {confirm: false});
    await press("Escape");
    await settle();
    expect(SEARCH).toBeFocused();
    expect(cancelled).toEqual([]);
    await press("Enter");
    await settle();
    expect("input:eq(0)").toHaveValue("Ana");
    expect("input:eq(1)").toBeFocused();
});

test("it waits for the choices, and says when there are none or they didn't load", async () => {
    await pick(null);
    expect("[role=status]").toHaveText("Loading…");
    await pick([]);
    expect(".o-messaging-TemplateList-empty").toHaveText(/Ask a sales manager/);
    let opened = 0;
    await pick([], {isManager: true, onManage: () => opened++});
    await contains(".o-messaging-TemplateList-empty button").click();
    expect(opened).toBe(1);
    let reloads = 0;
    await pick(null, {error: "No connection.", onReload: () => reloads++});
    await contains("[role=alert] button:contains(Try again)").click();
    expect(reloads).toBe(1);
});

const WITH_FILE = makeTemplate(
    {
        id: 5,
        media_kind: "image",
        media_url: "https://o.example/m/{{f}}",
        takes_file: true,
    },
    ["who"]
);

test("a template's file is chosen before it can be sent, and its type is checked", async () => {
    const draft = new TemplateDraft(7);
    const uploads = {
        accept: (kind) => `${kind}/png`,
        add(holder, file) {
            const isPicture = file.type === "image/png";
            if (isPicture) {
                const {name, type: mimetype} = file;
                holder.files.push({
                    key: "1",
                    id: 9,
                    name,
                    mimetype,
                    size: 1,
                    state: "ready",
                });
            }
            return isPicture ? "" : "Not a picture.";
        },
        remove(holder) {
            holder.files = [];
        },
    };
    const {sent} = await pick([WITH_FILE], {draft, uploads});
    await press("Enter");
    await settle();
    const chooser = ".o-messaging-TemplateForm-choose";
    expect(chooser).toBeFocused();
    await contains("input[type=text]").edit("Ana", {confirm: false});
    expect(SEND).toHaveAttribute("title", "Choose a picture");
    expect("input[type=file]").toHaveAttribute("accept", "image/png");

    await contains(chooser).click();
    await setInputFiles([new File(["x"], "a.pdf", {type: "application/pdf"})]);
    await settle();
    expect("[role=alert]").toHaveText("Not a picture.");
    expect(SEND).not.toBeEnabled();
    await contains(chooser).click();
    await setInputFiles([new File(["x"], "a.png", {type: "image/png"})]);
    await settle();
    expect(".o-messaging-TemplateMedia img").toHaveCount(1);
    await contains(SEND).click();
    expect(sent[0].attachmentIds).toEqual([9]);
});

test("Send waits for the upload", async () => {
    const draft = new TemplateDraft(7);
    await pick([WITH_FILE], {draft});
    await press("Enter");
    await settle();
    draft.write("who", "Ana");
    draft.files.push({key: "1", name: "a.png", state: "uploading", progress: 0.5});
    await settle();
    expect(SEND).toHaveAttribute("title", "Wait until the file is uploaded");
    expect("[role=progressbar]").toHaveAttribute("aria-valuenow", "50");
});

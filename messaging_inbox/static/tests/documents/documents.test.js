import {describe, expect, test} from "@odoo/hoot";
import {press, queryAll, queryAllTexts} from "@odoo/hoot-dom";
import {advanceTime, Deferred} from "@odoo/hoot-mock";
import {contains, onRpc} from "@web/../tests/web_test_helpers";
import {
    CHANNEL,
    defineInboxModels,
    FakeInbox,
    makeTemplate,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const TEXT = ".o-messaging-Composer-text";
const TOOL = ".o-messaging-Composer [aria-label='Attach from the record']";
const DIALOG = ".o-messaging-Documents";
const SEARCH = `${DIALOG} input`;
const MAIN = `${DIALOG} .o-messaging-Document-main`;
const LINKED = {partner_id: 7};
const OVER = {...LINKED, reply_until: "2026-11-23 09:00:00"};
const PDF = "application/pdf";
const URL = "https://shop.example/my/orders/3?access_token=x";
const ORDER = {
    id: 3,
    name: "S00003",
    detail: "Quotation Sent · $ 90.00 · 11/20/2026",
    mimetype: PDF,
    size: 0,
    preview_url: "/report/pdf/sale.report_saleorder/3",
    has_link: true,
};
const PICTURE = {
    id: 5,
    name: "Lamp.png",
    detail: "11/02/2026",
    mimetype: "image/png",
    size: 512,
    preview_url: false,
    has_link: false,
};
const PROGRAM = {...PICTURE, id: 6, name: "a.exe", mimetype: "application/x-exe"};
const PLAN = {...PICTURE, id: 8, name: "Plan.pdf", mimetype: PDF};

class FakeDocuments extends FakeInbox {
    groups = [
        {model: "sale.order", label: "Quotations", documents: [ORDER], has_more: false},
        {
            model: "ir.attachment",
            label: "Files",
            documents: [PICTURE, PROGRAM, PLAN],
            has_more: true,
        },
    ];
    attached = [{id: 50, name: "Quotation - S00003.pdf", mimetype: PDF, size: 900}];

    inbox_documents(_args, {query}) {
        const isFound = ({name}) => name.toLowerCase().includes(query);
        return this.groups
            .map((each) => ({...each, documents: each.documents.filter(isFound)}))
            .filter(({documents}) => documents.length);
    }

    inbox_attach_document() {
        return this.attached;
    }

    inbox_document_link() {
        return URL;
    }
}

async function open(values = LINKED, changes = {}) {
    const server = new FakeDocuments();
    const row = server.conversation(values);
    server.message(row);
    Object.assign(server, changes);
    const store = await openInbox(server, {resId: row.id});
    return {row, server, store};
}

async function openDialog(...args) {
    const opened = await open(...args);
    await contains(TOOL).click();
    await settle();
    return opened;
}

test("only a conversation with a contact, lead or deal has the button", async () => {
    const {server, store} = await open({});
    expect(TOOL).toHaveCount(0);
    const other = server.conversation({lead_id: 4});
    await store.open(other.id);
    await settle();
    expect(TOOL).toHaveCount(1);
});

test("Alt+Shift+R opens the documents, also while the user types", async () => {
    await open();
    await contains(TEXT).focus();
    await press(["alt", "shift", "r"]);
    await settle();
    expect(SEARCH).toBeFocused();
});

test("documents come in groups, with what they are", async () => {
    await openDialog();
    expect(SEARCH).toBeFocused();
    expect(queryAllTexts(`${DIALOG} h3`)).toEqual(["Quotations", "Files"]);
    const rows = queryAll(MAIN);
    expect(rows[0]).toHaveText("S00003\nQuotation Sent · $ 90.00 · 11/20/2026");
    expect(rows[1]).toHaveText(/Lamp\.png\nPNG · .+ · 11\/02\/2026/);
    // Hoot keeps the address in another attribute, and fetches nothing.
    expect(`${DIALOG} img`).toHaveAttribute("data-src", /image\/5\/120x120/);
    expect(DIALOG).toHaveText(/There are more/);
});

test("a click attaches the quotation, and the composer has the focus", async () => {
    const {row, server} = await openDialog();
    await contains(`${MAIN}:first`).click();
    await settle();
    expect(DIALOG).toHaveCount(0);
    expect(server.callsOf("inbox_attach_document")[0].args).toEqual([
        row.id,
        "sale.order",
        3,
    ]);
    expect(".o-messaging-ComposerFile").toHaveText(/Quotation - S00003\.pdf/);
    expect(TEXT).toBeFocused();
    await contains(".o-messaging-Composer-send").click();
    await settle();
    expect(server.callsOf("reply")[0].kwargs.attachment_ids).toEqual([50]);
});

test("the arrow keys move through search and rows, Enter attaches", async () => {
    const {server} = await openDialog();
    await press("ArrowDown");
    expect(`${MAIN}:eq(0)`).toBeFocused();
    await press("ArrowDown");
    expect(`${MAIN}:eq(1)`).toBeFocused();
    await press("ArrowUp");
    await press("ArrowUp");
    expect(SEARCH).toBeFocused();
    await press("Enter");
    expect(`${MAIN}:eq(0)`).toBeFocused();
    await press("Enter");
    await settle();
    expect(server.callsOf("inbox_attach_document")).toHaveLength(1);
    expect(DIALOG).toHaveCount(0);
});

test("the search asks the server once after a pause", async () => {
    const {server} = await openDialog();
    await contains(SEARCH).edit("plan", {confirm: false});
    await advanceTime(1000);
    await settle();
    const queries = server.callsOf("inbox_documents").map(({kwargs}) => kwargs.query);
    expect(queries).toEqual(["", "plan"]);
    expect(queryAllTexts(`${MAIN} .text-truncate`)).toEqual(["Plan.pdf"]);
    await contains(SEARCH).edit("nothing", {confirm: false});
    await advanceTime(1000);
    await settle();
    expect(`${DIALOG} [role=status]`).toHaveText("No document matches.");
});

test("what the channel doesn't accept says so and isn't attached", async () => {
    const {server} = await openDialog();
    const refused = `${MAIN}:eq(2)`;
    expect(refused).toHaveAttribute("aria-disabled", "true");
    expect(refused).toHaveText(/doesn't accept files of this type/);
    await contains(refused).click();
    await settle();
    expect(server.callsOf("inbox_attach_document")).toHaveLength(0);
    expect(DIALOG).toHaveCount(1);
});

test("the portal link is inserted at the caret", async () => {
    const {server} = await open();
    await contains(TEXT).edit("Here:", {confirm: false});
    await contains(TOOL).click();
    await settle();
    const link = `${DIALOG} [aria-label^='Insert the portal link']`;
    expect(link).toHaveCount(1);
    await contains(link).click();
    await settle();
    expect(DIALOG).toHaveCount(0);
    expect(TEXT).toHaveValue(`Here: ${URL}`);
    expect(TEXT).toBeFocused();
    expect(server.callsOf("inbox_attach_document")).toHaveLength(0);
});

test("a channel without files still takes links", async () => {
    await openDialog(LINKED, {channels: [{...CHANNEL, file_limits: {}}]});
    expect(`${MAIN}[aria-disabled=true]`).toHaveCount(4);
    expect(`${DIALOG} .fa-link`).toHaveCount(1);
});

test("Odoo's viewer shows a file, and the PDF that Odoo would make", async () => {
    await openDialog();
    await contains(`${DIALOG} [aria-label='Preview Lamp.png']`).click();
    await settle();
    expect(".o-FileViewer img").toHaveCount(1);
    await press("Escape");
    await settle();
    expect(".o-FileViewer").toHaveCount(0);
    expect(DIALOG).toHaveCount(1);
    expect(`${DIALOG} [aria-label='Preview a.exe']`).toHaveCount(0);
    await contains(`${DIALOG} [aria-label='Preview S00003']`).click();
    await settle();
    expect(".o-FileViewer iframe").toHaveAttribute(
        "data-src",
        /viewer\.html\?file=.*report%2Fpdf%2Fsale\.report_saleorder%2F3/
    );
});

test("a refusal of the server keeps the dialog and is shown", async () => {
    const {server} = await openDialog();
    server.failNext("inbox_attach_document", "It no longer exists.");
    await contains(`${MAIN}:first`).click();
    await settle();
    expect(".o_notification").toHaveText(/no longer exists/);
    expect(DIALOG).toHaveCount(1);
    expect(".o-messaging-ComposerFile").toHaveCount(0);
});

test("a picture that the channel refuses can be attached as JPEG", async () => {
    const limits = {...CHANNEL.file_limits, "image/jpeg": 1000};
    const picture = {id: 60, name: "a.avif", mimetype: "image/avif", size: 9};
    const {server, store} = await open(LINKED, {
        attached: [picture],
        channels: [{...CHANNEL, file_limits: limits}],
    });
    store.uploads.convertible = new Set(["image/avif"]);
    store.api.convertFile = async (id, fileId) => {
        expect.step(fileId);
        return {id: 61, name: "a.jpg", mimetype: "image/jpeg", size: 9};
    };
    await contains(TOOL).click();
    await settle();
    await contains(`${MAIN}:first`).click();
    await settle();
    await contains(".o-messaging-ComposerFile button:contains(JPEG)").click();
    await settle();
    expect.verifySteps([60]);
    await contains(".o-messaging-Composer-send").click();
    await settle();
    expect(server.callsOf("reply")[0].kwargs.attachment_ids).toEqual([61]);
});

test("a document that arrives after Escape is deleted again", async () => {
    const {server} = await openDialog();
    const arrival = new Deferred();
    onRpc("messaging.conversation", "inbox_attach_document", async () => {
        await arrival;
        return server.attached;
    });
    onRpc("ir.attachment", "unlink", ({args}) => {
        expect.step(args[0]);
        return true;
    });
    await contains(`${MAIN}:first`).click();
    await settle();
    expect(`${DIALOG} [role=status]`).toHaveText("Preparing the document…");
    await press("Escape");
    await settle();
    expect(DIALOG).toHaveCount(0);
    arrival.resolve();
    await settle();
    expect.verifySteps([[50]]);
    expect(".o-messaging-ComposerFile").toHaveCount(0);
});

describe("templates", () => {
    const DOCUMENT = {takes_file: true, media_kind: "document"};
    const PICKER = ".o-messaging-TemplatePicker";

    async function openOver(values = OVER) {
        const opened = await open(values, {
            channels: [{...CHANNEL, sends_templates: true}],
            templates: [
                makeTemplate({id: 4, name: "hello"}),
                makeTemplate({id: 5, name: "offer", ...DOCUMENT}),
                makeTemplate({id: 6, name: "fair", ...DOCUMENT, media_kind: "image"}),
            ],
        });
        return opened;
    }

    function names() {
        return queryAllTexts(".o-messaging-TemplateOption-name");
    }

    test("after the reply window, those that take a document come first", async () => {
        await openOver();
        await contains(".o-messaging-ComposerFace button:contains(document)").click();
        await settle();
        expect(names()).toEqual(["offer", "hello", "fair"]);
        expect(PICKER).toHaveText(/With a document/);
        await press("Escape");
        await settle();
        await contains(".o-messaging-ComposerFace-templates").click();
        await settle();
        expect(names()).toEqual(["hello", "offer", "fair"]);
        expect(PICKER).not.toHaveText(/With a document/);
    });

    test("without a linked record, only templates are offered", async () => {
        await openOver({...OVER, partner_id: false});
        expect(".o-messaging-ComposerFace button").toHaveCount(1);
    });

    test("a template's document may come from the record", async () => {
        const {server} = await openOver();
        await contains(".o-messaging-ComposerFace button:contains(document)").click();
        await settle();
        await press("Enter");
        await settle();
        await contains(".o-messaging-TemplateForm-record").click();
        await settle();
        expect(`${MAIN}:eq(1)`).toHaveText(/this template takes a document/);
        expect(`${DIALOG} .fa-link`).toHaveCount(0);
        await contains(`${MAIN}:first`).click();
        await settle();
        expect(`${PICKER} .o-messaging-ComposerFile`).toHaveText(/S00003\.pdf/);
        await contains(`${PICKER} .btn-primary`).click();
        await settle();
        const [{kwargs}] = server.callsOf("send_template");
        expect(kwargs.template_id).toBe(5);
        expect(kwargs.attachment_ids).toEqual([50]);
    });
});

import {describe, expect, test} from "@odoo/hoot";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";
import {queryAllTexts} from "@odoo/hoot-dom";
import {
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {TemplateBubble} from "@messaging_inbox/templates/template_bubble";

describe.current.tags("desktop");
defineInboxModels();

const BUBBLE = ".o-messaging-TemplateBubble";
const TEMPLATE = {
    header: "Order {{number}}",
    body: "Hello *{{first_name}}*, see https://shop.example/{{number}}",
    footer: "Bike shop",
    buttons: [
        {kind: "reply", text: "Thanks", value: "", payload: "thanks"},
        {kind: "url", text: "Track", value: "https://shop.example/t/{{number}}"},
    ],
    media_kind: false,
    media_url: false,
};

async function preview(props) {
    await mountWithCleanup(TemplateBubble, {props});
}

test("a preview has header, text, footer and buttons, with the values", async () => {
    const values = {number: "S0042", first_name: "Ana"};
    await preview({template: TEMPLATE, values});
    expect(`${BUBBLE} .o-messaging-Template-header`).toHaveText("Order S0042");
    expect(`${BUBBLE} strong`).toHaveText("Ana");
    expect(`${BUBBLE} a`).toHaveAttribute("href", "https://shop.example/S0042");
    expect(`${BUBBLE} .o-messaging-Template-footer`).toHaveText("Bike shop");
    expect(queryAllTexts(".o-messaging-TemplateButton")).toEqual(["Thanks", "Track"]);
    expect(".o-messaging-TemplateButton:last").toHaveAttribute(
        "title",
        "https://shop.example/t/S0042"
    );
    expect(".o-messaging-Placeholder").toHaveCount(0);
});

test("placeholders without a value stand out, also in an address", async () => {
    await preview({template: TEMPLATE, values: {number: ""}});
    const found = queryAllTexts(".o-messaging-Placeholder");
    expect(found).toEqual(["number", "first_name", "number"]);
    expect(`${BUBBLE} a`).toHaveCount(0);
});

test("a value is text, never HTML, and isn't filled a second time", async () => {
    const values = {number: "<b>{{first_name}}</b>", first_name: "Ana"};
    await preview({template: {...TEMPLATE, body: "{{number}} ok"}, values});
    expect(`${BUBBLE} b`).toHaveCount(0);
    expect(".o-messaging-Template-header").toHaveText("Order <b>first_name</b>");
});

test("a file has its place above the text", async () => {
    const media = {media_kind: "document", media_url: "https://a.example/price.pdf?x"};
    await preview({template: {...TEMPLATE, ...media}});
    expect(".o-messaging-TemplateMedia").toHaveText("price.pdf");
    expect(".o-messaging-TemplateMedia .fa-file-text-o").toHaveCount(1);
});

test("only a secure and complete address is loaded as a picture", async () => {
    for (const url of ["http://a.example/a.png", "https://a.example/{{number}}", ""]) {
        const media = {media_kind: "image", media_url: url};
        await preview({template: {...TEMPLATE, ...media}});
    }
    expect(".o-messaging-TemplateMedia img").toHaveCount(0);
    expect(queryAllTexts(".o-messaging-TemplateMedia")).toEqual([
        "a.png",
        "Picture",
        "Picture",
    ]);
});

test("the chosen picture is shown", async () => {
    const thumbnail = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
    const media = {media_kind: "image", media_url: "https://a.example/{{file}}"};
    await preview({template: {...TEMPLATE, ...media, thumbnail, file_name: "a.gif"}});
    expect(".o-messaging-TemplateMedia img").toHaveCount(1);
    expect(".o-messaging-TemplateMedia img").toHaveAttribute("alt", "a.gif");
});

test("the thread shows a sent template with header, footer and buttons", async () => {
    const server = new FakeInbox();
    const preview_ = {direction: "outbound", kind: "text", body: "Hello *Ana*"};
    const row = server.conversation({preview: preview_});
    const {header, footer, buttons} = {...TEMPLATE, header: "Order S0042"};
    const template = {name: "order", language: "es", header, footer, buttons};
    server.message(row, {
        direction: "outbound",
        state: "delivered",
        author_id: ME,
        body: "Hello *Ana*",
        data: {template},
    });
    await openInbox(server, {resId: row.id});
    const bubble = ".o-messaging-Message .o-messaging-Bubble";
    expect(`${bubble} .o-messaging-Template-header`).toHaveText("Order S0042");
    expect(`${bubble} strong`).toHaveText("Ana");
    expect(`${bubble} .o-messaging-Template-footer`).toHaveText("Bike shop");
    expect(queryAllTexts(`${bubble} .o-messaging-TemplateButton`)).toEqual([
        "Thanks",
        "Track",
    ]);
    expect(`${bubble} .o-messaging-TemplateButtons button`).toHaveCount(0);
    expect(".o-messaging-Bubble-meta").toHaveAttribute(
        "title",
        /Template order \(es\)/
    );
    expect(".o-messaging-Row-preview").toHaveText("Hello Ana");
});

test("a fixed picture of a sent template is in the thread", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const template = {media_kind: "document", media_url: "https://a.example/a.pdf"};
    const outbound = {direction: "outbound", state: "sent"};
    server.message(row, {...outbound, data: {template}});
    const file = {id: 5, name: "b.pdf", mimetype: "application/pdf", state: "ready"};
    server.message(row, {...outbound, data: {template}, files: [file]});
    await openInbox(server, {resId: row.id});
    expect(queryAllTexts(".o-messaging-TemplateMedia")).toEqual(["a.pdf"]);
});

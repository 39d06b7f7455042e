import {
    changesOf,
    contentOf,
    freeName,
    inserted,
    variablesOf,
} from "@messaging_inbox/templates/editor/editor_content";
import {describe, expect, test} from "@odoo/hoot";

describe.current.tags("headless");

const DATA = {
    header: "News",
    body: "Hello {{name}}, your {{ model }} is ready.",
    footer: false,
    buttons: [{kind: "url", text: "Look", value: "https://a.example/{{code}}"}],
    samples: {name: "Ana", gone: "x"},
    bindings: {name: {source: "partner", path: "name"}},
    media_kind: false,
};

test("variables are those of header, text and links, in the order of reading", () => {
    const content = contentOf({...DATA, header: "For {{name}} and {{shop}}"});
    expect(variablesOf(content)).toEqual(["name", "shop", "model", "code"]);
    expect(variablesOf({...content, headerKind: "image"})).toEqual([
        "name",
        "model",
        "code",
    ]);
    const reply = [{kind: "reply", text: "{{x}}", value: "{{y}}"}];
    expect(variablesOf({...content, buttons: reply})).not.toInclude("y");
});

test("samples and bindings of variables that are gone are not stored", () => {
    const changes = changesOf(contentOf(DATA));
    expect(changes.samples).toEqual({name: "Ana"});
    expect(changes.bindings).toEqual(DATA.bindings);
    expect(changes.header).toBe("News");
    expect(changes.media_kind).toBe(false);
});

test("a header is either a text or a file", () => {
    const content = contentOf(DATA);
    expect(content.headerKind).toBe("text");
    const changes = changesOf({...content, headerKind: "document"});
    expect(changes.media_kind).toBe("document");
    expect(changes.header).toBe("");
    expect(changesOf({...content, headerKind: "none"}).header).toBe("");
});

test("a new variable gets a free name, among numbers the next number", () => {
    expect(freeName([], "contact")).toBe("contact");
    expect(freeName(["contact", "contact_2"], "contact")).toBe("contact_3");
    expect(freeName(["2", "1"], "contact")).toBe("3");
});

test("a variable is inserted where the cursor is, apart from the word before", () => {
    expect(inserted("Hello there", "name", 5).text).toBe("Hello {{name}} there");
    const replaced = inserted("Hello you!", "name", 6, 9);
    expect(replaced.text).toBe("Hello {{name}}!");
    expect(replaced.text.slice(replaced.start, replaced.end)).toBe("name");
    expect(inserted("", "name", 0).text).toBe("{{name}}");
});

test("rubbish in the record is an empty template", () => {
    const content = contentOf({buttons: {a: 1}, samples: false, bindings: null});
    expect(content.buttons).toEqual([]);
    expect(variablesOf(content)).toEqual([]);
});

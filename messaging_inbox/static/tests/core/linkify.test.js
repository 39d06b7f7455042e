import {describe, expect, test} from "@odoo/hoot";
import {findLinks} from "@messaging_inbox/core/linkify";

describe.current.tags("headless");

function textsOf(text) {
    return findLinks(text).map((link) => link.text);
}

function hrefsOf(text) {
    return findLinks(text).map((link) => link.href);
}

test("URLs are links, without the punctuation around them", () => {
    expect(findLinks("See https://odoo.com/a?b=1, or (www.odoo.com).")).toEqual([
        {
            index: 4,
            text: "https://odoo.com/a?b=1",
            href: "https://odoo.com/a?b=1",
            isWeb: true,
        },
        {
            index: 32,
            text: "www.odoo.com",
            href: "https://www.odoo.com",
            isWeb: true,
        },
    ]);
});

const WHOLE = [
    "https://en.wikipedia.org/wiki/Odoo_(software)",
    "https://en.wikipedia.org/wiki/Foo_(a_(b))",
    "https://shop.example/it's-new/o'neil",
    "https://shop.example/?f[0]=red&f[1]=blue",
    "https://shop.example/{id}",
    "https://shop.example/a,b;c.html",
    "https://shop.example/caf\u00e9",
];

for (const address of WHOLE) {
    test(`the link is whole: ${address}`, () => {
        for (const [before, after] of [
            ["", ""],
            ["(", ")"],
            ["'", "'"],
            ["[", "]."],
            ["Look: ", "!?"],
            ["\u201c", "\u201d,"],
        ]) {
            expect(textsOf(before + address + after)).toEqual([address]);
        }
    });
}

test("only http and https URLs become links", () => {
    for (const text of [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
    ]) {
        expect(findLinks(text)).toEqual([]);
    }
});

test("email addresses are links", () => {
    expect(hrefsOf("Write to ana.o'neil+shop@mail.example.com.")).toEqual([
        "mailto:ana.o'neil+shop@mail.example.com",
    ]);
    expect(hrefsOf("(jos\u00e9@example.com), 'x@example.com'")).toEqual([
        "mailto:jos%C3%A9@example.com",
        "mailto:x@example.com",
    ]);
    expect(findLinks("@ana, a@b, 5 @ 3.50, me@ example.com")).toEqual([]);
});

test("a URL may contain an email address or a number", () => {
    for (const text of [
        "https://shop.example/?mail=ana@example.com",
        "https://shop.example/600123456",
    ]) {
        expect(textsOf(text)).toEqual([text]);
    }
});

const PHONES = {
    "+34 600 123 456": "tel:+34600123456",
    "+1 (415) 555-2671": "tel:+14155552671",
    "(415) 555-2671": "tel:4155552671",
    "+44 (0)20 7946 0018": "tel:+442079460018",
    "0034600123456": "tel:0034600123456",
    "600 123 456": "tel:600123456",
    "06.12.34.56.78": "tel:0612345678",
};

for (const [text, href] of Object.entries(PHONES)) {
    test(`a phone number is a link: ${text}`, () => {
        expect(findLinks(`Call ${text}.`)).toEqual([{index: 5, text, href}]);
        expect(hrefsOf(`Tel:${text}, after six`)).toEqual([href]);
    });
}

test("other numbers are not phone numbers", () => {
    for (const text of [
        "2026-11-23 10:00",
        "23.11.2026 10 h",
        "1.234.567,00 \u20ac",
        "Order 12345678",
        "4111 1111 1111 1111",
        "ES91 2100 0418 4502 0005 1332",
        "NO93 8601 1117 947",
        "SKU600123456",
        "600123456abc",
        "1234567890123456789",
    ]) {
        expect(findLinks(text)).toEqual([]);
    }
});

import {describe, expect, test} from "@odoo/hoot";
import {splitLinks} from "@messaging_inbox/core/linkify";

describe.current.tags("headless");

test("addresses become links without the punctuation around them", () => {
    expect(splitLinks("See https://odoo.com/a?b=1, or (www.odoo.com).")).toEqual([
        {text: "See "},
        {text: "https://odoo.com/a?b=1", href: "https://odoo.com/a?b=1"},
        {text: ", or ("},
        {text: "www.odoo.com", href: "https://www.odoo.com"},
        {text: ")."},
    ]);
    expect(splitLinks("https://en.wikipedia.org/wiki/Odoo_(software)")).toEqual([
        {
            text: "https://en.wikipedia.org/wiki/Odoo_(software)",
            href: "https://en.wikipedia.org/wiki/Odoo_(software)",
        },
    ]);
});

test("nothing but http and https becomes a link", () => {
    for (const text of [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
    ]) {
        expect(splitLinks(text)).toEqual([{text}]);
    }
});

test("no character is lost", () => {
    const text = "a\nhttps://x.y/z!\n\n🙂 www.a.b";
    const joined = splitLinks(text)
        .map((piece) => piece.text)
        .join("");
    expect(joined).toBe(text);
});

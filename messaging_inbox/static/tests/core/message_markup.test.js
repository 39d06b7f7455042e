import {describe, expect, test} from "@odoo/hoot";
import {markupOf, withoutFormatting} from "@messaging_inbox/core/message_markup";

describe.current.tags("headless");

/** Return nodes as one string, so that a test case fits on a line. */
function drawn(nodes) {
    return nodes
        .map(({tag, href, text, children}) => {
            const inner = children ? drawn(children) : text;
            const name = href ? "a" : tag;
            return name ? `<${name}>${inner}</${name}>` : inner;
        })
        .join("");
}

const MARKED = {
    "*bold* _italic_ ~struck~ `code`":
        "<strong>bold</strong> <em>italic</em> <s>struck</s> <code>code</code>",
    "```two\nlines```": "<code>two\nlines</code>",
    "*_~all~_*": "<strong><em><s>all</s></em></strong>",
    "*several words, one mark*!": "<strong>several words, one mark</strong>!",
    "(*in brackets*)": "(<strong>in brackets</strong>)",
    "*a* and *b*": "<strong>a</strong> and <strong>b</strong>",
    "*see https://a.example/b_c_d*":
        "<strong>see <a>https://a.example/b_c_d</a></strong>",
    "*https://a.example*": "<strong><a>https://a.example</a></strong>",
    "_ana_b@a.example_": "<em><a>ana_b@a.example</a></em>",
    "`*a* https://a.example`": "<code>*a* https://a.example</code>",
    "*\u00e1rbol*": "<strong>\u00e1rbol</strong>",
};

for (const [text, html] of Object.entries(MARKED)) {
    test(`drawn as WhatsApp does: ${text}`, () => {
        expect(drawn(markupOf(text, {hasFormatting: true}))).toBe(html);
        expect(withoutFormatting(text)).toBe(html.replace(/<[^>]+>/g, ""));
    });
}

for (const text of [
    "2 * 3 * 4",
    "snake_case_name",
    "a*b*c",
    "* a list",
    "*not closed",
    "*two\nlines*",
    "** **** __ ~~",
    "* spaced *",
    "~/a/~b",
    "**a**",
    "__init__",
    "``",
]) {
    test(`no mark: ${text}`, () => {
        expect(markupOf(text, {hasFormatting: true})).toEqual([{text}]);
    });
}

test("without formatting, only links are drawn", () => {
    expect(drawn(markupOf("*a* `b` https://a.example"))).toBe(
        "*a* `b` <a>https://a.example</a>"
    );
});

test("HTML in a customer's text stays text", () => {
    const text = "<img src=x onerror=alert(1)> *<b>*";
    expect(markupOf(text, {hasFormatting: true})).toEqual([
        {text: "<img src=x onerror=alert(1)> "},
        {tag: "strong", children: [{text: "<b>"}]},
    ]);
});

test("no character is lost", () => {
    const text = "a\nhttps://x.y/z!\n\n\ud83d\ude42 www.a.b +34 600 123 456 a@b.cd";
    const joined = markupOf(text).map((node) => node.text);
    expect(joined.join("")).toBe(text);
});

test("parsing takes linear time, whatever the text", () => {
    for (const piece of ["*a ", "a", ")", "1 ", "`", "_*~", "www.", "a@", "+1 "]) {
        const text = piece.repeat(30000 / piece.length);
        expect(drawn(markupOf(text, {hasFormatting: true})).length).toBeGreaterThan(0);
    }
});

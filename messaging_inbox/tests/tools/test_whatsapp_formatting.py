from odoo.tests import BaseCase

from ...tools.whatsapp_formatting import draw_formatting, without_formatting

# The same cases as in static/tests/core/message_markup.test.js.
MARKED = {
    "*bold* _italic_ ~struck~ `code`": (
        "<strong>bold</strong> <em>italic</em> <s>struck</s> <code>code</code>",
        "bold italic struck code",
    ),
    "```two\nlines```": ("<code>two\nlines</code>", "two\nlines"),
    "*_~all~_*": ("<strong><em><s>all</s></em></strong>", "all"),
    "(*in brackets*)!": ("(<strong>in brackets</strong>)!", "(in brackets)!"),
    "*see https://a.example/b_c_d*": (
        "<strong>see https://a.example/b_c_d</strong>",
        "see https://a.example/b_c_d",
    ),
    "_ana_b@a.example_": ("<em>ana_b@a.example</em>", "ana_b@a.example"),
    "`*a*`": ("<code>*a*</code>", "*a*"),
    "*\u00e1rbol*": ("<strong>\u00e1rbol</strong>", "\u00e1rbol"),
    "<b> *<i>* &": ("&lt;b&gt; <strong>&lt;i&gt;</strong> &amp;", "<b> <i> &"),
    "*a _b* c_": ("<strong>a _b</strong> c_", "a _b c_"),
}
UNMARKED = [
    "2 * 3 * 4",
    "snake_case_name",
    "* a list",
    "*not closed",
    "*two\nlines*",
    "** **** __ ~~",
    "* spaced *",
    "~/a/~b",
    "**a**",
    "__init__",
    "``",
]


class TestWhatsappFormatting(BaseCase):
    def test_formatting_is_rendered_as_on_the_screen_or_removed(self):
        for text, (html, plain) in MARKED.items():
            with self.subTest(text):
                self.assertEqual(draw_formatting(text), html)
                self.assertEqual(without_formatting(text), plain)

    def test_signs_without_formatting_stay(self):
        for text in UNMARKED:
            with self.subTest(text):
                self.assertEqual(draw_formatting(text), text)
                self.assertEqual(without_formatting(text), text)

    def test_a_long_text_of_opening_signs_is_parsed(self):
        for piece in ("*a ", "_*~", "`", "www.", "a@", "```a"):
            with self.subTest(piece):
                without_formatting(piece * 10000)

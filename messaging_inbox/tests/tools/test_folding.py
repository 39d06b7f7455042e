from odoo.tests import BaseCase

from ...tools.folding import excerpt, find_words, fold


def marked(text, *words, length=160):
    """Return the excerpt with its words in brackets."""
    part, spans = excerpt(text, find_words(text, words), length)
    units = part.encode("utf-16-le")
    for start, end in reversed(spans):
        before, word, after = (
            units[: 2 * start],
            units[2 * start : 2 * end],
            units[2 * end :],
        )
        left, right = (bracket.encode("utf-16-le") for bracket in "[]")
        units = before + left + word + right + after
    return units.decode("utf-16-le")


class TestFolding(BaseCase):
    """Folding of text for search, and what a result shows of a text."""

    def test_case_accents_and_ligatures_are_folded(self):
        for text, folded in {
            "Lucía FERNÁNDEZ": "lucia fernandez",
            "Weiß Œuvre": "weiss oeuvre",
            "Søren Łukasz": "soren lukasz",
            "ﬁne ½": "fine 1⁄2",
        }.items():
            self.assertEqual(fold(text), folded)

    def test_words_are_marked_where_they_stand(self):
        for text, words, expected in (
            ("Is it blue?", ["BLUE"], "Is it [blue]?"),
            ("Añada cañas", ["ana"], "[Aña]da c[aña]s"),
            ("Die Straße", ["strasse"], "Die [Straße]"),
            ("👍🏽 blue 👍🏽 blue", ["blue"], "👍🏽 [blue] 👍🏽 [blue]"),
            ("blueblue", ["blue", "lueb"], "[blueblue]"),
            ("Nothing here", ["blue"], "Nothing here"),
            ("two\nlines of blue", ["blue"], "two lines of [blue]"),
        ):
            self.assertEqual(marked(text, *words), expected)

    def test_a_long_text_is_cut_around_the_first_word(self):
        shown = marked("before " * 100 + "blue " + "after " * 100, "blue", length=60)
        self.assertRegex(shown, r"^…before .*\[blue\].*…$")
        self.assertLessEqual(len(shown), 60 + len("……[]"))

    def test_a_word_at_the_end_is_shown_with_what_precedes_it(self):
        shown = marked("x" * 500 + " blue", "blue", length=40)
        self.assertRegex(shown, r"^…x+ \[blue\]$")

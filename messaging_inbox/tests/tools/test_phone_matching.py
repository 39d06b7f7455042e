from odoo.tests import BaseCase

from ...tools.phone_numbers import (
    digits_of,
    spellings,
    variants,
)

TWINS = {
    "Brazil, with the ninth digit and without": ("+5511987654321", "+551187654321"),
    "Mexico, with the one and without": ("+5215512345678", "+525512345678"),
    "Argentina, with the nine and without": ("+5491123456789", "+541123456789"),
    "Argentina, a long area code": ("+5492966123456", "+542966123456"),
}
ALONE = {
    "a landline of Brazil": "+551132345678",
    "a number of Spain": "+34611111111",
    "a number of the United States": "+12025550123",
    "one that is too short": "+5511",
}


class TestPhoneMatching(BaseCase):
    """Different numbers and spellings of the same phone match."""

    def test_some_countries_have_two_numbers_for_one_phone(self):
        for why, (one, other) in TWINS.items():
            with self.subTest(why):
                self.assertEqual(variants(one), [one, other])
                self.assertEqual(variants(other), [other, one])

    def test_all_others_have_one(self):
        for why, number in ALONE.items():
            with self.subTest(why):
                self.assertEqual(variants(number), [number])

    def test_a_number_is_written_in_many_ways(self):
        ways = {
            "+34611111111": "611111111 +34611111111 0034611111111 34611111111",
            "+33612345678": "0612345678 +33612345678 612345678",
            "+5511987654321": "11987654321 011987654321 005511987654321",
            "+5491123456789": "0111523456789 91123456789",
            "+541123456789": "1123456789 01123456789",
            "+390612345678": "0612345678 +390612345678",
        }
        for number, written in ways.items():
            with self.subTest(number):
                self.assertLessEqual(set(written.split()), spellings(number))

    def test_text_that_is_not_a_number_is_kept(self):
        self.assertEqual(spellings("+1"), {"+1", "1", "001"})

    def test_words_are_not_numbers(self):
        self.assertEqual(digits_of("Lamp 4000"), "")
        self.assertEqual(digits_of("12"), "")
        self.assertEqual(digits_of("+34 (611) 11-11"), "346111111")
        self.assertEqual(digits_of("0034 611"), "34611")
        self.assertEqual(digits_of("0012"), "0012")

from odoo.tools import SQL

from ..conversation.link_case import LinkCase

SPAIN = {
    "a landline after it": ("+34600888001", "600 888 001 / 93 555 66 77"),
    "a landline before it": ("+34600888002", "93 555 66 78 / 600 888 002"),
    "both from abroad": ("+34600888003", "+34 600 888 003, +34 600 888 103"),
    "a word between": ("+34600888004", "93 555 66 79 o 600 888 004"),
    "a hyphen between": ("+34600888005", "935556680-600888005"),
    "nothing but a space": ("+34600888006", "935556681 600888006"),
    "names beside": ("+34600888007", "Ana 600888007 (Luis 600 888 107)"),
    "a number of another country": ("+442079460958", "600888108; +44 20 7946 0958"),
    "an extension": ("+34935556690", "93 555 66 90 ext. 12"),
}


class TestSearchNumbers(LinkCase):
    """Fields with several phone numbers, as people type them."""

    def setUp(self):
        super().setUp()
        self.spain = self.env.ref("base.es")
        self.company.country_id = self.env.ref("base.us")

    def test_each_number_in_a_field_matches(self):
        for why, (number, phone) in SPAIN.items():
            partner = self.contact("Someone", phone=phone, country_id=self.spain.id)
            deal = self.make_deal(name="Lamps", phone=phone, country_id=self.spain.id)
            thread = self.conversation(sender=number)
            with self.subTest(why):
                self.assertEqual(
                    self.offered(thread=thread), {partner.id: "same_phone"}
                )
                self.assertEqual(
                    self.offered("leads", thread=thread), {deal.id: "same_phone"}
                )
                values = {"name": "Else", "phone": number}
                [hit] = self.inbox.inbox_partner_duplicates(thread.id, values)
                self.assertEqual(hit["id"], partner.id)
                for typed in (number, number[:6] + " " + number[6:], number[3:]):
                    self.assertEqual(self.found(typed), partner.ids)
                    self.assertEqual(self.found(typed, "crm.lead"), deal.ids)

    def test_numbers_without_country_match_as_written(self):
        partner = self.contact("Someone", phone="600 888 001 / 93 555 66 77")
        thread = self.conversation(sender="+34600888001")
        self.assertEqual(self.offered(thread=thread), {partner.id: "same_phone"})
        self.assertEqual(self.found("+34 600 88 80 01"), partner.ids)

    def test_national_numbers_match_only_their_country(self):
        france = self.env.ref("base.fr").id
        self.contact("Someone", phone="06 12 34 56 78 / x", country_id=france)
        thread = self.conversation(sender="+49612345678")
        self.assertEqual(self.offered(thread=thread), {})

    def test_typing_two_numbers_finds_both_duplicates(self):
        self.company.country_id = self.spain
        one = self.contact("One", phone="600888001")
        two = self.contact("Two", phone="935556677")
        values = {"phone": "600 888 001 / 93 555 66 77"}
        hits = self.inbox.inbox_partner_duplicates(self.thread.id, values)
        self.assertEqual({hit["id"] for hit in hits}, {one.id, two.id})

    def test_numbers_follow_the_field_and_the_country(self):
        partner = self.contact("Someone", phone="600888001 / 600888002")
        self.assertEqual(partner.messaging_phones, "600888001 600888002")
        partner.country_id = self.spain
        self.assertEqual(partner.messaging_phones, "+34600888001 +34600888002")
        partner.phone = False
        self.assertFalse(partner.messaging_phones)

    def test_indexes_serve_both_ways(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for table in ("res_partner", "crm_lead"):
            exact = "string_to_array(messaging_phones, ' ') && ARRAY['+34600888001']"
            part = "messaging_phones ILIKE '%%600888%%'"
            for where, index in ((exact, "phones"), (part, "search")):
                query = f"EXPLAIN SELECT id FROM {table} WHERE {where}"
                plan = str(self.env.execute_query(SQL(query)))
                self.assertIn(f"{table}_messaging_{index}_idx", plan)

from odoo.exceptions import UserError

from ..conversation.link_case import LinkCase


class TestLinkSearch(LinkCase):
    """The link dialog finds contacts, leads and deals by any of their details."""

    def test_contacts_are_found_by_any_of_their_details(self):
        company = self.contact("Brico SL", is_company=True)
        partner = self.contact(
            "Eva Gil",
            parent_id=company.id,
            phone="+34 622 33 44 55",
            email="eva@elsewhere.example",
        )
        for query in (
            "eva g",
            "EVA@else",
            "622 33 44 55",
            "622-334",
            "+34622334455",
            "0034 622 334 455",
            "622334455",
        ):
            with self.subTest(query):
                self.assertEqual(self.found(query), partner.ids)
        self.assertEqual(set(self.found("brico")), {company.id, partner.id})

    def test_deals_are_found_by_title_customer_and_number(self):
        partner = self.contact("Eva Gil")
        deal = self.make_deal(
            name="Sixty chairs",
            partner_id=partner.id,
            partner_name="Brico SL",
            phone="622334455",
        )
        for query in ("sixty", "eva gil", "brico", "622 33 44"):
            with self.subTest(query):
                self.assertEqual(self.found(query, "crm.lead"), deal.ids)

    def test_both_numbers_of_one_phone_are_found_by_search(self):
        partner = self.contact("Someone", phone="+525512345678")
        self.assertEqual(self.found("+52 1 55 1234 5678"), partner.ids)

    def test_an_empty_search_finds_nothing(self):
        for query in ("", "  ", "\x00", "%nobody_", "0012", 5, ["x"], {"a": 1}, None):
            self.assertEqual(self.found(query), [])

    def test_sql_wildcards_are_searched_literally(self):
        for name, other in (("50% off", "50 or off"), ("a_b", "axb"), ("a\\b", "ab")):
            with self.subTest(name):
                contact, deal = self.contact(name), self.make_deal(name=name)
                self.contact(other)
                self.make_deal(name=other)
                self.assertEqual(self.found(name), contact.ids)
                self.assertEqual(self.found(name, "crm.lead"), deal.ids)

    def test_a_search_is_limited_in_size_and_to_two_models(self):
        for number in range(10):
            self.contact(f"Bulk {number}")
        self.assertEqual(len(self.found("bulk")), 8)
        self.assertEqual(len(self.found("bulk", limit=0)), 1)
        with self.assertRaisesRegex(UserError, "contacts, leads or deals"):
            self.found("bulk", "res.users")

    def test_a_search_leaves_other_companies_out(self):
        self.agent.company_ids |= self.other_company
        elsewhere = {"company_id": self.other_company.id}
        self.contact("Bulk", **elsewhere)
        shared = self.contact("Bulk")
        both = {"allowed_company_ids": (self.company | self.other_company).ids}
        self.inbox = self.inbox.with_context(**both)
        self.assertEqual(self.found("bulk"), shared.ids)

    def test_a_search_finds_only_accessible_records(self):
        self.make_deal(name="Hidden chairs", user_id=self.colleague.id)
        self.assertEqual(self.found("chairs", "crm.lead"), [])

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ...models.inbox.suggestions import EMAIL
from ..common import CUSTOMER
from ..conversation.link_case import ALL_LEADS, LinkCase
from ..tools.test_phone_matching import TWINS


class TestSuggestions(LinkCase):
    """Suggested contacts and leads have a reason and are never linked by themselves."""

    # contacts

    def test_the_same_number_is_found_however_it_is_written(self):
        spain = self.env.ref("base.es").id
        for values in (
            {"phone": CUSTOMER},
            {"phone": "611 11 11 11", "country_id": spain},
            {"phone": "0034 611-11.11.11"},
            # A number without country code is parsed for the company's country.
            {"phone": "611 11 11 11"},
            {"phone": "(34) 611111111"},
        ):
            with self.subTest(**values):
                partner = self.contact("Someone", **values)
                self.assertEqual(self.offered(), {partner.id: "same_phone"})
                partner.unlink()

    def test_the_same_digits_in_another_country_do_not_match(self):
        self.contact("Jean", phone="611111111", country_id=self.env.ref("base.fr").id)
        self.assertEqual(self.offered(), {})

    def test_both_numbers_of_one_phone_are_found(self):
        for why, twins in TWINS.items():
            for one, other in (twins, twins[::-1]):
                with self.subTest(why, customer=one, contact=other):
                    partner = self.contact("Someone", phone=other)
                    thread = self.conversation(sender=one)
                    self.assertEqual(
                        self.offered(thread=thread), {partner.id: "same_phone"}
                    )
                    partner.unlink()

    def test_all_matches_are_offered_and_none_is_linked(self):
        twins = self.contact("One", phone=CUSTOMER) + self.contact(phone=CUSTOMER)
        self.assertEqual(self.offered(), dict.fromkeys(twins.ids, "same_phone"))
        self.assertFalse(self.thread.partner_id)

    def test_a_hit_shows_name_and_reason(self):
        company = self.contact("Brico SL", is_company=True)
        partner = self.contact(
            phone=CUSTOMER, email="ana@brico.example", parent_id=company.id
        )
        [hit] = self.suggestions()["partners"]
        self.assertEqual(
            hit,
            {
                "id": partner.id,
                "name": "Ana Núñez",
                "detail": "Brico SL · ana@brico.example",
                "phone": CUSTOMER,
                "reason": "same_phone",
                "reason_text": "Same number",
            },
        )

    def test_an_address_in_the_customers_messages_is_a_clue(self):
        partner = self.contact("Someone", email="Ana@Brico.example")
        self.receive("Send it to <ana@brico.example>, please")
        self.assertEqual(self.offered(), {partner.id: "same_email"})

    def test_addresses_in_our_own_messages_are_ignored(self):
        self.contact("Someone", email="ana@brico.example")
        self.thread.reply("Write to ana@brico.example")
        self.assertEqual(self.offered(), {})

    def test_a_name_matches_only_if_no_other_clue_does(self):
        namesake = self.contact("Ana")
        self.assertEqual(self.offered(), {namesake.id: "same_name"})
        partner = self.contact("Someone", phone=CUSTOMER)
        self.assertEqual(self.offered(), {partner.id: "same_phone"})

    def test_the_same_customer_id_matches_across_channels(self):
        """Also without a phone number, where the id is the only clue."""
        for customer in (CUSTOMER, "US.13491208655302741918"):
            with self.subTest(customer):
                thread, other = self.two_of(customer)
                other.action_link(partner_id=self.partner.id)
                self.assertEqual(
                    self.offered(thread=thread), {self.partner.id: "same_customer"}
                )

    def two_of(self, customer):
        """Return two conversations of one customer, on two channels."""
        number = f"+3461{next(self.sids):07d}"
        threads = [
            self.conversation(sender=number, channel=channel)
            for channel in (self.whatsapp, self.sms)
        ]
        for thread in threads:
            thread.sudo().identity_ids.external_id = customer + number
            thread._store({"contact_phone": False})
        return threads

    def test_hidden_conversations_give_no_suggestions(self):
        other = self.conversation(user=self.installer, channel=self.private)
        other.sudo().write({"partner_id": self.partner.id})
        self.assertEqual(self.offered(), {})

    def test_the_contact_of_a_linked_deal_is_suggested_but_not_linked(self):
        self.deal.partner_id = self.partner
        self.thread.action_link(lead_id=self.deal.id)
        self.assertFalse(self.thread.partner_id)
        self.assertEqual(self.offered(), {self.partner.id: "lead_contact"})

    def test_a_linked_contact_is_not_suggested(self):
        partner = self.contact("Someone", phone=CUSTOMER)
        self.thread.action_link(partner_id=partner.id)
        self.assertEqual(self.offered(), {})

    def test_archived_contacts_and_those_of_other_companies_are_not_offered(self):
        self.contact("Gone", phone=CUSTOMER, active=False)
        self.contact("There", phone=CUSTOMER, company_id=self.other_company.id)
        self.agent.company_ids |= self.other_company
        both = {"allowed_company_ids": (self.company | self.other_company).ids}
        hits = self.inbox.with_context(**both).inbox_suggestions(self.thread.id)
        self.assertEqual(hits["partners"], [])

    # not this person

    def test_a_dismissal_applies_to_all_users(self):
        partner = self.contact("Someone", phone=CUSTOMER)
        deal = self.make_deal(name="His", phone=CUSTOMER, partner_id=partner.id)
        self.assertIn(deal.id, self.offered("leads"))
        self.thread.action_not_this_person(partner.id)
        self.assertEqual(self.offered(), {})
        self.assertEqual(self.offered(user=self.colleague), {})
        self.assertNotIn(deal.id, self.offered("leads"))

    def test_a_contact_linked_meanwhile_is_not_dismissed(self):
        partner = self.contact("Someone", phone=CUSTOMER)
        self.thread.with_user(self.colleague).action_link(partner_id=partner.id)
        with self.assertRaisesRegex(UserError, "Someone is now linked"):
            self.thread.action_not_this_person(partner.id)
        self.thread.action_unlink_partner()
        self.assertEqual(self.offered(), {partner.id: "same_phone"})

    def test_a_dismissal_applies_to_one_conversation(self):
        partner = self.contact("Someone", phone=CUSTOMER)
        self.thread.action_not_this_person(partner.id)
        other = self.conversation(channel=self.sms)
        self.assertEqual(self.offered(thread=other), {partner.id: "same_phone"})

    def test_linking_by_hand_undoes_a_dismissal(self):
        partner = self.contact("Someone", phone=CUSTOMER)
        self.thread.action_not_this_person(partner.id)
        self.thread.action_link(partner_id=partner.id)
        self.thread.action_unlink_partner()
        self.assertEqual(self.offered(), {partner.id: "same_phone"})

    def test_a_contact_that_is_merged_stays_dismissed(self):
        partner, kept = self.contact("One", phone=CUSTOMER), self.contact("Two")
        self.thread.action_not_this_person(partner.id)
        with mute_logger("odoo.addons.base.partner.merge"):
            self.env["base.partner.merge.automatic.wizard"]._merge(
                (partner | kept).ids, kept
            )
        self.env.invalidate_all()
        self.assertEqual(kept.phone, CUSTOMER)
        self.assertEqual(self.offered(), {})

    def test_merging_a_dismissed_contact_into_a_linked_one_undoes_the_dismissal(self):
        wrong, right = self.contact("One", phone=CUSTOMER), self.contact("Two")
        self.thread.action_not_this_person(wrong.id)
        self.thread.action_link(partner_id=right.id)
        with mute_logger("odoo.addons.base.partner.merge"):
            self.env["base.partner.merge.automatic.wizard"]._merge(
                (wrong | right).ids, right
            )
        self.env.invalidate_all()
        self.thread.action_unlink_partner()
        self.assertEqual(self.offered(), {right.id: "same_phone"})

    def test_a_dismissed_contact_can_be_deleted(self):
        partner = self.contact("Someone", phone=CUSTOMER)
        self.thread.action_not_this_person(partner.id)
        partner.unlink()
        self.assertFalse(self.thread.dismissed_partner_ids)

    def test_inaccessible_contacts_are_not_suggested(self):
        hidden = self.contact(company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            self.thread.action_not_this_person(hidden.id)

    # leads and deals

    def test_open_leads_and_deals_are_offered_with_the_reason(self):
        by_phone = self.make_deal(name="Phone", phone=CUSTOMER)
        by_email = self.make_deal(name="E-mail", email_from="ana@brico.example")
        of_contact = self.make_deal(name="Contact", partner_id=self.partner.id)
        self.thread.action_link(partner_id=self.partner.id)
        self.receive("I am ana@brico.example")
        self.assertEqual(
            self.offered("leads"),
            {
                by_phone.id: "same_phone",
                by_email.id: "same_email",
                of_contact.id: "contact_deal",
            },
        )

    def test_won_lost_and_linked_deals_are_not_suggested(self):
        won, lost, linked = (
            self.make_deal(name=name, phone=CUSTOMER) for name in ("W", "L", "K")
        )
        won.action_set_won()
        lost.action_set_lost()
        self.thread.action_link(lead_id=linked.id)
        self.assertEqual(self.offered("leads"), {})

    def test_a_salesperson_limited_to_own_documents_gets_only_those(self):
        self.make_deal(name="Hers", phone=CUSTOMER, user_id=self.colleague.id)
        mine = self.make_deal(name="Mine", phone=CUSTOMER)
        self.assertEqual(self.offered("leads"), {mine.id: "same_phone"})
        self.agent.group_ids |= self.env.ref(ALL_LEADS)
        self.assertEqual(len(self.offered("leads")), 2)

    def test_users_without_sales_access_get_no_deals(self):
        self.make_deal(name="Phone", phone=CUSTOMER)
        self.assertEqual(self.offered("leads", user=self.installer), {})

    # duplicates of typed values

    def test_typed_values_are_compared_again(self):
        partner = self.contact("Someone", phone="622 22 22 22")
        deal = self.make_deal(name="Other", email_from="eva@brico.example")
        ask = self.inbox
        values = {"name": "Eva", "phone": "+34 622-222-222"}
        [hit] = ask.inbox_partner_duplicates(self.thread.id, values)
        self.assertEqual((hit["id"], hit["reason"]), (partner.id, "same_phone"))
        values = {"name": "Lamps", "email_from": "Eva <eva@brico.example>"}
        [hit] = ask.inbox_lead_duplicates(self.thread.id, values)
        self.assertEqual((hit["id"], hit["reason"]), (deal.id, "same_email"))

    def test_an_empty_form_has_no_duplicates(self):
        self.contact("Someone", phone=CUSTOMER)
        empty = {"name": False, "phone": False, "email": False, "partner_id": False}
        self.assertEqual(self.inbox.inbox_partner_duplicates(self.thread.id, empty), [])
        self.assertEqual(self.inbox.inbox_lead_duplicates(self.thread.id, empty), [])

    def test_malformed_values_have_no_duplicates(self):
        for nonsense in (5, True, "a\x00b", ["x"], {"a": 1}, "+"):
            names = ("name", "phone", "email", "email_from", "partner_id")
            values = dict.fromkeys(names, nonsense)
            for ask in (
                self.inbox.inbox_partner_duplicates,
                self.inbox.inbox_lead_duplicates,
            ):
                with self.subTest(ask.__name__, nonsense=nonsense):
                    self.assertEqual(ask(self.thread.id, values), [])


class TestCraftedMessages(LinkCase):
    """The search for email addresses stays fast, whatever customers write."""

    def test_an_address_is_found_among_other_words(self):
        for text, found in (
            ("Ana <ana@brico.example>,", "ana@brico.example"),
            ("mailto:a.b+c@mail.brico.example!", "a.b+c@mail.brico.example"),
            ("我的邮箱ana@brico.example。", "ana@brico.example"),
            ("a@b@c.example", "b@c.example"),
            ("nobody@nowhere", None),
            ("@brico.example", None),
            ("x" * 70 + "@brico.example", None),
        ):
            with self.subTest(text):
                match = EMAIL.search(text)
                self.assertEqual(match and match[0], found)

    def test_a_hundred_crafted_messages_are_searched_quickly(self):
        """A pattern that backtracks at each letter would take minutes."""
        for number in range(100):
            self.receive(f"{number}" + "a" * 60_000 + "@")
        self.receive("It is ana@brico.example, or " + "b@c.example " * 50)
        contact = self.contact("Someone", email="ana@brico.example")
        self.assertIn(contact.id, self.offered())
        self.assertLessEqual(len(self.thread._typed_emails()), 20)

import json

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.sql_db import db_connect
from odoo.tools import mute_logger

from ..common import CUSTOMER
from ..conversation.link_case import ALL_LEADS, LEADS, LinkCase

HEADLINE = "Lamps at half price"


class TestCreating(LinkCase):
    """A new contact, lead or deal takes known values from the conversation."""

    def partner_defaults(self):
        return self.inbox.inbox_partner_defaults(self.thread.id)

    def lead_defaults(self, lead_type="opportunity"):
        return self.inbox.inbox_lead_defaults(self.thread.id, lead_type)

    def create_lead(self, lead_type="opportunity", **values):
        """Create as the form does: with all default values, many2ones as ids."""
        known = {
            name: value["id"] if isinstance(value, dict) else value
            for name, value in self.lead_defaults(lead_type)["values"].items()
        }
        lead_id = self.thread.action_create_lead({**known, **values}, lead_type)
        return self.env["crm.lead"].browse(lead_id)

    # contacts

    def test_a_contact_form_is_prefilled_from_the_conversation(self):
        self.receive("I am ana@brico.example")
        defaults = self.partner_defaults()
        self.assertEqual(
            defaults["values"],
            {
                "name": "Ana",
                "phone": CUSTOMER,
                "email": "ana@brico.example",
                "company_id": {"id": self.company.id, "name": self.company.name},
            },
        )
        json.dumps(defaults)

    def test_no_email_is_filled_in_if_the_customer_wrote_two(self):
        self.receive("ana@brico.example or eva@brico.example")
        self.assertIs(self.partner_defaults()["values"]["email"], False)

    def test_a_second_contact_is_never_created(self):
        """A colleague may have linked one, or the first response was lost."""
        self.thread.action_create_partner({})
        before = self.env["res.partner"].search_count([])
        with self.assertRaisesRegex(UserError, "already linked to Ana"):
            self.thread.action_create_partner({})
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_possible_duplicate_contacts_are_shown_first(self):
        partner = self.contact("Someone", phone=CUSTOMER)
        [hit] = self.partner_defaults()["duplicates"]
        self.assertEqual((hit["id"], hit["reason"]), (partner.id, "same_phone"))

    # leads and deals

    def test_a_deal_form_is_prefilled_from_the_conversation(self):
        self.receive("From the ad", ReferralHeadline=HEADLINE, ReferralSourceType="ad")
        defaults = self.lead_defaults()
        self.assertEqual(
            defaults["values"],
            {
                "name": "Ana",
                "contact_name": "Ana",
                "phone": CUSTOMER,
                "email_from": False,
                "partner_id": False,
                "company_id": {"id": self.company.id, "name": self.company.name},
                "user_id": {"id": self.agent.id, "name": "Agent"},
                "source_id": {"id": False, "name": self.whatsapp.name},
                "medium_id": {"id": False, "name": "WhatsApp"},
                "campaign_id": {"id": False, "name": HEADLINE},
            },
        )
        json.dumps(defaults)

    def test_opening_a_form_creates_nothing(self):
        sources = self.env["utm.source"].search_count([])
        self.lead_defaults()
        self.assertEqual(self.env["utm.source"].search_count([]), sources)

    def test_source_medium_and_campaign_are_created_once_and_reused(self):
        self.receive("From the ad", ReferralHeadline=HEADLINE, ReferralSourceType="ad")
        first, second = self.create_lead(name="One"), self.create_lead(name="Two")
        self.assertEqual(first.source_id.name, self.whatsapp.name)
        self.assertEqual(first.medium_id.name, "WhatsApp")
        self.assertEqual(first.campaign_id.title, HEADLINE)
        for field in ("source_id", "medium_id", "campaign_id"):
            self.assertEqual(first[field], second[field])

    def test_a_source_created_concurrently_makes_odoo_retry(self):
        name = self.whatsapp.name
        self.env.flush_all()
        self.addCleanup(self.elsewhere, "DELETE FROM utm_source WHERE name = %s", name)
        self.elsewhere("INSERT INTO utm_source (name) VALUES (%s)", name)
        with self.assertRaises(ConcurrencyError), mute_logger("odoo.sql_db"):
            self.create_lead()

    def elsewhere(self, query, *values):
        """Run work in another transaction, and commit it."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(query, values)

    def test_the_last_advertisement_names_the_campaign(self):
        for headline in ("Chairs", "Lamps"):
            self.receive("Hi", ReferralHeadline=headline, ReferralSourceType="ad")
        self.assertEqual(self.create_lead().campaign_id.title, "Lamps")

    def test_a_link_names_the_campaign_if_nothing_else_does(self):
        message = self.receive("Hi")
        message.data = {"referral": {"source": "SHORTLINK", "ref": "spring"}}
        self.env.flush_all()
        self.assertEqual(self.create_lead().campaign_id.title, "spring")

    def test_without_an_advertisement_there_is_no_campaign(self):
        self.assertFalse(self.create_lead().campaign_id)

    def test_the_medium_of_an_sms_is_sms(self):
        self.thread = self.conversation(channel=self.sms)
        lead = self.create_lead()
        self.assertEqual(
            (lead.source_id.name, lead.medium_id.name), (self.sms.name, "SMS")
        )

    def test_creating_a_lead_creates_no_contact(self):
        before = self.env["res.partner"].search_count([])
        for lead_type in ("lead", "opportunity"):
            lead = self.create_lead(lead_type)
            self.assertEqual(lead.type, lead_type)
            self.assertFalse(lead.partner_id)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertFalse(self.thread.partner_id)

    def test_a_lead_takes_the_contact_and_leaves_its_number_unchanged(self):
        """Odoo copies a lead's number to its contact, whose own must be kept."""
        self.partner.write({"phone": "+34 699 99 99 99", "email": "a@brico.example"})
        self.thread.action_link(partner_id=self.partner.id)
        lead = self.create_lead()
        self.assertEqual(lead.partner_id, self.partner)
        self.assertEqual(lead.phone, "+34 699 99 99 99")
        self.assertEqual(lead.email_from, "a@brico.example")
        self.assertEqual(self.partner.phone, "+34 699 99 99 99")

    def test_the_customers_number_fills_in_for_a_contact_without_one(self):
        self.thread.action_link(partner_id=self.partner.id)
        self.assertEqual(self.create_lead().phone, CUSTOMER)

    def test_a_lead_leaves_out_an_inaccessible_contact(self):
        self.thread.action_link(partner_id=self.partner.id)
        self.partner.company_id = self.other_company
        self.assertIs(self.lead_defaults()["values"]["partner_id"], False)
        self.assertFalse(self.create_lead().partner_id)

    def test_the_assignee_becomes_salesperson_if_the_agent_keeps_access(self):
        self.thread.action_assign(self.colleague.id)
        self.assertEqual(self.create_lead().user_id, self.agent)
        self.agent.group_ids |= self.env.ref(ALL_LEADS)
        self.assertEqual(self.create_lead().user_id, self.colleague)

    def test_odoo_chooses_the_team_of_the_salesperson(self):
        team = self.env["crm.team"].create(
            {"name": "Lamps", "member_ids": [(4, self.agent.id)], "sequence": -1}
        )
        self.assertEqual(self.create_lead().team_id, team)

    def test_possible_duplicate_leads_are_shown_first(self):
        deal = self.make_deal(name="Other", phone=CUSTOMER)
        [hit] = self.lead_defaults()["duplicates"]
        self.assertEqual((hit["id"], hit["reason"]), (deal.id, "same_phone"))

    # refusals

    def test_disabled_leads_are_not_offered(self):
        """Other addons may still create leads, as in Odoo."""
        self.agent.group_ids -= self.env.ref(LEADS)
        can = self.thread._details()["can"]
        self.assertEqual((can["create_lead"], can["create_deal"]), (False, True))
        self.assertEqual(self.create_lead("lead").type, "lead")

    def test_bad_input_raises_a_user_error(self):
        for values, sentence in (
            ({"name": ""}, "Enter a name"),
            ({"name": "  "}, "Enter a name"),
            ({"nonsense": 1}, "Unknown field: nonsense"),
            ({"company_id": "x"}, "can't be saved"),
            ({"company_id": [1, 2]}, "can't be saved"),
            ({"country_id": "-1"}, "can't be saved"),
            ({"country_id": 2**31 - 1}, "can't be saved"),
            ({"country_id": 2**40}, "can't be saved"),
        ):
            for create in (
                self.thread.action_create_partner,
                lambda values: self.thread.action_create_lead(values, "opportunity"),
            ):
                with (
                    self.subTest(**values),
                    self.assertRaisesRegex(UserError, sentence),
                ):
                    with self.env.cr.savepoint():
                        create(values)

    def test_fields_that_the_agent_may_not_set_are_refused(self):
        """Records are created as the user, so field and record rights apply."""
        with self.assertRaises(AccessError):
            self.thread.action_create_lead(
                {"user_id": self.colleague.id, "name": "x"}, "opportunity"
            )

from odoo.exceptions import AccessError

from ..common import CUSTOMER
from .start_case import NEW, StartCase


class TestStartOptions(StartCase):
    def options(self, user=None, **links):
        return self.inbox.with_user(user or self.agent).start_options(**links)

    def values(self, **links):
        return [each["value"] for each in self.options(**links)["recipients"]]

    def test_the_channels_that_may_write_first_are_offered(self):
        offered = {each["id"]: each for each in self.options()["channels"]}
        self.assertEqual(offered.keys(), {self.whatsapp.id, self.sms.id})
        self.assertEqual(
            offered[self.whatsapp.id],
            {
                "id": self.whatsapp.id,
                "name": self.whatsapp.name,
                "kind": "whatsapp",
                "kind_name": "WhatsApp",
                "address": self.whatsapp.address,
                "needs_template": True,
            },
        )
        self.assertFalse(offered[self.sms.id]["needs_template"])
        private = [each["id"] for each in self.options(self.installer)["channels"]]
        self.assertIn(self.private.id, private)

    def test_messenger_is_not_offered_and_refused(self):
        account = self.env["messaging.account"].create(
            {"name": "Meta", "provider": "messenger", "state": "connected"}
        )
        page = self._channel("messenger", "104030201000010", account_id=account.id)
        self.assertNotIn(page.id, [each["id"] for each in self.options()["channels"]])
        problem = self.inbox.start_check(page.id, NEW)["problem"]
        self.assertEqual(problem, "On Messenger, the customer must write first.")

    def test_archived_and_paused_channels_are_not_offered(self):
        self.whatsapp.active = False
        self.assertEqual(len(self.options()["channels"]), 1)
        self.account.state = "error"
        self.assertFalse(self.options()["channels"])

    def test_the_channel_of_the_last_start_is_remembered(self):
        self.assertFalse(self.options()["channel_id"])
        self.start(channel=self.whatsapp)
        self.env.cr.execute(
            "UPDATE messaging_participation"
            " SET started_at = started_at - interval '1 minute'"
        )
        self.start(channel=self.sms)
        self.assertEqual(self.options()["channel_id"], self.sms.id)
        self.assertFalse(self.options(self.colleague)["channel_id"])
        self.sms.active = False
        self.assertFalse(self.options()["channel_id"])

    def test_all_numbers_of_a_contact_are_offered_in_any_spelling(self):
        self.partner.phone = "622 22 22 22 / 0034 633-333-333"
        options = self.options(partner_id=self.partner.id)
        self.assertEqual(options["record_name"], "Bea")
        self.assertEqual(
            options["recipients"],
            [
                {
                    "value": value,
                    "shown": shown,
                    "source": "Phone",
                    "country_code": "ES",
                    "unreachable_on": [],
                }
                for value, shown in (
                    (NEW, "+34 622 22 22 22"),
                    ("+34633333333", "+34 633 33 33 33"),
                )
            ],
        )

    def test_national_numbers_belong_to_the_country_of_the_record(self):
        self.partner.write(
            {"country_id": self.env.ref("base.br").id, "phone": "(11) 98765-4321"}
        )
        self.assertEqual(self.values(partner_id=self.partner.id), ["+5511987654321"])

    def test_a_lead_offers_its_numbers_then_those_of_its_contact(self):
        lead = self.env["crm.lead"].create(
            {"name": "Bikes", "partner_id": self.partner.id}
        )
        # Odoo itself keeps both in step, but imports and older rows may differ.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET phone = '633 333 333' WHERE id = %s", [lead.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.values(lead_id=lead.id), ["+34633333333", NEW])

    def test_each_phone_is_offered_once(self):
        self.partner.phone = "+5511987654321, +551187654321"
        self.assertEqual(self.values(partner_id=self.partner.id), ["+5511987654321"])

    def test_the_numbers_of_linked_conversations_are_offered(self):
        self.conversation().action_link(partner_id=self.partner.id)
        recipients = self.options(partner_id=self.partner.id)["recipients"]
        self.assertEqual(
            [(each["value"], each["source"]) for each in recipients],
            [(NEW, "Phone"), (CUSTOMER, "Conversation")],
        )

    def test_records_that_the_user_cannot_read_are_refused(self):
        lead = self.env["crm.lead"].create({"name": "Bikes", "user_id": self.system.id})
        self.colleague.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        for user, links in (
            (self.colleague, {"lead_id": lead.id}),
            (self.portal, {}),
            (self.system, {}),
            (self.employee, {"partner_id": self.partner.id}),
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.options(user, **links)

    def test_the_number_of_queries_is_constant(self):
        def ask():
            return self.options(partner_id=self.partner.id)

        self.conversation().action_link(partner_id=self.partner.id)
        self.warm_queries(ask)
        self.assertEqual(self.warm_queries(ask), 12)
        self.partner.phone = ", ".join(f"+3462222{n}" for n in range(2000, 2020))
        for number in range(5):
            conversation = self.conversation(sender=f"+3461100{number}000")
            conversation.action_link(partner_id=self.partner.id)
        self.assertEqual(self.warm_queries(ask), 12)


class TestStartCheck(StartCase):
    def check(self, recipient=NEW, channel=None, **links):
        return self.inbox.start_check((channel or self.sms).id, recipient, **links)

    def test_a_number_that_can_be_written_to_has_no_problem(self):
        self.assertEqual(
            self.check("622 222 222"),
            {
                "value": NEW,
                "problem": "",
                "conversation_id": False,
                "not_on_channel": False,
                "sms_channel_id": False,
            },
        )
        identities = self.env["messaging.identity"]
        self.assertFalse(identities.search([("external_id", "=", NEW)]))

    def test_a_leading_00_means_a_country_code_in_every_country(self):
        self.env.company.country_id = self.env.ref("base.us")
        checked = self.inbox.start_check(self.sms.id, "0034 622 222 222")
        self.assertEqual(checked["value"], "+34622222222")

    def test_a_problem_is_a_sentence(self):
        checked = self.check("12")
        self.assertEqual(checked["value"], "")
        self.assertIn("isn't a valid phone number", checked["problem"])

    def test_an_existing_conversation_is_named_but_not_a_blank_one(self):
        self.start()
        self.assertFalse(self.check()["conversation_id"])
        existing = self.conversation(channel=self.sms, sender="+551187654321")
        self.assertEqual(self.check("+5511987654321")["conversation_id"], existing.id)
        self.assertFalse(self.check(CUSTOMER)["conversation_id"])

    def test_a_number_on_the_blacklist_is_a_problem(self):
        self.env["phone.blacklist"].add(NEW)
        self.assertIn("opted out", self.check()["problem"])

    def test_a_channel_without_access_is_refused(self):
        with self.assertRaises(AccessError):
            self.check(channel=self.private)

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..common import CUSTOMER
from .start_case import NEW, StartCase


class TestStart(StartCase):
    def test_a_start_returns_a_blank_conversation_with_the_number(self):
        conversation = self.start("622 22 22 22", partner_id=self.partner.id)
        self.assertEqual(conversation.contact_phone, NEW)
        self.assertEqual(conversation.contact_name, "Bea")
        self.assertEqual(conversation.channel_id, self.sms)
        self.assertEqual(conversation.starter_id, self.agent)
        self.assertEqual(conversation.identity_ids.external_id, NEW)
        self.assertFalse(conversation.partner_id)
        self.assertFalse(conversation.sudo().message_ids)

    def test_a_number_without_a_name_is_shown_as_people_write_it(self):
        self.assertEqual(self.start().contact_name, "+34 622 22 22 22")

    def test_starting_again_returns_the_same_conversation(self):
        conversation = self.start()
        self.assertEqual(self.start("0034 622-222-222"), conversation)
        self.assertEqual(self.start(user=self.colleague).id, conversation.id)

    def test_an_existing_conversation_is_opened(self):
        existing = self.conversation(channel=self.sms)
        self.assertEqual(self.start(CUSTOMER), existing)
        self.assertFalse(existing.starter_id)

    def test_an_existing_conversation_is_found_by_the_other_spelling(self):
        for known, typed in (
            ("+5511987654321", "+551187654321"),
            ("+525512345678", "+5215512345678"),
            ("+541123456789", "+5491123456789"),
        ):
            with self.subTest(typed):
                existing = self.conversation(channel=self.sms, sender=known)
                self.assertEqual(self.start(typed), existing)

    def test_channels_that_only_customers_can_start_are_refused(self):
        self.patch(type(self.whatsapp), "_can_start", lambda channel: False)
        with self.assertRaisesRegex(UserError, "On SMS, the customer must write first"):
            self.start()

    def test_a_channel_of_a_paused_account_is_refused(self):
        self.account.state = "error"
        with self.assertRaisesRegex(UserError, "renew the connection"):
            self.start()

    def test_a_number_on_the_blacklist_is_opted_out(self):
        self.env["phone.blacklist"].add(NEW)
        conversation = self.start()
        self.assertEqual(conversation.opt_out_source, "blacklist")
        with self.assertRaisesRegex(UserError, "opted out"):
            conversation.reply("Hello")

    def test_a_blank_conversation_follows_the_blacklist(self):
        conversation = self.start()
        self.env["phone.blacklist"].add(NEW)
        self.assertTrue(conversation.opted_out)
        self.env["phone.blacklist"].remove(NEW)
        self.assertFalse(conversation.opted_out)
        self.assertTrue(conversation.reply("Hello"))

    def test_only_users_with_access_to_the_channel_start(self):
        for user, channel in (
            (self.agent, self.private),
            (self.manager, self.private),
            (self.stranger, self.sms),
            (self.system, self.sms),
            (self.employee, self.sms),
            (self.portal, self.sms),
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.start(channel=channel, user=user)
        self.assertTrue(self.start(channel=self.sms, user=self.manager))

    def test_nobody_creates_conversations_in_another_way(self):
        values = {"channel_id": self.sms.id, "starter_id": self.agent.id}
        for user in (self.agent, self.manager, self.installer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.inbox.with_user(user).create(values)

    def test_records_that_the_user_cannot_read_are_refused(self):
        lead = self.env["crm.lead"].create({"name": "Bikes", "user_id": self.system.id})
        self.colleague.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.start(user=self.colleague, lead_id=lead.id)
        with self.assertRaises(UserError):
            self.start(partner_id=10**9)


class TestStartNumbers(StartCase):
    def refused(self, recipient, sentence, **links):
        with self.assertRaisesRegex(UserError, sentence):
            self.start(recipient, **links)

    def test_national_numbers_belong_to_the_country_of_the_record(self):
        self.partner.country_id = self.env.ref("base.br")
        conversation = self.start("(11) 98765-4321", partner_id=self.partner.id)
        self.assertEqual(conversation.contact_phone, "+5511987654321")

    def test_other_national_numbers_belong_to_the_country_of_the_company(self):
        self.assertEqual(self.start("622 222 222").contact_phone, NEW)

    def test_what_is_no_number_is_refused_with_a_sentence(self):
        self.refused("", "Enter a phone number")
        self.refused("Bea", "is a name")
        self.refused("+34 1", "isn't a valid phone number")
        self.refused("28055", "short code")
        self.refused("622222222 / 633333333", "one phone number only")

    def test_our_own_numbers_are_refused(self):
        self.refused(self.private.address, "one of your own channels")
        self.refused(self.sms.address, "one of your own channels")


class TestBlank(StartCase):
    def setUp(self):
        super().setUp()
        self.blank = self.start()

    def test_a_blank_conversation_is_in_no_list(self):
        self.inbox.inbox_save_draft(self.blank.id, "Dear Bea")
        domain = [("id", "=", self.blank.id)]
        for user in (self.agent, self.colleague, self.manager):
            inbox = self.inbox.with_user(user)
            with self.subTest(user.login):
                self.assertFalse(inbox.search(domain))
                self.assertFalse(inbox.search_count(domain))
                self.assertFalse(inbox.name_search("622"))
                self.assertFalse(inbox.inbox_rows(self.blank.ids))
                self.assertFalse(inbox.inbox_list(False, "622")["rows"])
                self.assertFalse(inbox.inbox_list("unassigned")["rows"])
                self.assertEqual(inbox.inbox_counters()["totals"]["unassigned"], 0)
                groups = inbox.formatted_read_group(domain, ["state"], ["__count"])
                self.assertFalse(groups)

    def test_only_those_who_started_it_can_read_it(self):
        self.assertEqual(self.blank.contact_phone, NEW)
        self.env.invalidate_all()
        for user in (self.colleague, self.manager, self.installer):
            with self.subTest(user.login):
                theirs = self.blank.with_user(user)
                with self.assertRaises(AccessError):
                    theirs.read(["contact_phone"])
                with self.assertRaises(AccessError):
                    theirs.inbox_details(theirs.id)
                with self.assertRaises(AccessError):
                    theirs.reply("Hello")
                mine = [("external_id", "=", NEW)]
                identities = self.env["messaging.identity"].with_user(user)
                self.assertFalse(identities.search(mine))
        self.start(user=self.colleague)
        self.assertEqual(self.blank.with_user(self.colleague).contact_phone, NEW)

    def test_nobody_hears_of_it(self):
        self.blank.action_opt_out()
        self.env["phone.blacklist"].remove(NEW)
        self.start(CUSTOMER).action_cancel_start()
        for _channel, payload in self.bus("changed"):
            self.assertFalse(payload["conversations"] + payload["messages"])
        self.assertFalse(self.bus("deleted"))

    def test_nothing_else_can_be_done_with_it(self):
        for change in (
            lambda: self.blank.action_close(),
            lambda: self.blank.action_assign(self.colleague.id),
            lambda: self.blank.action_link(partner_id=self.partner.id),
            lambda: self.blank.action_note("Hello", mention_ids=self.colleague.ids),
        ):
            with self.assertRaisesRegex(UserError, "first message"):
                change()

    def test_giving_up_leaves_nothing(self):
        self.inbox.inbox_save_draft(self.blank.id, "Dear Bea")
        file = self.attachment(self.blank)
        self.blank.action_cancel_start()
        self.assertFalse(self.blank.exists() or file.exists())
        identities = self.env["messaging.identity"]
        self.assertFalse(identities.search([("external_id", "=", NEW)]))
        self.blank.action_cancel_start()

    def test_giving_up_leaves_the_start_of_a_colleague(self):
        self.start(user=self.colleague)
        self.blank.action_cancel_start()
        self.env.invalidate_all()
        self.assertTrue(self.blank.exists())
        with self.assertRaises(AccessError):
            self.blank.with_user(self.agent).check_access("read")
        theirs = self.blank.with_user(self.colleague)
        theirs.reply("Hello")
        self.assertEqual(theirs.starter_id, self.colleague)

    def test_giving_up_leaves_what_was_written(self):
        self.blank.reply("Hello")
        self.blank.action_cancel_start()
        self.assertTrue(self.blank.exists())

    def test_others_cannot_give_up_for_the_user(self):
        with self.assertRaises(AccessError):
            self.blank.with_user(self.manager).action_cancel_start()

    def test_the_vacuum_deletes_it_after_a_day(self):
        recent = self.start(CUSTOMER)
        written = self.start("+34633333333")
        written.reply("Hello")
        long_ago = fields.Datetime.now() - timedelta(days=1, minutes=1)
        old = self.blank | written
        old.sudo().write({"starter_id": self.agent.id})
        self.env.cr.execute(
            "UPDATE messaging_conversation SET create_date = %s WHERE id = ANY(%s)",
            (long_ago, old.ids),
        )
        inbox = self.env["messaging.conversation"]
        inbox._gc_blank()
        self.assertTrue(self.blank.exists())
        self.env.cr.execute(
            "UPDATE messaging_participation SET started_at = %s"
            " WHERE conversation_id = ANY(%s)",
            (long_ago, old.ids),
        )
        inbox._gc_blank()
        self.assertEqual((self.blank + recent + written).exists(), recent + written)

    def test_it_disappears_with_its_starter(self):
        self.blank.reply("Hello")
        other = self.start(CUSTOMER)
        self.agent.sudo().unlink()
        self.assertTrue(self.blank.sudo().exists())
        self.assertFalse(other.sudo().exists())

    def test_the_customer_who_writes_meanwhile_makes_it_a_normal_one(self):
        self.inbox.inbox_save_draft(self.blank.id, "Dear Bea")
        message = self.receive(channel=self.sms, sender=NEW)
        self.assertEqual(message.conversation_id.id, self.blank.id)
        rows = self.inbox.with_user(self.colleague).inbox_list("unassigned")["rows"]
        self.assertEqual([row["id"] for row in rows], self.blank.ids)
        row = self.inbox.inbox_rows(self.blank.ids)[0]
        self.assertEqual(row["draft"], "Dear Bea")
        self.blank.action_cancel_start()
        self.assertTrue(self.blank.exists())


class TestFirstMessage(StartCase):
    def setUp(self):
        super().setUp()
        self.lead = self.env["crm.lead"].create(
            {"name": "Bikes", "type": "opportunity", "partner_id": self.partner.id}
        )
        self.links = {"partner_id": self.partner.id, "lead_id": self.lead.id}

    def test_the_first_message_links_and_assigns_to_the_writer(self):
        conversation = self.start(**self.links)
        conversation.reply("Hello")
        self.assertEqual(conversation.user_id, self.agent)
        self.assertEqual(conversation.partner_id, self.partner)
        self.assertEqual(conversation.lead_id, self.lead)
        self.assertEqual(
            self.events(conversation),
            ["started", "outbound", "linked", "linked", "assigned"],
        )
        shown = self.inbox.with_user(self.colleague).inbox_list("others")["rows"]
        self.assertEqual([row["id"] for row in shown], conversation.ids)

    def test_the_linked_records_get_the_usual_note(self):
        conversation = self.start(**self.links)
        conversation.reply("Hello")
        self.env["messaging.conversation"]._write_next_notes()
        self.env.invalidate_all()
        windows = conversation.sudo().note_window_ids
        self.assertEqual(windows.lead_id, self.lead)
        self.assertIn("Hello", windows.filtered("lead_id").mail_message_id.body)

    def test_the_answer_comes_to_the_writer(self):
        conversation = self.start()
        conversation.reply("Hello")
        answer = self.receive(channel=self.sms, sender=NEW)
        self.assertEqual(answer.conversation_id.id, conversation.id)
        self.assertEqual(conversation.section, "mine")

    def test_an_unavailable_writer_gets_no_assignment(self):
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        conversation = self.start(**self.links)
        conversation.reply("Hello")
        self.assertFalse(conversation.user_id)
        self.assertEqual(conversation.lead_id, self.lead)

    def test_a_closed_conversation_reopens_only_when_something_is_sent(self):
        conversation = self.conversation(channel=self.sms)
        conversation.action_close()
        self.start(CUSTOMER, **self.links)
        self.assertEqual(conversation.state, "closed")
        self.assertFalse(conversation.partner_id)
        conversation.reply("Hello")
        self.assertEqual(conversation.state, "open")
        self.assertEqual(conversation.partner_id, self.partner)
        self.assertNotIn("started", self.events(conversation))

    def test_a_lead_whose_contact_is_hidden_can_be_started_from(self):
        self.partner.company_id = self.other_company
        conversation = self.start(lead_id=self.lead.id)
        conversation.reply("Hello")
        self.assertEqual(conversation.lead_id, self.lead)

    def test_a_start_that_was_given_up_changes_nothing(self):
        conversation = self.conversation(channel=self.sms)
        conversation.action_close()
        self.start(CUSTOMER, **self.links).action_cancel_start()
        conversation.reply("Hello")
        self.assertEqual(conversation.state, "closed")
        self.assertFalse(conversation.partner_id or conversation.user_id)

    def test_a_start_counts_for_a_day_once_and_for_its_user(self):
        conversation = self.conversation(channel=self.sms)
        self.start(CUSTOMER, **self.links)
        conversation.with_user(self.colleague).reply("Hello")
        self.assertFalse(conversation.partner_id or conversation.user_id)
        conversation.reply("Hello")
        self.assertEqual(conversation.user_id, self.agent)
        conversation.action_unassign()
        conversation.reply("Again")
        self.assertFalse(conversation.user_id)
        self.start(CUSTOMER)
        self.env.cr.execute(
            "UPDATE messaging_participation"
            " SET started_at = started_at - interval '2 days'"
        )
        conversation.reply("Later")
        self.assertFalse(conversation.user_id)

    def test_links_and_assignees_that_exist_stay(self):
        conversation = self.conversation(channel=self.sms)
        other = self.env["res.partner"].create({"name": "Carl"})
        conversation.action_link(partner_id=other.id)
        conversation.action_assign(self.colleague.id)
        self.start(CUSTOMER, **self.links)
        conversation.reply("Hello")
        self.assertEqual(conversation.partner_id, other)
        self.assertEqual(conversation.lead_id, self.lead)
        self.assertEqual(conversation.user_id, self.colleague)

    def test_a_refused_link_does_not_stop_the_message(self):
        conversation = self.start(**self.links)
        self.partner.company_id = self.other_company
        self.lead.unlink()
        message = self.message(conversation.reply("Hello"))
        self.assertEqual(message.state, "queued")
        self.assertFalse(conversation.sudo().partner_id or conversation.sudo().lead_id)
        self.assertEqual(conversation.user_id, self.agent)

    def test_a_message_that_is_refused_starts_nothing(self):
        conversation = self.start(**self.links)
        with self.assertRaises(UserError):
            conversation.reply("")
        self.assertTrue(conversation._is_blank())
        conversation.reply("Hello")
        self.assertEqual(conversation.partner_id, self.partner)

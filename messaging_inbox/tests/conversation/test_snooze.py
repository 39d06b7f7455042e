from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..common import MessagingCase

TOMORROW = timedelta(days=1)


class TestSnooze(MessagingCase):
    """A snoozed conversation leaves its section, and comes back on top."""

    def setUp(self):
        super().setUp()
        self.mine = self.conversation()
        self.mine.action_assign(self.agent.id)
        self.tomorrow = fields.Datetime.now() + TOMORROW

    def listed(self, section):
        page = self.mine.inbox_list(section, channel_id=self.whatsapp.id)
        return [row["id"] for row in page["rows"]]

    def end_snoozes(self, at=None):
        with freeze_time(at or self.tomorrow + timedelta(minutes=1)):
            self.env["messaging.conversation"]._end_next_snoozes()
        self.env.invalidate_all()

    def events(self, conversation=None):
        messages = (conversation or self.mine).message_ids.filtered("event_type")
        return messages.sorted("id").mapped("event_type")

    def test_it_moves_to_its_own_section_for_everybody(self):
        self.mine.action_snooze(self.tomorrow)
        self.assertEqual(self.mine.section, "snoozed")
        self.assertEqual(self.listed("snoozed"), self.mine.ids)
        for section in ("mine", "unassigned", "others", "closed"):
            self.assertNotIn(self.mine.id, self.listed(section))
        found = self.mine.search([("section", "=", "snoozed")])
        self.assertEqual(found, self.mine)
        theirs = self.mine.with_user(self.colleague)
        self.assertEqual(theirs.section, "snoozed")
        self.assertEqual(self.mine.snoozed_by_id, self.agent)
        self.assertEqual(self.events(), ["assigned", "snoozed"])

    def test_it_comes_back_on_top_with_an_event_for_its_assignee(self):
        self.mine.action_snooze(self.tomorrow)
        other = self.customers(1)
        other.action_assign(self.agent.id)
        self.end_snoozes(self.tomorrow - timedelta(minutes=1))
        self.assertTrue(self.mine.is_snoozed)
        self.end_snoozes()
        self.assertFalse(self.mine.is_snoozed or self.mine.snoozed_until)
        self.assertEqual(self.listed("mine"), (self.mine | other).ids)
        event = self.mine.message_ids.filtered(lambda m: m.event_type == "snooze_over")
        self.assertEqual(event.event_to, self.agent)
        self.assertFalse(event.author_id)

    def test_it_comes_back_once(self):
        self.mine.action_snooze(self.tomorrow)
        self.end_snoozes()
        self.end_snoozes()
        self.assertEqual(self.events().count("snooze_over"), 1)

    def test_a_customers_message_brings_it_back(self):
        for until in (self.tomorrow, None):
            self.mine.action_snooze(until)
            self.receive("Hello?")
            self.mine.invalidate_recordset()
            self.assertEqual(self.mine.section, "mine")
            self.assertFalse(self.mine.snoozed_until)
        self.end_snoozes()
        self.assertNotIn("snooze_over", self.events())

    def test_replies_notes_and_statuses_leave_it_snoozed(self):
        self.mine.action_snooze(self.tomorrow)
        message = self.sent(self.mine)
        self.mine.action_note("Later")
        self.process(self.status_form(message.provider_message_id, "delivered"))
        self.mine.invalidate_recordset()
        self.assertTrue(self.mine.is_snoozed)

    def test_users_bring_it_back_themselves(self):
        self.mine.action_snooze(self.tomorrow)
        (self.mine | self.customers(1)).action_unsnooze()
        self.assertEqual(self.mine.section, "mine")
        self.assertEqual(self.events()[-1], "unsnoozed")

    def test_closing_ends_it(self):
        self.mine.action_snooze(self.tomorrow)
        self.mine.action_close()
        self.assertEqual(self.mine.section, "closed")
        self.mine.action_reopen()
        self.assertEqual(self.mine.section, "mine")
        with self.assertRaisesRegex(UserError, "closed conversation can't be snoozed"):
            self.mine.action_close()
            self.mine.action_snooze(self.tomorrow)

    def test_a_wrong_time_is_refused(self):
        now = fields.Datetime.now()
        for until in (now, now - TOMORROW, now + timedelta(days=400)):
            with self.assertRaisesRegex(UserError, "within the coming year"):
                self.mine.action_snooze(until)
        for until in ("soon", 5, {}):
            with self.assertRaisesRegex(UserError, "Invalid value for “until”"):
                self.mine.action_snooze(until or "soon")

    def test_several_are_snoozed_at_once_and_a_bad_row_does_not_block_others(self):
        many = self.mine | self.customers(2)
        many.action_snooze(self.tomorrow)
        self.assertEqual(set(many.mapped("section")), {"snoozed"})
        self.end_snoozes()
        self.assertFalse(any(many.mapped("is_snoozed")))

    def test_a_hidden_conversation_cannot_be_snoozed(self):
        secret = self.conversation(channel=self.private)
        for user in (self.agent, self.manager, self.stranger, self.employee):
            for method in ("action_snooze", "action_unsnooze"):
                with self.assertRaises(AccessError):
                    getattr(secret.with_user(user), method)()

    def test_the_time_is_written_by_the_action_only(self):
        with self.assertRaises(AccessError):
            self.mine.write({"snoozed_until": self.tomorrow})

    def test_open_tabs_of_the_assignee_hear_of_it(self):
        self.mine.action_snooze(self.tomorrow)
        self.bus()
        self.end_snoozes()
        told = [payload["assigned"] for _channel, payload in self.bus("changed")]
        expected = {"user_id": self.agent.id, "assigned_by": False}
        expected["conversation_id"] = self.mine.id
        self.assertIn([expected], told)

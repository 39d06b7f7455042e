from odoo.exceptions import AccessError, UserError

from ..common import MessagingCase

REFUSED = "opted out"


class TestOptOut(MessagingCase):
    """Agents can record an opt-out that a customer asked for in any words."""

    def events(self, conversation):
        events = conversation.message_ids.filtered(lambda m: m.direction == "event")
        return [
            (
                event.event_type,
                event.author_id,
                bool((event.data or {}).get("recorded")),
            )
            for event in events.sorted("id")
        ]

    def row(self, conversation):
        return conversation.inbox_rows(conversation.ids)[0]

    def test_an_agent_records_an_opt_out(self):
        conversation = self.conversation("Stop. Thank you", channel=self.sms)
        self.assertFalse(conversation.opted_out)
        conversation.action_opt_out()
        self.assertTrue(self.row(conversation)["opted_out"])
        self.assertTrue(self.row(conversation)["opt_out_recorded"])
        self.assertEqual(self.events(conversation), [("opted_out", self.agent, True)])
        with self.assertRaisesRegex(UserError, REFUSED):
            conversation.reply("But…")

    def test_recording_an_opt_out_twice_logs_one_event(self):
        conversation = self.conversation()
        conversation.action_opt_out()
        conversation.with_user(self.colleague).action_opt_out()
        self.assertEqual(len(self.events(conversation)), 1)

    def test_undoing_a_recorded_opt_out_logs_an_event(self):
        conversation = self.conversation()
        conversation.action_opt_out()
        conversation.with_user(self.colleague).action_undo_opt_out()
        self.assertFalse(self.row(conversation)["opted_out"])
        self.assertFalse(self.row(conversation)["opt_out_recorded"])
        self.assertEqual(
            self.events(conversation)[1], ("opted_in", self.colleague, True)
        )
        self.assertTrue(conversation.reply("Hello again"))

    def test_a_customers_opt_out_is_undone_only_by_the_customer(self):
        conversation = self.conversation("STOP", channel=self.sms)
        with self.assertRaisesRegex(UserError, "START"):
            conversation.action_undo_opt_out()
        self.assertTrue(conversation.opted_out)

    def test_a_stop_after_the_record_makes_it_the_customers(self):
        conversation = self.conversation(channel=self.sms)
        conversation.action_opt_out()
        self.receive("STOP", channel=self.sms)
        with self.assertRaises(UserError):
            conversation.action_undo_opt_out()

    def test_the_providers_refusal_makes_it_the_customers(self):
        conversation = self.conversation()
        conversation.action_opt_out()
        conversation.sudo()._set_opted_out(True)
        self.assertFalse(conversation.opt_out_recorded)

    def test_start_undoes_a_recorded_opt_out(self):
        conversation = self.conversation(channel=self.sms)
        conversation.action_opt_out()
        self.receive("START", channel=self.sms)
        self.assertFalse(conversation.opted_out)
        self.assertTrue(conversation.reply("Hello again"))

    def test_stop_on_whatsapp_closes_the_gate_until_start(self):
        conversation = self.conversation("Stop")
        with self.assertRaisesRegex(UserError, REFUSED):
            conversation.reply("But…")
        self.receive("Start")
        self.assertTrue(conversation.reply("Hello again"))

    def test_a_user_without_access_cannot_record_an_opt_out(self):
        conversation = self.conversation(channel=self.private)
        for user in (self.agent, self.manager, self.stranger, self.portal):
            hidden = conversation.with_user(user)
            for method in (hidden.action_opt_out, hidden.action_undo_opt_out):
                with self.subTest(user.name), self.assertRaises(AccessError):
                    method()
        self.assertFalse(conversation.sudo().opted_out)

    def test_only_the_actions_write_the_fields(self):
        conversation = self.conversation()
        for name in ("opted_out", "opt_out_recorded"):
            with self.assertRaises(AccessError):
                conversation.write({name: True})

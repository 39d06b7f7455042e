from odoo.exceptions import AccessError, UserError

from ..common import CUSTOMER, MessagingCase

REFUSED = "opted out"


class TestOptOut(MessagingCase):
    """Agents can record an opt-out that a customer asked for in any words."""

    def events(self, conversation):
        events = conversation.message_ids.filtered(lambda m: m.direction == "event")
        return [
            (
                event.event_type,
                event.author_id,
                (event.data or {}).get("source"),
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
        proof = self.row(conversation)["opt_out"]
        self.assertEqual((proof["source"], proof["user_id"]), ("agent", self.agent.id))
        self.assertEqual(
            self.events(conversation), [("opted_out", self.agent, "agent")]
        )
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
        self.assertFalse(self.row(conversation)["opt_out"])
        self.assertEqual(
            self.events(conversation)[1], ("opted_in", self.colleague, "agent")
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
        conversation.sudo()._set_opted_out(True, "provider")
        self.assertEqual(conversation.opt_out_source, "provider")
        self.assertFalse(conversation.opted_out_by_id)

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
        for name, value in (("opted_out", True), ("opt_out_source", "agent")):
            with self.assertRaises(AccessError):
                conversation.write({name: value})

    # proof

    def test_the_customers_message_is_the_proof(self):
        conversation = self.conversation("Hello", channel=self.sms)
        self.receive("STOP", channel=self.sms)
        self.assertEqual(conversation.opt_out_source, "customer")
        self.assertEqual(conversation.opt_out_message_id.body, "STOP")
        self.assertTrue(conversation.opted_out_at)
        proof = self.row(conversation)["opt_out"]
        self.assertEqual(proof["message_id"], conversation.opt_out_message_id.id)
        self.assertEqual(proof["at"], str(conversation.opted_out_at))

    def test_a_refusal_does_not_replace_the_customers_message(self):
        conversation = self.conversation("STOP", channel=self.sms)
        conversation.sudo()._set_opted_out(True, "provider")
        self.assertEqual(conversation.opt_out_source, "customer")
        self.assertTrue(conversation.opt_out_message_id)

    def test_words_of_the_channels_language_opt_out_and_in(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.sms.language = "es_ES"
        conversation = self.conversation("¡Baja!", channel=self.sms)
        self.assertTrue(conversation.opted_out)
        self.receive("Alta", channel=self.sms)
        self.assertFalse(conversation.opted_out)

    def test_words_of_another_language_mean_nothing(self):
        self.assertFalse(self.conversation("Baja", channel=self.sms).opted_out)

    def test_a_word_within_a_sentence_means_nothing(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.sms.language = "es_ES"
        conversation = self.conversation("Baja el precio", channel=self.sms)
        self.assertFalse(conversation.opted_out)

    # opt-ins

    def test_a_manager_records_an_opt_in_with_a_reason(self):
        conversation = self.conversation("STOP", channel=self.sms)
        conversation.with_user(self.manager).action_opt_in("Agreed by phone")
        self.assertFalse(conversation.opted_out)
        event = conversation.message_ids.filtered("event_type")[:1]
        self.assertEqual(event.author_id, self.manager)
        self.assertEqual(event.data["reason"], "Agreed by phone")
        self.assertTrue(conversation.reply("Hello again"))

    def test_an_opt_in_needs_a_reason(self):
        conversation = self.conversation("STOP", channel=self.sms)
        for reason in ("", "  ", False):
            with self.assertRaisesRegex(UserError, "how the customer agreed"):
                conversation.with_user(self.manager).action_opt_in(reason)
        self.assertTrue(conversation.opted_out)

    def test_an_agent_cannot_record_an_opt_in(self):
        conversation = self.conversation("STOP", channel=self.sms)
        with self.assertRaises(AccessError):
            conversation.action_opt_in("Agreed by phone")
        self.assertTrue(conversation.opted_out)

    def test_a_block_at_the_provider_is_found_again_after_an_opt_in(self):
        conversation = self.conversation("STOP", channel=self.sms)
        conversation.with_user(self.manager).action_opt_in("Agreed by phone")
        conversation.sudo()._set_opted_out(True, "provider")
        self.assertEqual(conversation.opt_out_source, "provider")

    def test_the_contact_says_how_it_opted_out(self):
        conversation = self.conversation("Hello", channel=self.sms)
        partner = self.env["res.partner"].create({"name": "Ana"})
        conversation.action_link(partner.id)
        shown = partner.with_user(self.agent)
        self.assertFalse(shown.messaging_opt_out)
        self.receive("STOP", channel=self.sms)
        shown.invalidate_recordset()
        self.assertRegex(shown.messaging_opt_out, "Opted out with “STOP” · .* · sms")

    def test_the_contact_hides_opt_outs_of_conversations_without_access(self):
        conversation = self.conversation("STOP", channel=self.private)
        partner = self.env["res.partner"].create({"name": "Ana"})
        conversation.with_user(self.installer).action_link(partner.id)
        self.assertFalse(partner.with_user(self.agent).messaging_opt_out)


class TestPhoneBlacklist(MessagingCase):
    """Opt-outs and Odoo's phone blacklist stay in step."""

    def listed(self, number=CUSTOMER):
        blacklist = self.env["phone.blacklist"].sudo()
        return bool(blacklist.search([("number", "=", number)]))

    def add(self, number=CUSTOMER):
        return self.env["phone.blacklist"].sudo().add(number)

    def test_stop_puts_the_number_on_the_list_and_start_removes_it(self):
        self.conversation("STOP", channel=self.sms)
        self.assertTrue(self.listed())
        self.receive("START", channel=self.sms)
        self.assertFalse(self.listed())

    def test_start_lists_nothing_for_a_number_that_was_not_listed(self):
        self.conversation("START", channel=self.sms)
        blacklist = self.env["phone.blacklist"].sudo()
        found = blacklist.with_context(active_test=False)
        self.assertFalse(found.search([("number", "=", CUSTOMER)]))

    def test_an_agents_record_and_undo_change_the_list(self):
        conversation = self.conversation()
        conversation.action_opt_out()
        self.assertTrue(self.listed())
        conversation.action_undo_opt_out()
        self.assertFalse(self.listed())

    def test_a_listed_number_is_opted_out_on_all_channels(self):
        conversations = self.conversation() + self.conversation(channel=self.sms)
        self.add()
        self.assertEqual(conversations.mapped("opted_out"), [True, True])
        self.assertEqual(set(conversations.mapped("opt_out_source")), {"blacklist"})
        for conversation in conversations:
            with self.assertRaisesRegex(UserError, REFUSED):
                conversation.reply("Hello")

    def test_the_other_spelling_of_a_listed_number_is_opted_out(self):
        self.receive("Oi", From="whatsapp:+5511987654321")
        conversation = self.env["messaging.conversation"].search(
            [("contact_phone", "=", "+5511987654321")]
        )
        self.add("+551187654321")
        self.assertTrue(conversation.opted_out)

    def test_removing_from_the_list_opts_in(self):
        conversation = self.conversation("STOP", channel=self.sms)
        self.env["phone.blacklist"].sudo().remove(CUSTOMER)
        self.assertFalse(conversation.opted_out)
        self.assertTrue(conversation.reply("Hello again"))

    def test_deleting_a_listed_number_opts_in(self):
        conversation = self.conversation()
        self.add().unlink()
        self.assertFalse(conversation.opted_out)

    def test_stop_on_one_channel_stops_the_other(self):
        other = self.conversation()
        self.conversation("STOP", channel=self.sms)
        self.assertTrue(other.opted_out)
        self.assertEqual(other.opt_out_source, "blacklist")

    def test_a_new_customer_with_a_listed_number_is_opted_out(self):
        self.add()
        conversation = self.conversation("Hello")
        self.assertTrue(conversation.opted_out)
        self.assertEqual(conversation.opt_out_source, "blacklist")

    def test_an_invalid_number_is_no_obstacle(self):
        self.receive("STOP", channel=self.sms, From="+999")
        self.assertFalse(self.account.receipt_ids)

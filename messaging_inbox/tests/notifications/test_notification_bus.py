from ..common import MessagingCase


class TestNotificationBus(MessagingCase):
    """Bus updates that make browsers notify: only for new events."""

    def heard(self, name):
        return [item for _ch, payload in self.bus("changed") for item in payload[name]]

    def test_a_customers_message_arrives_once(self):
        self.bus()
        form = self.inbound_form()
        self.process(form)
        self.assertEqual(self.heard("arrived"), self.message_of(form).ids)
        self.process(form)
        self.assertEqual(self.heard("arrived"), [])

    def test_each_message_of_a_request_arrives_including_files_and_button_answers(self):
        first = self.receive()
        self.bus()
        forms = [
            self.media_form("image/png"),
            self.inbound_form(OriginalRepliedMessageSid=first.provider_message_id),
        ]
        self.process(*forms)
        ids = [self.message_of(form).id for form in forms]
        self.assertEqual(self.heard("arrived"), ids)

    def test_our_own_messages_never_arrive(self):
        conversation = self.conversation()
        message = self.sent(conversation)
        self.bus()
        conversation.reply("Yes")
        conversation.action_note("Between us")
        conversation.action_close()
        self.process(self.status_form(message.provider_message_id, "delivered"))
        self.env["messaging.bus"]._changed(message_ids=conversation.message_ids.ids)
        self.assertEqual(self.heard("arrived"), [])

    def test_a_replay_does_not_arrive(self):
        form = self.inbound_form(To="whatsapp:+34699999999")
        self.process(form)
        self._channel("whatsapp", "+34699999999")
        self.bus()
        receipt = self.env["messaging.receipt"].search([("state", "=", "failed")])
        receipt.with_user(self.installer).action_replay()
        self.assertTrue(self.message_of(form))
        self.assertEqual(self.heard("arrived"), [])

    def test_rolled_back_messages_do_not_arrive(self):
        self.bus()
        good = self.inbound_form("Fine")
        self.process(good, self.inbound_form("Lost", To="whatsapp:+34999999999"))
        self.assertEqual(self.heard("arrived"), self.message_of(good).ids)

    def test_an_assignment_is_published_with_its_author(self):
        conversation = self.conversation()
        self.bus()
        conversation.action_assign(self.colleague.id)
        published = {
            "conversation_id": conversation.id,
            "user_id": self.colleague.id,
            "assigned_by": self.agent.id,
        }
        self.assertEqual(self.heard("assigned"), [published])

    def test_assigning_to_oneself_and_unassigning_do_not_notify(self):
        conversation = self.conversation()
        self.bus()
        conversation.action_assign(self.agent.id)
        self.assertEqual(self.heard("assigned"), [])
        conversation.with_user(self.colleague).action_assign(self.agent.id)
        self.assertEqual(self.heard("assigned"), [])
        conversation.with_user(self.colleague).action_unassign()
        self.assertEqual(self.heard("assigned"), [])

    def test_an_assignment_is_published_on_its_own_channel_only(self):
        shared, other = self.customers(1), self.conversation(channel=self.sms)
        self.bus()
        (shared | other).write({"user_id": self.colleague.id})
        heard = {
            channel[2]: [
                published["conversation_id"] for published in payload["assigned"]
            ]
            for channel, payload in self.bus("changed")
        }
        self.assertEqual(heard, {self.whatsapp.id: shared.ids, self.sms.id: other.ids})

from ..common import MessagingCase


class TestTakeOnReply(MessagingCase):
    """Answering an unassigned conversation assigns it, if the user chose so."""

    def setUp(self):
        super().setUp()
        self.unassigned = self.conversation()

    def choose(self, user, takes=True):
        settings = self.env["res.users.settings"]._find_or_create_for_user(user)
        settings.messaging_take_on_reply = takes

    def test_the_writer_becomes_the_assignee(self):
        self.choose(self.agent)
        self.unassigned.reply("Yes")
        self.assertEqual(self.unassigned.user_id, self.agent)
        events = self.unassigned.message_ids.filtered("event_type")
        self.assertEqual(events.mapped("event_type"), ["assigned"])

    def test_without_the_choice_it_stays_unassigned(self):
        self.choose(self.colleague)
        self.unassigned.reply("Yes")
        self.assertFalse(self.unassigned.user_id)

    def test_a_colleagues_conversation_stays_theirs(self):
        self.choose(self.agent)
        self.unassigned.action_assign(self.colleague.id)
        self.unassigned.reply("Yes")
        self.assertEqual(self.unassigned.user_id, self.colleague)

    def test_an_unavailable_writer_sends_without_taking_it(self):
        self.choose(self.agent)
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        self.assertTrue(self.unassigned.reply("Yes"))
        self.assertFalse(self.unassigned.user_id)

    def test_a_private_note_takes_nothing(self):
        self.choose(self.agent)
        self.unassigned.action_note("Who knows?")
        self.assertFalse(self.unassigned.user_id)

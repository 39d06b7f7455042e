from ..common import MessagingCase
from ..scripted import accepted, refused


class TestWaiting(MessagingCase):
    """A customer waits from the first message that nobody has answered."""

    def setUp(self):
        super().setUp()
        self.first = self.receive("Do you have it?")
        self.waiting = self.first.conversation_id.with_user(self.agent)

    def assert_waits(self, message):
        self.waiting.invalidate_recordset()
        since = (self.waiting.waiting_message_id, self.waiting.waiting_since)
        self.assertEqual(since, (message.id, message.sent_at))

    def assert_waits_no_more(self):
        self.waiting.invalidate_recordset()
        self.assertFalse(self.waiting.waiting_since)
        self.assertFalse(self.waiting.waiting_message_id)

    def test_a_second_message_and_reading_keep_the_beginning(self):
        self.receive("Hello?")
        self.waiting.action_mark_read()
        self.assert_waits(self.first)

    def test_a_private_note_and_an_assignment_are_no_answer(self):
        self.waiting.action_note("Who knows?")
        self.waiting.action_assign(self.agent.id)
        self.assert_waits(self.first)

    def test_a_reply_ends_it_until_the_next_message(self):
        self.waiting.reply("Yes")
        self.assert_waits_no_more()
        self.assert_waits(self.receive("And in blue?"))

    def test_closing_ends_it_and_the_next_message_begins_it(self):
        self.waiting.action_close()
        self.assert_waits_no_more()
        self.waiting.action_reopen()
        self.assert_waits_no_more()
        self.waiting.action_close()
        self.assert_waits(self.receive("Hello again"))

    def test_a_reply_that_failed_is_no_answer(self):
        message = self.message(self.waiting.reply("Yes"))
        self.send_queued(refused(400, 63005))
        self.assert_waits(self.first)
        message.with_user(self.agent).action_retry()
        self.assert_waits_no_more()
        self.send_queued(accepted())
        self.assert_waits_no_more()

    def test_a_reply_that_fails_later_is_no_answer(self):
        message = self.sent(self.waiting)
        self.assert_waits_no_more()
        self.process(self.status_form(message.provider_message_id, "failed"))
        self.assert_waits(self.first)

    def test_of_two_replies_one_that_arrives_is_an_answer(self):
        message = self.sent(self.waiting)
        self.sent(self.waiting)
        self.process(self.status_form(message.provider_message_id, "failed"))
        self.assert_waits_no_more()

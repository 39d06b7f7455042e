from odoo.exceptions import UserError

from ..common import MessagingCase


class TestMention(MessagingCase):
    """Users see which conversations mention them, until they read them."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()
        self.inbox = self.env["messaging.conversation"].with_user(self.colleague)

    def mention(self, *users):
        ids = [user.id for user in users or [self.colleague]]
        return self.thread.action_note("Look", mention_ids=ids)

    def row(self, user):
        [row] = self.inbox.with_user(user).inbox_rows(self.thread.ids)
        return row

    def mentioned(self, user):
        page = self.inbox.with_user(user).inbox_list("", filters={"mentions": True})
        return [row["id"] for row in page["rows"]]

    def test_only_the_mentioned_user_has_a_new_mention(self):
        self.mention(self.colleague, self.agent)
        self.assertEqual(self.row(self.colleague)["mention"], "new")
        self.assertFalse(self.row(self.manager)["mention"])
        # A note to oneself needs no call.
        self.assertFalse(self.row(self.agent)["mention"])

    def test_reading_the_conversation_is_seeing_the_mention(self):
        self.mention()
        self.thread.with_user(self.manager).action_mark_read()
        self.assertEqual(self.row(self.colleague)["mention"], "new")
        self.thread.with_user(self.colleague).action_mark_read()
        self.assertEqual(self.row(self.colleague)["mention"], "seen")
        self.mention()
        self.assertEqual(self.row(self.colleague)["mention"], "new")

    def test_a_mention_keeps_the_users_draft_and_read_marker(self):
        mine = self.thread.with_user(self.colleague)
        mine.inbox_save_draft(self.thread.id, "I was about to")
        self.receive("Hello")
        mine.action_mark_read()
        self.mention()
        self.assertEqual(self.row(self.colleague)["draft"], "I was about to")
        self.assertEqual(self.row(self.colleague)["unread_count"], 0)

    def test_the_filter_shows_conversations_that_mention_the_user(self):
        self.assertNotIn(self.thread.id, self.mentioned(self.colleague))
        self.mention()
        self.assertIn(self.thread.id, self.mentioned(self.colleague))
        self.assertNotIn(self.thread.id, self.mentioned(self.manager))
        self.thread.with_user(self.colleague).action_mark_read()
        self.assertIn(self.thread.id, self.mentioned(self.colleague))

    def test_the_badge_counts_a_conversation_once(self):
        other = self.thread.with_user(self.colleague)
        other.action_mark_read()
        before = self.inbox.inbox_counters()
        self.mention()
        after = self.inbox.inbox_counters()
        self.assertEqual(after["mentions"], before["mentions"] + 1)
        self.assertEqual(after["badge"], before["badge"] + 1)
        self.receive("Hello")
        unread = self.inbox.inbox_counters()
        self.assertEqual(unread["unassigned"], before["unassigned"] + 1)
        self.assertEqual(unread["badge"], before["badge"] + 1)

    def test_a_mention_in_a_conversation_made_private_is_not_counted(self):
        self.mention()
        before = self.inbox.inbox_counters()["mentions"]
        self.whatsapp.with_user(self.installer).visibility = "private"
        self.assertEqual(self.inbox.inbox_counters()["mentions"], before - 1)
        self.assertNotIn(self.thread.id, self.mentioned(self.colleague))

    def test_only_the_mentioned_user_hears_of_it(self):
        self.bus()
        self.mention()
        [(target, payload)] = self.bus("mentioned")
        self.assertEqual(target[1:], ["res.partner", self.colleague.partner_id.id])
        self.assertEqual(
            payload,
            {"conversation_id": self.thread.id, "author_id": self.agent.id},
        )

    def test_a_refused_mention_leaves_no_trace(self):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.mention(self.colleague, self.stranger)
        self.assertFalse(self.row(self.colleague)["mention"])

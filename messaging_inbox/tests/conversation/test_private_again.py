from odoo.exceptions import UserError

from ..common import MessagingCase


class TestPrivateAgain(MessagingCase):
    """Making a channel private and shared again restores its assignments."""

    def setUp(self):
        super().setUp()
        self.channel = self.whatsapp.with_user(self.installer)
        self.threads = self.customers(3)
        for thread, user in zip(
            self.threads, (self.agent, self.colleague, self.installer), strict=True
        ):
            thread.sudo().action_assign(user.id)

    def show(self, visibility):
        self.channel.visibility = visibility
        self.env.invalidate_all()

    def assignees(self):
        return [thread.sudo().user_id for thread in self.threads]

    def test_the_warning_names_the_number_of_assignees(self):
        warning = self.warning()
        self.assertIn("this channel: 2.", warning["warning"]["message"])
        self.threads[:2].sudo().action_unassign()
        self.assertIsNone(self.warning())

    def warning(self):
        """Return the form's warning when a private channel is chosen."""
        typed = self.channel.new({"visibility": "private"}, origin=self.channel)
        return typed._onchange_visibility()

    def test_unchanged_assignees_are_restored(self):
        before = self.assignees()
        self.show("private")
        no_user = self.env["res.users"]
        self.assertEqual(self.assignees(), [no_user, no_user, self.installer])
        self.show("shared")
        self.assertEqual(self.assignees(), before)
        event = self.threads[0].sudo().message_ids[0]
        self.assertEqual(
            (event.event_type, event.event_to, event.author_id),
            ("assigned", self.agent, self.installer),
        )
        self.assertFalse(self.threads.sudo().returning_user_id)

    def test_changed_assignees_stay(self):
        self.show("private")
        one, other = self.threads.with_user(self.installer)[:2]
        one.action_assign(self.installer.id)
        other.action_assign(self.installer.id)
        other.action_unassign()
        self.show("shared")
        self.assertEqual(self.assignees()[0], self.installer)
        self.assertFalse(self.assignees()[1])

    def test_an_unavailable_user_gets_back_only_that_conversation(self):
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        self.show("private")
        self.show("shared")
        self.assertEqual(self.assignees()[0], self.agent)
        with self.assertRaises(UserError):
            self.threads[1].action_assign(self.agent.id)

    def test_a_user_who_lost_access_otherwise_gets_none_back(self):
        self.show("private")
        self.agent.active = False
        self.show("shared")
        self.assertFalse(self.assignees()[0])
        self.agent.active = True
        self.assertFalse(self.threads.sudo().returning_user_id)

    def test_the_returning_user_cannot_be_written(self):
        with self.assertRaisesRegex(UserError, "Only the assignee"):
            self.threads[0].write({"returning_user_id": self.agent.id})

"""Events that cancel queued notifications at once, in every queue."""

from ..common import AGENT
from .notification_case import NotificationCase

WAYS_OUT = {
    "archived": lambda test: test.agent.write({"active": False}),
    "no Agent any more": lambda test: test.agent.write(
        {"group_ids": [(3, test.env.ref(AGENT).id)]}
    ),
    "of another company": lambda test: test.agent.write(
        {
            "company_ids": [(6, 0, test.other_company.ids)],
            "company_id": test.other_company.id,
        }
    ),
    "private": lambda test: test.whatsapp.write({"visibility": "private"}),
    "channel archived": lambda test: test.whatsapp.write({"active": False}),
    "account archived": lambda test: test.account.write({"active": False}),
    "deleted": lambda test: test.agent.unlink(),
}


class TestNotificationEnd(NotificationCase):
    def setUp(self):
        super().setUp()
        self.device(self.agent)
        self.everything = ("unassigned_email", "unassigned_desktop", "assigned_email")
        self.ask_for(self.agent, *self.everything)

    def waiting(self):
        """Return the counts of the agent's waiting rows, emails and pushes."""
        self.env.flush_all()
        rows = self.env["messaging.notification"].search(
            [("state", "=", "waiting"), ("user_id", "=", self.agent.id)]
        )
        return (
            len(rows),
            len(self.mails(self.agent)),
            len(self.env["mail.push"].search([])),
        )

    def each_way_out(self):
        for name, leave in WAYS_OUT.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                yield lambda leave=leave: leave(self)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_losing_access_drops_waiting_emails(self):
        for leave in self.each_way_out():
            self.receive()
            self.notify()
            self.assertEqual(self.waiting(), (1, 0, 1))
            leave()
            self.assertEqual(self.waiting(), (0, 0, 0))
            self.wait()
            self.assertEqual(self.waiting(), (0, 0, 0))

    def test_losing_access_drops_queued_emails_and_pushes(self):
        for leave in self.each_way_out():
            self.receive()
            self.wait()
            self.assertEqual(self.waiting(), (0, 1, 1))
            leave()
            self.assertEqual(self.waiting(), (0, 0, 0))

    def test_handing_over_a_private_channel_drops_notifications(self):
        self.ask_for(self.installer, *self.everything)
        self.device(self.installer)
        self.receive(channel=self.private)
        self.wait()
        self.assertEqual(len(self.mails(self.installer)), 1)
        self.account.with_user(self.installer).action_transfer_installer(self.agent.id)
        self.assertFalse(self.mails(self.installer))
        self.assertEqual(self.pushes(self.installer), [])

    def test_users_who_keep_access_keep_their_notifications(self):
        self.receive()
        self.wait()
        self.colleague.active = False
        self.assertEqual(self.waiting(), (0, 1, 1))

    def test_access_is_checked_again_when_an_email_is_due(self):
        """Even if access changed in the database without calling a hook."""
        self.receive()
        self.notify()
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM res_company_users_rel WHERE user_id = %s", [self.agent.id]
        )
        self.wait()
        self.assertEqual(self.waiting()[:2], (0, 0))

    def test_deleting_a_conversation_deletes_its_notifications(self):
        kept = self.conversation(sender="+34622222222")
        conversation = self.conversation()
        self.wait()
        self.assertEqual(self.waiting(), (0, 2, 2))
        conversation.with_user(self.installer).unlink()
        self.assertEqual(self.waiting(), (0, 1, 1))
        self.assertEqual(self.mails().res_id, kept.id)

    def test_a_conversation_deleted_before_the_email_is_due_sends_nothing(self):
        conversation = self.conversation()
        self.notify()
        conversation.with_user(self.installer).unlink()
        self.wait()
        self.assertEqual(self.waiting(), (0, 0, 0))

    def test_unsent_messages_are_removed_from_all_queues(self):
        message = self.receive("My card is 4111-4111")
        self.receive("Never mind")
        self.wait()
        self.assertIn("4111-4111", self.mails().body_html)
        message.sudo()._forget_content()
        self.assertEqual(self.waiting(), (1, 0, 0))
        self.notify()
        self.assertNotIn("4111-4111", self.mails().body_html)
        self.assertIn("Never mind", self.mails().body_html)

    def test_a_user_without_saved_settings_has_the_defaults(self):
        self.env["res.users.settings"].search([]).unlink()
        self.receive()
        self.wait()
        self.assertEqual(self.waiting(), (0, 0, 1))
        self.assertFalse(self.mails())

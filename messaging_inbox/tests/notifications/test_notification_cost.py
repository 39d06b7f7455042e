"""Notifying many users needs as many queries as one, and the webhook none."""

from ..common import AGENT
from .notification_case import NotificationCase

MANY = 200


class TestNotificationCost(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ask_for(cls.agent, "unassigned_email", "unassigned_desktop")

    def queries(self, work):
        # Pending bus messages would be published, and counted, here.
        self.cr.precommit.run()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.cr.precommit.run()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def make_agents(self):
        """Create many Agents with all switches on."""
        users = self.env["res.users"].create(
            [
                {
                    "name": f"Many {number}",
                    "login": f"many{number}@example.com",
                    "email": f"many{number}@example.com",
                    "lang": "en_US",
                    "group_ids": [(6, 0, self.env.ref(AGENT).ids)],
                }
                for number in range(MANY)
            ]
        )
        on = {"messaging_notify_unassigned_email": True}
        for user in users:
            self.env["res.users.settings"]._find_or_create_for_user(user).write(on)
            self.device(user)

    def costs(self):
        """Return the query counts of a webhook, of notifying, and of the emails."""
        sender = f"+3462{next(self.sids):07d}"
        self.receive(sender=sender)
        self.settle()
        # As if all users had seen it
        self.env["messaging.notification"].search([]).unlink()
        form = self.inbound_form(sender=sender)
        return [
            self.queries(lambda: self.process(form)),
            self.queries(self.env["messaging.conversation"]._notify_next),
            self.queries(self.send_emails),
        ]

    def send_emails(self):
        self.env.cr.execute(
            "UPDATE messaging_notification SET due_at = due_at - interval '1 hour'"
        )
        self.env["messaging.notification"]._send_next()

    def test_notifying_two_hundred_users_needs_as_many_statements_as_one(self):
        self.device(self.agent)
        self.costs()
        few = self.costs()
        self.make_agents()
        self.costs()
        many = self.costs()
        self.assertEqual(few, many)
        self.notify()
        self.assertEqual(len(self.mails()), MANY + 1)
        self.assertEqual(len(self.pushes()), MANY + 1)

    def test_notifications_add_no_queries_to_a_webhook(self):
        counts = []
        for switches in ((), ("unassigned_email", "unassigned_desktop")):
            self.ask_for(self.agent, *switches)
            self.receive()
            self.settle()
            counts.append(self.queries(self.receive))
        self.assertEqual(*counts)

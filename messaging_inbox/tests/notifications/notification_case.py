"""Base of the notification tests: switches, devices and elapsed time."""

import json

from odoo.tools import SQL

from ...models.notifications.res_users_settings import SWITCHES
from ..common import MessagingCase


class NotificationCase(MessagingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo returns no devices unless it has VAPID keys.
        cls.env["mail.push.device"].get_web_push_vapid_public_key()
        for user in cls.env["res.users"]._messaging_agents():
            cls.ask_for(user)
            user.email = f"{user.login}@example.com"

    @classmethod
    def ask_for(cls, user, *switches):
        """Turn on these switches of a user, and turn off all others."""
        settings = cls.env["res.users.settings"]._find_or_create_for_user(user)
        names = {f"messaging_notify_{switch}" for switch in switches}
        assert names <= set(SWITCHES)
        settings.write({name: name in names for name in SWITCHES})

    def device(self, user):
        return self.env["mail.push.device"].create(
            {
                "partner_id": user.partner_id.id,
                "endpoint": f"https://push.example.com/{user.id}/{self.next_sid()}",
                "keys": "{}",
            }
        )

    def notify(self):
        """Run the cron until it has nothing left to do."""
        conversations = self.env["messaging.conversation"]
        notifications = self.env["messaging.notification"]
        while conversations._notify_next() + notifications._send_next():
            self.env.flush_all()
        self.env.invalidate_all()

    def wait(self, minutes=5):
        """Backdate rows, as if time had passed, then run the cron."""
        self.notify()
        self.env.flush_all()
        for table, column in (
            ("messaging_message", "create_date"),
            ("messaging_notification", "due_at"),
            ("messaging_notification", "sent_at"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s ="
                    " %(column)s - make_interval(mins => %(minutes)s)",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    minutes=minutes,
                )
            )
        self.env.invalidate_all()
        self.notify()

    def mails(self, user=None):
        """Return the queued emails, optionally only those to ``user``."""
        ours = [("model", "=", "messaging.conversation")]
        mails = self.env["mail.mail"].search(ours, order="id")
        if user is None:
            return mails
        return mails.filtered(lambda mail: user.email_normalized in mail.email_to)

    def take_mails(self, user=None):
        """Return how many emails are queued, and delete them as Odoo does once sent."""
        mails = self.mails(user)
        mails.unlink()
        return len(mails)

    def pushes(self, user=None):
        """Return the queued payloads, optionally only those for ``user``."""
        rows = self.env["mail.push"].search([], order="id")
        if user is not None:
            devices = rows.mail_push_device_id
            devices = devices.filtered(lambda d: d.partner_id == user.partner_id)
            rows = rows.filtered(lambda row: row.mail_push_device_id in devices)
        payloads = [json.loads(row.payload) for row in rows]
        rows.unlink()
        return payloads

    def settle(self):
        """Process and discard all notifications so far."""
        self.wait()
        self.take_mails()
        self.pushes()

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ...models.notifications import res_users as window
from ...models.notifications.res_users_settings import (
    NOTIFICATION_SETTINGS,
    SWITCHES,
)
from ..common import MessagingCase

FROM_THE_START = {
    "messaging_notify_mine_desktop",
    "messaging_notify_mine_email",
    "messaging_notify_unassigned_desktop",
    "messaging_notify_assigned_desktop",
    "messaging_notify_assigned_email",
}


class TestNotificationSettings(MessagingCase):
    """Eight independent switches that only their user can change."""

    def setUp(self):
        super().setUp()
        self.me = self.agent.with_user(self.agent)

    def settings(self, user=None):
        user = user or self.agent
        return user.with_user(user).messaging_notification_settings()["settings"]

    def doctor(self):
        return self.me.messaging_notification_settings()["doctor"]

    def test_a_new_user_has_the_default_settings(self):
        on = {name for name, value in self.settings().items() if value}
        self.assertEqual(on, FROM_THE_START)
        self.assertEqual(set(self.settings()), set(NOTIFICATION_SETTINGS))
        self.assertEqual(len(SWITCHES), 8)

    def test_each_switch_changes_alone_and_only_for_its_user(self):
        others = self.settings(self.colleague)
        for name in NOTIFICATION_SETTINGS:
            before = self.settings()
            turned = {name: not before[name]}
            saved = self.me.action_messaging_save_notifications(turned)
            self.assertEqual(saved, {**before, **turned})
            self.assertEqual(self.settings(), saved)
        self.assertEqual(self.settings(self.colleague), others)

    def test_saved_settings_are_published_only_to_the_user(self):
        name = "messaging_notify_others_email"
        ways = {
            "window": lambda: self.me.action_messaging_save_notifications({name: True}),
            "preferences": lambda: self.me.write({name: False}),
            "settings": lambda: self.me.res_users_settings_id.write({name: True}),
        }
        for way, save in ways.items():
            with self.subTest(way):
                self.bus()
                save()
                ((channel, payload),) = self.bus("notification_settings")
                partner = self.agent.partner_id
                self.assertEqual(channel[1:], [partner._name, partner.id])
                self.assertEqual(payload, self.settings())

    def test_an_unknown_switch_is_refused(self):
        for values in (
            {"messaging_notify_mine_sms": True},
            {"user_id": self.colleague.id},
            {"push_to_talk_key": "x"},
            {"messaging_notify_mine_email": "yes"},
            {"messaging_notify_mine_email": None},
            ["messaging_notify_mine_email"],
            None,
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.me.action_messaging_save_notifications(values)
        with self.assertRaises(UserError):
            self.me.action_messaging_test_notification("fax")

    def test_another_users_switches_cannot_be_read_or_changed(self):
        admin = self.env.ref("base.user_admin")
        values = {"messaging_notify_mine_email": False}
        for user in (self.colleague, self.manager, self.system, admin):
            me = self.agent.with_user(user)
            settings = self.agent.sudo().res_users_settings_id.with_user(user)
            for attempt in (
                me.messaging_notification_settings,
                lambda me=me: me.action_messaging_save_notifications(values),
                lambda me=me: me.action_messaging_test_notification("email"),
                lambda me=me: me.write(values),
                lambda settings=settings: settings.write(values),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    attempt()
        self.assertTrue(self.settings()["messaging_notify_mine_email"])

    def test_only_agents_have_notifications(self):
        for user in (self.employee, self.portal, self.system):
            with self.subTest(user.login), self.assertRaises(AccessError):
                user.with_user(user).messaging_notification_settings()

    def test_the_preferences_show_and_save_the_same_switches(self):
        view = "base.view_users_form_simple_modif"
        with Form(self.me, view=view) as form:
            self.assertTrue(form.messaging_notify_mine_desktop)
            form.messaging_notify_mine_desktop = False
            form.messaging_notify_repeat = True
        self.assertFalse(self.settings()["messaging_notify_mine_desktop"])
        self.assertTrue(self.settings()["messaging_notify_repeat"])

    # diagnosis

    def test_the_doctor_shows_address_devices_and_help_page(self):
        doctor = self.doctor()
        self.assertEqual(doctor["email"], self.agent.email_normalized)
        self.assertEqual(doctor["devices"], 0)
        self.assertEqual(doctor["help_url"], "/messaging/help/notifications")
        self.agent.email = "nobody at all"
        self.assertFalse(self.doctor()["email"])

    def test_the_dialog_reports_a_missing_mail_server(self):
        self.env["ir.mail_server"].search([]).active = False
        with patch.dict(window.config.options, smtp_server="localhost"):
            self.assertEqual(self.doctor()["mail_server"], "none")
        with patch.dict(window.config.options, smtp_server="mail.example.com"):
            self.assertEqual(self.doctor()["mail_server"], "ok")
        self.env["ir.mail_server"].create({"name": "x", "smtp_host": "localhost"})
        with patch.dict(window.config.options, smtp_server="localhost"):
            self.assertEqual(self.doctor()["mail_server"], "ok")

    def test_a_desktop_test_reaches_the_users_own_tabs(self):
        self.bus()
        answer = self.me.action_messaging_test_notification("desktop")
        self.assertTrue(answer["sent"])
        ((channel, _payload),) = self.bus("notification_test")
        self.assertEqual(channel[1:], ["res.partner", self.agent.partner_id.id])

    def test_a_test_email_goes_to_the_user_and_shows_the_address(self):
        sent = []
        with (
            patch.object(IrMail_Server, "_disable_send", return_value=False),
            patch.object(IrMail_Server, "_connect__"),
            patch.object(
                IrMail_Server, "send_email", lambda _self, mail, **_: sent.append(mail)
            ),
        ):
            answer = self.me.action_messaging_test_notification("email")
        self.assertTrue(answer["sent"])
        self.assertIn(self.agent.email_normalized, answer["message"])
        (mail,) = sent
        self.assertIn(self.agent.email_normalized, mail["To"])

    def test_a_failed_test_email_shows_the_reason_and_queues_nothing(self):
        with (
            patch.object(IrMail_Server, "_disable_send", return_value=False),
            patch.object(IrMail_Server, "_connect__", side_effect=OSError("refused")),
        ):
            answer = self.me.action_messaging_test_notification("email")
        self.assertFalse(answer["sent"])
        self.assertIn("refused", answer["message"])
        self.assertFalse(self.env["mail.mail"].search([("state", "=", "outgoing")]))
        self.agent.email = False
        self.assertFalse(self.me.action_messaging_test_notification("email")["sent"])

    def test_a_push_test_reports_that_no_browser_is_registered(self):
        answer = self.me.action_messaging_test_notification("push")
        self.assertFalse(answer["sent"])
        self.assertIn("registered", answer["message"])

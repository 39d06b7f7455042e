"""RPC methods of the notifications dialog, for the current user only."""

import json

import requests
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import config

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tools.web_push import (
    DeviceUnreachableError,
    push_to_end_point,
)

from ...tools.client_values import expects, is_text

HELP_URL = "/messaging/help/notifications"


class ResUsers(models.Model):
    _inherit = "res.users"

    def messaging_notification_settings(self):
        """Return the user's ``settings``, and the ``doctor``'s diagnosis.

        Raise an AccessError for another user, or one who isn't an Agent.
        """
        self._check_own_notifications()
        return {
            "settings": self._messaging_notification_values(),
            "doctor": self._notification_doctor(),
        }

    def action_messaging_save_notifications(self, values):
        """Set the switches in ``values``, {name: bool}; return them all.

        Raise a UserError for an unknown switch or value.
        """
        self._check_own_notifications()
        return self.env["res.users.settings"]._save_notifications(values)

    @expects(method=is_text)
    def action_messaging_test_notification(self, method):
        """Send the user a test by ``method``: ``desktop``, ``email`` or ``push``.

        Return ``{"sent": bool, "message": text to show}``.
        """
        self._check_own_notifications()
        tests = {
            "desktop": self._test_desktop,
            "email": self._test_email,
            "push": self._test_push,
        }
        if method not in tests:
            raise UserError(self.env._("Unknown notification method."))
        return tests[method]()

    def _check_own_notifications(self):
        self.ensure_one()
        if self != self.env.user or not self._messaging_is_agent():
            raise AccessError(self.env._("You can only change your own notifications."))

    @api.model
    def _messaging_notification_values(self):
        settings = self.env["res.users.settings"]
        return settings._find_or_create_for_user(self.env.user)._notification_values()

    # ------------------------------------------------------------------
    # diagnosis
    # ------------------------------------------------------------------

    def _notification_doctor(self):
        last_email = self._last_email()
        return {
            "email": self.email_normalized,
            "mail_server": self._mail_server_state(last_email),
            "last_email": last_email,
            "devices": len(self._push_devices()),
            "last_push": self._last_push(),
            "help_url": HELP_URL,
        }

    def _mail_server_state(self, last_email):
        """Return ``ok``, ``error`` or ``none``, from the last email or settings."""
        state = last_email and last_email["state"]
        if state in ("sent", "failed"):
            return "ok" if state == "sent" else "error"
        # sudo: ir.mail_server - only whether one exists
        servers = self.env["ir.mail_server"].sudo().search_count([], limit=1)
        return "ok" if servers or config["smtp_server"] != "localhost" else "none"

    def _last_email(self):
        # sudo: messaging.notification, mail.mail - only the user's own
        found = self.env["messaging.notification"].sudo()
        found = found.search(
            [("user_id", "=", self.id), ("sent_at", "!=", False)],
            order="sent_at desc, id desc",
            limit=1,
        )
        return found._result() if found else False

    def _last_push(self):
        devices = self._push_devices()
        pushed = [at for at in devices.mapped("messaging_pushed_at") if at]
        if not pushed:
            return False
        # sudo: mail.push - only whether the user's own devices have one queued
        waiting = self.env["mail.push"].sudo()
        waiting = waiting.search_count([("mail_push_device_id", "in", devices.ids)])
        return {
            "at": fields.Datetime.to_string(max(pushed)),
            "state": "waiting" if waiting else "sent",
            "error": False,
        }

    def _push_devices(self):
        # sudo: mail.push.device - only the user's own, which Odoo hides from all users
        devices = self.env["mail.push.device"].sudo()
        return devices.search([("partner_id", "=", self.partner_id.id)])

    # ------------------------------------------------------------------
    # test notifications
    # ------------------------------------------------------------------

    def _test_desktop(self):
        self._bus_send("messaging_inbox/notification_test", {})
        return _result(
            True, self.env._("A test notification was sent to this browser.")
        )

    def _test_email(self):
        address = self.email_normalized
        if not address:
            return _result(False, self.env._("You have no valid email address."))
        try:
            with self.env.cr.savepoint():
                self._send_test_email()
        except MailDeliveryException as error:
            reason = " ".join(str(part) for part in error.args)
            return _result(
                False, self.env._("The email could not be sent: %s", reason.strip())
            )
        return _result(True, self.env._("A test email was sent to %s.", address))

    def _send_test_email(self):
        body = self.env._("Email notifications from the messaging inbox work.")
        # sudo: mail.mail - only to the user's own address
        mail = self.env["mail.mail"].sudo()
        mail.create(
            {
                "subject": self.env._("Test notification"),
                "body_html": Markup("<p>%s</p>") % body,
                "email_from": self.env.company._messaging_sender(),
                "email_to": self.email_formatted,
                "auto_delete": True,
            }
        ).send(raise_exception=True)

    def _test_push(self):
        devices = self._push_devices()
        if not devices:
            return _result(
                False,
                self.env._(
                    "None of your browsers is registered for push notifications."
                ),
            )
        reached = [device for device in devices if self._push_test_to(device)]
        if not reached:
            return _result(False, self.env._("None of your browsers could be reached."))
        return _result(
            True, self.env._("A test was pushed to %s browsers.", len(reached))
        )

    def _push_test_to(self, device):
        """Push at once; return whether it was accepted.

        Delete the device if its endpoint is gone.
        """
        answers = []
        session = requests.Session()
        session.hooks["response"] = lambda answer, **_: answers.append(answer)
        _devices, private, public = self.env[
            "mail.thread"
        ]._web_push_get_partners_parameters(self.partner_id.ids)
        try:
            push_to_end_point(
                base_url=self.get_base_url(),
                device={"endpoint": device.endpoint, "keys": device.keys},
                payload=json.dumps(self._test_payload()),
                vapid_private_key=private,
                vapid_public_key=public,
                session=session,
            )
        except DeviceUnreachableError:
            device.unlink()
        except (requests.RequestException, ValueError):
            return False
        # Odoo doesn't raise on other refusals.
        return bool(answers) and answers[-1].ok

    def _test_payload(self):
        return {
            "title": self.env._("Test notification"),
            "options": {
                "body": self.env._("Notifications from the messaging inbox work."),
                "icon": "/messaging_inbox/static/description/icon.png",
                "tag": "messaging_inbox.test",
                "data": {"model": "messaging.conversation", "res_id": 0},
            },
        }


def _result(sent, message):
    return {"sent": sent, "message": message}

"""Pushes that are queued in Odoo for closed browsers."""

import json
from datetime import timedelta

from odoo import fields

from .notification_case import NotificationCase


class TestNotificationPush(NotificationCase):
    def setUp(self):
        super().setUp()
        self.device(self.agent)
        self.ask_for(self.agent, "unassigned_desktop", "assigned_desktop")

    def push(self):
        self.notify()
        (payload,) = self.pushes(self.agent)
        return payload

    def test_a_push_shows_customer_channel_and_text_and_opens_the_conversation(self):
        conversation = self.conversation("Do you have the blue one?")
        options = {
            "body": "Do you have the blue one?",
            "icon": "/messaging_inbox/static/description/icon.png",
            "tag": f"messaging_inbox.{conversation.id}",
            "renotify": True,
            "data": {
                "model": "messaging.conversation",
                "res_id": conversation.id,
                "message_id": conversation.last_message_id,
            },
        }
        title = f"Ana · {self.whatsapp.name}"
        self.assertEqual(self.push(), {"title": title, "options": options})

    def test_whatsapp_formatting_is_removed(self):
        self.receive("*Now*, ~not~ later: `x`")
        self.assertEqual(self.push()["options"]["body"], "Now, not later: x")

    def test_a_burst_is_one_push_with_the_count_and_the_last_text(self):
        for number in range(3):
            self.receive(f"Text {number}")
        self.assertEqual(self.push()["options"]["body"], "3 new messages\nText 2")

    def test_the_next_message_replaces_the_push_of_its_conversation(self):
        self.receive("One")
        first = self.push()
        self.receive("Two")
        second = self.push()
        self.assertEqual(first["options"]["tag"], second["options"]["tag"])
        self.assertEqual(second["options"]["body"], "2 new messages\nTwo")

    def test_an_assignment_shows_its_author(self):
        conversation = self.conversation("Hello")
        self.notify()
        self.pushes()
        conversation.with_user(self.manager).action_assign(self.agent.id)
        options = self.push()["options"]
        self.assertEqual(
            options["body"], "Manager assigned this conversation to you.\nHello"
        )
        event = self.env["messaging.message"].search(
            [("conversation_id", "=", conversation.id)], order="id desc", limit=1
        )
        self.assertEqual(options["data"]["message_id"], event.id)

    def test_an_automatic_assignment_shows_no_wrong_author(self):
        conversation = self.conversation("Hello")
        self.notify()
        self.pushes()
        conversation.with_user(self.env.ref("base.user_root")).sudo().write(
            {"user_id": self.agent.id}
        )
        self.assertIn(
            "assigned this conversation to you", self.push()["options"]["body"]
        )

    def test_each_browser_of_a_user_gets_its_own_push(self):
        self.device(self.agent)
        self.receive()
        self.notify()
        self.assertEqual(len(self.pushes(self.agent)), 2)

    def test_a_message_read_before_the_push_is_not_pushed(self):
        conversation = self.conversation()
        conversation.with_user(self.agent).action_mark_read()
        self.notify()
        self.assertEqual(self.pushes(), [])

    def test_the_assignee_at_the_time_of_the_push_decides_the_kind(self):
        conversation = self.conversation()
        conversation.with_user(self.colleague).action_assign(self.colleague.id)
        self.notify()
        self.assertEqual(self.pushes(), [])

    def test_a_file_without_text_shows_its_kind(self):
        self.process(self.media_form("image/png"))
        self.assertEqual(self.push()["options"]["body"], "[Picture]")

    def test_a_push_is_in_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.agent.lang = "fr_FR"
        field = self.env["ir.model.fields"]._get("messaging.message", "kind")
        image = field.selection_ids.filtered(lambda s: s.value == "image")
        image.with_context(lang="fr_FR").name = "Photo en français"
        self.env.registry.clear_cache()
        self.process(self.media_form("image/png"))
        self.assertEqual(self.push()["options"]["body"], "[Photo en français]")

    def test_a_long_text_fits_the_limit_of_push_services(self):
        self.receive("ß" * 4000)
        self.assertLess(len(json.dumps(self.push())), 4096)

    def test_a_long_name_fits_the_limit_of_push_services(self):
        self.receive("Hello", ProfileName="ß" * 4000)
        payload = self.push()
        self.assertLess(len(json.dumps(payload)), 4096)
        self.assertEqual(payload["options"]["body"], "Hello")

    def test_the_webhook_itself_pushes_nothing_and_wakes_the_cron_once(self):
        cron = self.env.ref("messaging_inbox.ir_cron_notify")
        triggers = self.env["ir.cron.trigger"]
        triggers.search([]).unlink()
        for _ in range(3):
            self.receive()
        self.assertEqual(self.pushes(), [])
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), 1)

    def test_without_a_device_the_cron_is_not_woken(self):
        self.env["mail.push.device"].search([]).unlink()
        self.env["ir.cron.trigger"].search([]).unlink()
        conversation = self.conversation()
        conversation.with_user(self.manager).action_assign(self.agent.id)
        self.assertFalse(self.env["ir.cron.trigger"].search([]))

    def test_the_doctor_shows_the_last_push(self):
        me = self.agent.with_user(self.agent)

        def doctor():
            return me.messaging_notification_settings()["doctor"]

        self.assertEqual((doctor()["devices"], doctor()["last_push"]), (1, False))
        self.receive()
        self.notify()
        self.assertEqual(doctor()["last_push"]["state"], "waiting")
        self.pushes()
        self.assertEqual(doctor()["last_push"]["state"], "sent")

    def test_the_end_of_a_snooze_is_announced_to_its_assignee(self):
        conversation = self.conversation("Hello")
        conversation.action_assign(self.agent.id)
        conversation.action_mark_read()
        conversation.action_snooze(fields.Datetime.now() + timedelta(hours=1))
        self.notify()
        self.pushes()
        conversation.sudo().snoozed_until = fields.Datetime.now() - timedelta(minutes=1)
        conversation._end_next_snoozes()
        body = self.push()["options"]["body"]
        self.assertEqual(body, "The snooze of this conversation is over.\nHello")

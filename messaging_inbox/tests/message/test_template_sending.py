from uuid import uuid4

from odoo.exceptions import UserError

from ...providers.events import OutboundTemplate
from ..common import PNG
from ..scripted import accepted, refused
from ..template_case import TemplateCase

VALUES = {"1": "Ana", "model": "city bike"}


class TestTemplateSending(TemplateCase):
    """What the provider gets of a template, and what may stop it until then."""

    def waiting(self, template=None):
        """Return a template's message that waits for its next attempt."""
        message = self.send(self.late(), template)
        self.send_queued(refused(429, 20429))
        self.assertEqual(message.state, "queued")
        message.sudo().next_try_at = False
        self.http.requests.clear()
        return message

    def assertFailed(self, message, reason):
        self.send_queued()
        self.assertEqual((message.state, message.reason), ("failed", reason))
        self.assertTrue(message.failure_reason.endswith("."))
        self.assertFalse(self.http.requests)

    # what is sent

    def test_the_provider_gets_the_template_and_its_values_in_order(self):
        template = self._template(
            "order",
            body="{{b}} and {{a}} and {{10}} and {{9}}!",
            variable_names=["b", "a", "10", "9"],
        )
        values = {"9": "4", "10": "3", "a": "2", "b": "1"}
        outbound = self.send(self.conversation(), template, values=values)
        self.env.flush_all()
        self.env.invalidate_all()
        outbound = outbound.sudo()._outbound()
        self.assertEqual(outbound.text, "1 and 2 and 3 and 4!")
        self.assertEqual(list(outbound.template.variables), ["b", "a", "10", "9"])
        self.assertEqual(
            outbound.template,
            OutboundTemplate(
                template.provider_reference, "order", "en", values, body=template.body
            ),
        )

    def test_a_message_that_was_queued_before_an_update_is_sent(self):
        message = self.waiting().sudo()
        used = {k: v for k, v in message.data["template"].items() if k != "source"}
        message.data = {**message.data, "template": used}
        self.assertEqual(message._outbound().template.body, "")

    def test_a_later_sync_changes_nothing_that_is_queued(self):
        message = self.waiting()
        before = message.sudo()._outbound()
        self.greeting.write(
            {
                "body": "Another {{name}}.",
                "variable_names": ["name"],
                "name": "renamed",
                "footer": False,
            }
        )
        self.assertEqual(message.sudo()._outbound(), before)

    def test_the_address_of_a_chosen_file_ends_with_its_type(self):
        conversation = self.conversation()
        for name in ("photo.png", "报价.png", "photo"):
            file = self.attachment(conversation, PNG, name)
            message = self.send(
                conversation, self._with_file(), attachment_ids=file.ids
            ).sudo()
            outbound = message._outbound()
            root = outbound.template.media_url.partition("{{")[0]
            self.assertTrue(outbound.file.url.startswith(root))
            self.assertTrue(outbound.file.url.endswith(".png"), outbound.file.url)
            self.assertTrue(outbound.file.url.isascii())

    # the gate, again

    def test_a_template_that_was_paused_meanwhile_is_not_sent(self):
        message = self.waiting()
        self.greeting.state = "paused"
        self.assertFailed(message, "template_paused")

    def test_a_template_that_vanished_meanwhile_is_not_sent(self):
        message = self.waiting()
        self.greeting.active = False
        self.assertFailed(message, "template_missing")
        message = self.waiting(gone := self._template("gone"))
        gone.unlink()
        self.assertFailed(message, "template_missing")

    def test_a_template_that_left_the_channel_is_not_sent(self):
        message = self.waiting()
        self.greeting.channel_ids = self.sms
        self.assertFailed(message, "template_refused")

    def test_nothing_is_sent_to_a_customer_who_opted_out_meanwhile(self):
        message = self.waiting()
        message.conversation_id.sudo().opted_out = True
        self.assertFailed(message, "opted_out")

    def test_a_template_for_the_window_fails_once_it_has_closed(self):
        conversation = self.conversation()
        message = self.send(conversation, self._template("list", use="in_window"))
        self.send_queued(refused(429, 20429))
        message.sudo().next_try_at = False
        self.http.requests.clear()
        self.close_window(conversation)
        self.send_queued()
        self.assertEqual(message.state, "failed")
        self.assertFalse(self.http.requests)

    # retry

    def test_retry_sends_the_same_values(self):
        message = self.waiting()
        before = message.sudo()._outbound().template
        self.send_queued(refused(400, 30008))
        message.action_retry()
        self.assertEqual(message.sudo()._outbound().template, before)
        self.send_queued(accepted())
        self.assertEqual(message.state, "sent")

    def test_retry_passes_the_gate_of_templates(self):
        message = self.waiting()
        self.send_queued(refused(400, 30008))
        self.greeting.state = "rejected"
        with self.assertRaisesRegex(UserError, "isn't approved"):
            message.action_retry()
        self.greeting.state = "approved"
        self.assertTrue(message.action_retry())

    # the provider's refusals

    def test_each_refusal_is_explained_at_once_and_by_callback(self):
        for code, words in (
            (63016, "isn't approved yet"),
            (63027, "no longer has this template"),
            (63028, "check each value"),
            (63040, "isn't approved"),
            (63041, "paused"),
            (21655, "no longer has this template"),
            (21656, "check each value"),
        ):
            with self.subTest(code, by="answer"):
                message = self.send(self.late())
                self.send_queued(refused(400, code))
                self.assertExplained(message, code, words)
            with self.subTest(code, by="callback"):
                message = self.send(self.late())
                self.send_queued(accepted(sid := f"SM{uuid4().hex}"))
                self.process(self.status_form(sid, "undelivered", ErrorCode=str(code)))
                self.assertExplained(message, code, words)

    def assertExplained(self, message, code, words):
        self.assertEqual((message.state, message.error_code), ("failed", str(code)))
        self.assertRegex(message.failure_reason, words)
        self.assertTrue(message.action_retry())
        self.assertFalse(message.failure_reason)
        self.send_queued(accepted())
        self.assertEqual(message.state, "sent")

    def test_the_closed_window_names_templates_only_where_there_are_some(self):
        closed = {"state": "failed", "reason": "window_closed"}
        for channel, words in (
            (self.whatsapp, "Send a template"),
            (self.sms, "must write first"),
        ):
            message = self.queued(conversation=self.conversation(channel=channel))
            message.sudo().write(closed)
            self.assertRegex(message.failure_reason, words)

import requests

from odoo.exceptions import UserError

from ..common import MessagingCase
from ..scripted import accepted, refused


class TestRetry(MessagingCase):
    """Agents retry failed and unknown messages."""

    def test_retry_sends_failed_and_unknown_messages_once_more(self):
        for outcome in (refused(400, 30008), requests.ReadTimeout()):
            with self.subTest(outcome):
                message = self.queued()
                self.send_queued(outcome)
                message.with_user(self.colleague).action_retry()
                self.assertEqual(message.state, "queued")
                self.assertFalse(message.failure_reason)
                self.send_queued(accepted())
                self.assertEqual(message.state, "sent")

    def test_retry_needs_a_failed_message(self):
        message = self.sent()
        inbound = message.conversation_id.message_ids - message
        note = self.message(message.conversation_id.action_note("x"))
        for wrong in (message, inbound, note):
            with self.assertRaisesRegex(UserError, "Only failed messages"):
                wrong.with_user(self.agent).action_retry()

    def test_retry_passes_the_same_gate_as_a_reply(self):
        message = self.queued()
        self.send_queued(refused(400, 21610))
        with self.assertRaisesRegex(UserError, "opted out"):
            message.with_user(self.agent).action_retry()

    def test_a_late_status_of_the_previous_attempt_changes_nothing(self):
        message = self.sent()
        former = message.provider_message_id
        reference = f"{message.client_uuid}.0"
        failed = self.status_form(former, "failed", ErrorCode="30008")
        self.process(failed, reference=reference)
        message.with_user(self.agent).action_retry()
        self.process(failed, reference=reference)
        self.assertEqual(message.state, "queued")
        self.assertFalse(self.account.receipt_ids)
        self.send_queued(accepted())
        self.process(failed, reference=reference)
        self.assertEqual(message.state, "sent")
        self.assertNotEqual(message.provider_message_id, former)

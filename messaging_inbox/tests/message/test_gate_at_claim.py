from odoo.tools import mute_logger

from ...models.message import (
    outbox as messaging_message_outbox,
)
from ..common import CUSTOMER, MessagingCase
from ..scripted import accepted, refused


class TestGateAtClaim(MessagingCase):
    """A queued message passes the same gate again before it is sent."""

    def waiting(self, **fields):
        """Return a reply that waits for its next attempt."""
        message = self.queued(conversation=self.conversation(**fields))
        self.send_queued(refused(429, 20429))
        self.assertEqual(message.state, "queued")
        message.sudo().next_try_at = False
        self.http.requests.clear()
        return message

    def assertFailed(self, message, reason, words):
        self.send_queued()
        self.assertEqual((message.state, message.reason), ("failed", reason))
        self.assertRegex(message.failure_reason, words)
        self.assertFalse(self.http.requests)

    def test_nothing_is_sent_to_a_customer_who_opted_out_meanwhile(self):
        message = self.waiting(channel=self.sms)
        self.receive("STOP", channel=self.sms)
        self.assertFailed(message, "opted_out", "opted out")

    def test_nothing_is_sent_through_an_archived_channel(self):
        message = self.waiting()
        self.whatsapp.active = False
        self.assertFailed(message, "channel_archived", "is archived")

    def test_a_paused_account_keeps_it_queued(self):
        message = self.waiting()
        for values in ({"state": "error"}, {"state": "draft"}, {"active": False}):
            self.account.write({"state": "connected", "active": True, **values})
            self.assertEqual(self.send_queued(), 0)
            self.assertIsNone(message._prepare())
            self.assertEqual(message.state, "queued")
        self.account.write({"state": "connected", "active": True})
        self.send_queued(accepted())
        self.assertEqual(message.state, "sent")

    def test_a_message_fails_if_its_window_closed_meanwhile(self):
        message = self.waiting()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE messaging_conversation"
            " SET last_inbound_at = last_inbound_at - interval '1 day' WHERE id = %s",
            [message.conversation_id.id],
        )
        self.env.invalidate_all()
        self.assertFailed(message, "window_closed", "window is closed")

    def test_nothing_is_sent_to_a_customer_who_moved_to_another_conversation(self):
        message = self.waiting()
        other = self.conversation(sender="+34622222222")
        message.conversation_id.sudo().identity_ids.conversation_id = other
        self.assertFailed(message, "recipient_moved", "another conversation")

    def test_the_remaining_identity_gets_the_message(self):
        message = self.waiting()
        conversation = message.conversation_id.sudo()
        self.env["messaging.identity"].create(
            {
                "channel_id": self.whatsapp.id,
                "conversation_id": conversation.id,
                "external_id": "ES.1",
            }
        )
        phone = conversation.identity_ids.filtered(lambda i: i.external_id == CUSTOMER)
        phone.conversation_id = self.conversation(sender="+34622222222")
        self.send_queued(accepted())
        self.assertEqual(message.state, "sent")
        (_method, _url, options) = self.http.requests[0]
        self.assertEqual(options["data"]["To"], "whatsapp:ES.1")

    def test_a_message_is_sent_even_if_its_author_lost_access(self):
        message = self.waiting()
        self.agent.active = False
        self.send_queued(accepted())
        self.assertEqual(message.state, "sent")

    def test_a_row_that_cannot_be_prepared_fails_and_blocks_no_other(self):
        broken = self.waiting()
        good = self.queued(conversation=self.conversation(sender="+34622222222"))
        self.patch(type(broken), "_status_url", self._broken_for(broken))
        with mute_logger(messaging_message_outbox.__name__):
            self.send_queued(accepted())
        self.assertEqual((broken.state, good.state), ("failed", "sent"))
        self.assertIn("not sent", broken.failure_reason)

    def _broken_for(self, message):
        original = type(message)._status_url

        def status_url(each):
            if each == message:
                raise KeyError("a bug")
            return original(each)

        return status_url

    def test_a_channel_that_its_account_does_not_support_pauses_no_other(self):
        message = self.waiting()
        self.env.cr.execute(
            "UPDATE messaging_channel SET kind = 'instagram' WHERE id = %s",
            [self.whatsapp.id],
        )
        self.env.invalidate_all()
        self.assertFailed(message, "bad_credentials", "administrator must renew")
        self.assertEqual(self.account.state, "connected")

    def test_retry_passes_the_same_gate(self):
        message = self.waiting()
        self.whatsapp.active = False
        self.assertFailed(message, "channel_archived", "is archived")
        with self.assertRaisesRegex(Exception, "is archived"):
            message.with_user(self.agent).action_retry()
        self.whatsapp.active = True
        message.with_user(self.agent).action_retry()
        self.send_queued(accepted())
        self.assertEqual(message.state, "sent")

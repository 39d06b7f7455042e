from odoo.modules.neutralize import get_neutralization_queries

from .common import MessagingCase


class TestNeutralize(MessagingCase):
    """A copy of a database never answers customers."""

    def test_a_copy_has_no_secret_and_nothing_to_send_or_fetch(self):
        self.account.api_base_url = "http://127.0.0.1:1"
        sent = self.sent(self.conversation(sender="+34622222222"))
        waiting = self.queued()
        form = self.media_form("image/png")
        self.digest(form)
        address = self.account.webhook_url
        self.env.flush_all()
        for query in get_neutralization_queries(["messaging_inbox"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertRecordValues(
            self.account,
            [
                {
                    "state": "draft",
                    "api_base_url": False,
                    "twilio_auth_token_stored": False,
                    "twilio_api_key_secret_stored": False,
                    "webhook_url": address,
                }
            ],
        )
        self.assertEqual((waiting.state, sent.state), ("failed", "sent"))
        self.assertEqual(self.send_queued(), 0)
        self.assertFalse(self.env["messaging.media"]._download_next())

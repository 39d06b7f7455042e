import hashlib
import hmac
from pathlib import Path
from urllib.parse import urlsplit

from odoo.tests import tagged

from ...providers import whatsapp_cloud
from ..common import MessagingHttpCase

FIXTURES = Path(whatsapp_cloud.__file__).parent / "fixtures"
SECRET, NUMBER, NUMBER_ID = "an app secret", "+34600000001", "200000000000001"
# These are meant to be unreadable, or about a number that has no channel.
BROKEN = {"status_unknown", "two_numbers_and_bad_events"}


@tagged("post_install", "-at_install")
class TestWebhookWhatsapp(MessagingHttpCase):
    """What Meta posts about WhatsApp, through the real route."""

    def setUp(self):
        super().setUp()
        self.cloud = self.account.create(
            {
                "name": "WhatsApp at Meta",
                "provider": "whatsapp_cloud",
                "whatsapp_app_id": "300000000000001",
                "whatsapp_app_secret": SECRET,
                "state": "connected",
            }
        )
        self.number = self._channel("whatsapp", NUMBER, account_id=self.cloud.id)
        self.number.sudo().provider_reference = NUMBER_ID

    def post(self, name):
        """Post a fixture as Meta does; return the answer."""
        body = (FIXTURES / f"{name}.json").read_bytes()
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "X-Hub-Signature-256": f"sha256={digest}",
            "Content-Type": "application/json",
        }
        self.env.flush_all()
        path = urlsplit(self.cloud.webhook_url).path
        response = self.url_open(path, data=body, headers=headers, timeout=30)
        self.env.invalidate_all()
        return response

    def failed(self, known=()):
        """Return why webhooks failed, without those that only came too early."""
        receipts = self.cloud.receipt_ids.filtered(lambda r: r.id not in known)
        return receipts.filtered(lambda r: r.kind == "request").mapped("error")

    def conversations(self):
        return self.env["messaging.conversation"].search(
            [("channel_id", "=", self.number.id)]
        )

    def test_whatever_meta_sends_is_taken_twice_and_stored_once(self):
        for path in sorted(FIXTURES.glob("*.json")):
            with self.subTest(path.stem):
                known = set(self.cloud.receipt_ids.ids)
                counts = []
                for _time in range(2):
                    self.assertEqual(self.post(path.stem).status_code, 200)
                    counts.append(self.env["messaging.message"].search_count([]))
                self.assertEqual(counts[0], counts[1])
                failed = self.failed(known)
                self.assertEqual(bool(failed), path.stem in BROKEN, failed)
                self.assertFalse([why for why in failed if "Internal" in why])

    def test_a_group_is_a_conversation_that_can_not_be_answered(self):
        for name in ("text", "group_message", "group_created"):
            self.post(name)
        rows = self.conversations().with_user(self.agent)
        rows = {row["contact_name"]: row for row in rows.inbox_rows(rows.ids)}
        self.assertEqual(set(rows), {"Ana Example", "Bike friends"})
        self.assertTrue(rows["Ana Example"]["can_answer"])
        self.assertFalse(rows["Bike friends"]["can_answer"])
        group = self.conversations().filtered(lambda c: c.contact_name[:4] == "Bike")
        self.assertEqual(group._obstacle(self.agent).value, "no_replies")
        self.assertEqual(group.message_ids.body, "Ana Example: Hello everybody")

    def test_a_customer_without_a_number_is_known_by_the_id(self):
        self.post("username_without_number")
        conversation = self.conversations()
        self.assertEqual(conversation.contact_username, "ana.example")
        self.assertFalse(conversation.contact_phone)
        self.assertEqual(conversation._recipient().external_id[:3], "ES.")

    def test_the_number_shows_how_meta_rates_it(self):
        for name in ("number_flagged", "name_declined", "account_restricted"):
            self.post(name)
        self.assertEqual((self.number.quality, self.number.daily_limit), ("low", 1000))
        self.assertEqual(self.number.name_state, "declined")
        self.assertIn("restricts", self.number.notice)

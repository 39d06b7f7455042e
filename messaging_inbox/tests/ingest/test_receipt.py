from unittest.mock import ANY

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from ...providers.events import WebhookRequest
from ..common import CUSTOMER, MessagingCase

NUMBER = "+34600000009"


class TestReceipt(MessagingCase):
    """Verified requests that failed are stored until they can be processed."""

    def failed(self, body="Lost", **fields):
        """Return the failed webhook of a message for an unknown number."""
        form = self.inbound_form(body, To=f"whatsapp:{NUMBER}", **fields)
        self.process(form)
        return self.env["messaging.receipt"].search([], limit=1)

    def test_a_replay_after_the_fix_stores_the_message(self):
        receipt = self.failed("Lost")
        self.whatsapp = self._channel("whatsapp", NUMBER)
        receipt.with_user(self.manager).action_replay()
        self.env.invalidate_all()
        message = self.env["messaging.message"].search([("body", "=", "Lost")])
        self.assertEqual(message.channel_id, self.whatsapp)
        self.assertRecordValues(
            receipt, [{"state": "done", "error": False, "attempts": 1}]
        )
        self.assertFalse(receipt.body_stored, "a body that was processed isn't kept")

    def test_a_replay_without_a_fix_counts_the_attempt_and_keeps_the_reason(self):
        receipt = self.failed()
        receipt.with_user(self.manager).action_replay()
        self.assertRecordValues(receipt, [{"state": "failed", "attempts": 1}])
        self.assertIn(NUMBER, receipt.error)

    def test_a_replay_creates_no_duplicates(self):
        bad = self.inbound_form(To=f"whatsapp:{NUMBER}")
        good = self.inbound_form("Good")
        self.process(good, bad)
        self.env["messaging.receipt"].search([], limit=1).action_replay()
        self.assertEqual(len(self.message_of(good)), 1)

    def test_a_done_receipt_is_not_replayed(self):
        receipt = self.failed()
        receipt.state = "done"
        receipt.action_replay()
        self.assertEqual(receipt.attempts, 0)

    def test_an_unmatched_status_is_dropped_after_a_day(self):
        self.process(self.status_form(self.next_sid(), "read"))
        receipt = self.account.receipt_ids
        self.env["messaging.receipt"]._forget_parked()
        self.assertEqual(receipt.state, "failed")
        self.env.cr.execute(
            "UPDATE messaging_receipt SET create_date = now() - interval '25 hours'"
        )
        self.env.invalidate_all()
        self.env["messaging.receipt"]._forget_parked()
        self.assertEqual(receipt.state, "done")
        self.assertFalse(receipt.body_stored)

    # read access

    def test_only_the_installer_reads_the_body(self):
        receipt = self.failed("Between us")
        self.assertIn("Between us", receipt.with_user(self.installer).body)
        for user in (self.manager, self.system):
            with self.subTest(user.login):
                seen = receipt.with_user(user)
                self.assertFalse(seen.body)
                self.assertTrue(seen.error)
                self.assertNotIn("Between us", str(seen.read()))

    def test_no_user_can_read_the_stored_body(self):
        receipt = self.failed()
        for user in (self.installer, self.manager, self.system):
            with self.subTest(user.login), self.assertRaises(AccessError):
                receipt.with_user(user).read(["body_stored"])
            with self.assertRaises(AccessError):
                receipt.with_user(user).search([("body_stored", "like", "x")])

    def test_only_managers_and_the_installer_can_replay(self):
        receipt = self.failed()
        for user in (self.agent, self.employee, self.portal, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                receipt.with_user(user).action_replay()
        receipt.with_user(self.installer).action_replay()
        self.assertEqual(receipt.attempts, 1)

    def test_the_reason_never_contains_the_customers_text(self):
        """Managers can read the reason, even for a private channel."""
        self.patch(
            type(self.env["messaging.ingest"]),
            "_reopen_and_opt_out",
            lambda _self, stored: {}[stored[0].event.text],
        )
        with mute_logger("odoo.addons.messaging_inbox.models.ingest.ingest"):
            self.receive("Between us", channel=self.private)
        receipt = self.account.receipt_ids
        self.assertEqual(receipt.state, "failed")
        self.assertNotIn("Between us", receipt.error)

    def test_deleting_a_conversation_empties_the_receipts_that_name_its_customer(self):
        conversation = self.conversation()
        about = self.failed("About Ana")
        other = self.failed("About another", sender="+34622222222", ProfileName="Eva")
        conversation.with_user(self.installer).unlink()
        self.assertFalse(about.body_stored)
        self.assertTrue(other.body_stored)

    def test_deleting_leaves_receipts_with_longer_numbers_alone(self):
        """A short number is part of many longer ones."""
        conversation = self.conversation(sender="+3461", channel=self.sms)
        other = self.failed("About another", sender=CUSTOMER)
        conversation.with_user(self.installer).unlink()
        self.assertTrue(other.body_stored)
        self.assertEqual(other.state, "failed")

    def test_deleting_finds_ids_however_json_escapes_them(self):
        conversation = self.conversation()
        (identity,) = conversation.sudo().identity_ids
        identity.external_id = "m_a/b+c"
        whole = [r"m_a\/b+c", r"m_a/b+c", r"m_a\u002Fb\u002bc"]
        longer = [r"m_a\/b+cd", r"xm_a\/b+c"]
        for spelled, is_whole in [(w, True) for w in whole] + [
            (spelled, False) for spelled in longer
        ]:
            with self.subTest(spelled):
                request = WebhookRequest(
                    "POST", (), body=f'{{"id":"{spelled}"'.encode()
                )
                receipts = self.env["messaging.receipt"]
                receipt = receipts._keep(self.account.id, request, "No JSON")
                receipts._forget_conversations(conversation)
                self.assertEqual(receipt.body_stored, False if is_whole else ANY)

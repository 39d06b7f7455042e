from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import DeadlockDetected

from odoo import fields
from odoo.tools import mute_logger

from ...models.ingest import receipt as messaging_receipt
from ...tools import time_limit
from ..common import MessagingCase
from ..scripted import accepted

LOGGER = "odoo.addons.messaging_inbox.models.ingest.receipt"
NUMBER = "+34600000009"


class TestReplay(MessagingCase):
    """Failed webhooks are replayed automatically, each when it is due."""

    def failed(self, body="Lost", **fields_of_twilio):
        form = self.inbound_form(body, To=f"whatsapp:{NUMBER}", **fields_of_twilio)
        self.process(form)
        return self.env["messaging.receipt"].search([], limit=1)

    def replay(self):
        with mute_logger(LOGGER):
            self.run_cron("replay_receipts")

    def let_pass(self, receipts):
        receipts.next_try_at = fields.Datetime.now() - timedelta(seconds=1)

    def calls(self):
        """Return the times at which the cron was triggered to run."""
        cron = self.env.ref("messaging_inbox.ir_cron_replay_receipts")
        triggers = self.env["ir.cron.trigger"].sudo()
        return triggers.search([("cron_id", "=", cron.id)]).mapped("call_at")

    # timing

    def test_each_attempt_waits_longer_than_the_one_before(self):
        receipt = self.failed()
        delays = []
        for attempt in range(1, len(messaging_receipt.RETRY_DELAYS) + 1):
            self.let_pass(receipt)
            self.replay()
            self.assertEqual(receipt.attempts, attempt)
            delays.append(receipt.next_try_at - fields.Datetime.now())
            self.assertIn(receipt.next_try_at, self.calls())
        rounded = [round(delay.total_seconds(), -1) for delay in delays]
        self.assertEqual(rounded, sorted(rounded))
        self.assertLess(delays[0], timedelta(minutes=1))
        self.assertGreater(delays[-1], timedelta(days=1))

    def test_a_receipt_is_not_replayed_before_it_is_due(self):
        receipt = self.failed()
        self.replay()
        self.replay()
        self.assertEqual((receipt.state, receipt.attempts), ("failed", 1))

    def test_after_the_last_attempt_only_users_can_replay_it(self):
        receipt = self.failed()
        receipt.attempts = len(messaging_receipt.RETRY_DELAYS)
        self.replay()
        self.assertEqual((receipt.state, receipt.next_try_at), ("failed", False))
        self.replay()
        self.assertEqual(receipt.attempts, len(messaging_receipt.RETRY_DELAYS) + 1)
        receipt.with_user(self.manager).action_replay()
        self.assertEqual(receipt.attempts, len(messaging_receipt.RETRY_DELAYS) + 2)

    def test_a_status_about_an_unknown_message_uses_up_no_attempts_of_others(self):
        """20 of them once used up every attempt of a message for a new channel."""
        lost = self.failed()
        self.replay()
        for _ in range(20):
            self.process(self.status_form(self.next_sid(), "read"))
            self.replay()
        self.assertEqual(lost.attempts, 1)
        channel = self._channel("whatsapp", NUMBER)
        self.replay()
        self.assertEqual(lost.state, "done")
        message = self.env["messaging.message"].search([("body", "=", "Lost")])
        self.assertEqual(message.channel_id, channel)

    def test_a_new_channel_or_address_makes_given_up_receipts_due(self):
        changes = {
            "created": lambda: self._channel("whatsapp", NUMBER),
            "changed": lambda: self.sms.write({"kind": "whatsapp", "address": NUMBER}),
        }
        for name, change in changes.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                receipt = self.failed()
                receipt.write({"attempts": 13, "next_try_at": False})
                change()
                self.replay()
                self.assertEqual(receipt.state, "done")
                savepoint.rollback()

    def test_a_new_channel_wakes_the_cron_for_receipts_already_due(self):
        self.let_pass(self.failed())
        self.env["ir.cron.trigger"].sudo().search([]).unlink()
        self._channel("whatsapp", NUMBER)
        self.assertTrue(self.calls())

    def test_a_new_channel_makes_only_its_accounts_receipts_due(self):
        receipt = self.failed()
        receipt.next_try_at = False
        other = self.account.copy({"name": "Other"})
        channel = {"name": "N", "account_id": other.id, "kind": "whatsapp"}
        self.env["messaging.channel"].create({**channel, "address": NUMBER})
        self.assertFalse(receipt.next_try_at)

    def test_a_sent_message_makes_only_its_own_statuses_due(self):
        conversation = self.conversation()
        mine, other = self.next_sid(), self.next_sid()
        for sid in (mine, other):
            self.process(self.status_form(sid, "delivered"))
        about_mine, about_other = self.account.receipt_ids.sorted("id")
        self.replay()
        self.assertEqual([about_mine.attempts, about_other.attempts], [1, 1])
        message = self.message(conversation.reply("Yes"))
        self.send_queued(accepted(mine))
        self.replay()
        self.assertEqual((about_mine.state, message.state), ("done", "delivered"))
        self.assertEqual((about_other.state, about_other.attempts), ("failed", 1))
        self.assertFalse(about_mine.awaited)

    # failures

    def test_a_broken_receipt_does_not_block_the_next(self):
        broken, whole = self.failed("Broken"), self.failed("Whole")
        broken.body_stored = "no json"
        self._channel("whatsapp", NUMBER)
        self.replay()
        self.assertEqual((broken.state, whole.state), ("failed", "done"))
        self.assertEqual(broken.attempts, 1)
        self.assertIn("JSONDecodeError", broken.error)

    def test_a_crash_during_a_replay_counts_as_an_attempt(self):
        receipt = self.failed()
        with patch.object(type(receipt), "_replay", side_effect=KeyboardInterrupt):
            # No assertRaises: Odoo's version rolls back.
            with suppress(KeyboardInterrupt):
                self.env["messaging.receipt"]._replay_next()
        self.env.invalidate_all()
        self.assertEqual(receipt.attempts, 1)
        self.assertGreater(receipt.next_try_at, fields.Datetime.now())

    def test_a_conflict_costs_no_attempt(self):
        receipt = self.failed()
        with patch.object(
            type(self.env["messaging.ingest"]), "_ingest", side_effect=DeadlockDetected
        ):
            self.replay()
        self.assertEqual((receipt.state, receipt.attempts), ("failed", 0))
        self.assertGreater(receipt.next_try_at, fields.Datetime.now())
        self.assertIn(receipt.next_try_at, self.calls())

    def test_a_receipt_emptied_during_its_replay_stores_nothing(self):
        """Its customer was deleted while it was replayed."""
        receipt = self.failed("Lost")
        self._channel("whatsapp", NUMBER)
        ingest = type(self.env["messaging.ingest"])
        original = ingest._ingest

        def delete_meanwhile(*args):
            failures = original(*args)
            receipt._done()
            receipt.flush_recordset()
            return failures

        with patch.object(ingest, "_ingest", delete_meanwhile):
            self.replay()
        self.assertFalse(self.env["messaging.message"].search([("body", "=", "Lost")]))

    def test_receipts_are_left_to_the_next_run_when_time_is_up(self):
        receipts = self.failed() + self.failed()
        with patch.object(time_limit, "has_time_for", return_value=False) as asked:
            self.replay()
        asked.assert_called_once_with(messaging_receipt.LONGEST)
        self.assertEqual(receipts.mapped("attempts"), [0, 0])
        self.replay()
        self.assertEqual(receipts.mapped("attempts"), [1, 1])

    # many at once

    def test_a_few_are_replayed_at_once_and_many_by_the_cron(self):
        self.patch(messaging_receipt, "AT_ONCE", 2)
        for _number in range(3):
            self.failed()
        receipts = self.env["messaging.receipt"].search([("state", "=", "failed")])
        receipts.next_try_at = False
        self._channel("whatsapp", NUMBER)
        receipts.next_try_at = False
        action = receipts.with_user(self.manager).action_replay()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("3 failed webhooks", action["params"]["message"])
        self.env.invalidate_all()
        self.assertEqual(set(receipts.mapped("state")), {"failed"})
        self.assertTrue(all(receipts.mapped("next_try_at")))
        self.let_pass(receipts)
        self.replay()
        self.assertEqual(set(receipts.mapped("state")), {"done"})

from itertools import permutations
from uuid import uuid4

import requests

from ...providers.errors import Reason
from ..common import CUSTOMER, MessagingCase
from ..scripted import accepted


class TestStatus(MessagingCase):
    """Statuses of outbound messages only move forward, in any order."""

    def report(self, message, status, **fields):
        self.process(self.status_form(message.provider_message_id, status, **fields))

    def test_each_status_moves_the_message_forward(self):
        message = self.sent()
        for status in ("sent", "delivered", "read"):
            self.report(message, status)
            self.assertEqual(message.state, status)

    def test_the_furthest_state_wins_in_any_order(self):
        for order in permutations(("queued", "sent", "delivered", "read")):
            with self.subTest(order=order):
                message = self.sent()
                for status in order:
                    self.report(message, status)
                self.assertEqual(message.state, "read")

    def test_a_failure_stores_the_reason_and_the_providers_code(self):
        message = self.sent()
        self.report(message, "undelivered", ErrorCode="63016")
        self.assertEqual(message.state, "failed")
        self.assertEqual(message.error_code, "63016")
        self.assertIn("reply window", message.failure_reason)

    def test_an_unknown_code_keeps_the_providers_text(self):
        message = self.sent()
        self.report(
            message, "failed", ErrorCode="99999", ChannelStatusMessage="Cosmic rays"
        )
        self.assertIn("99999", message.failure_reason)
        self.assertIn("Cosmic rays", message.failure_reason)

    def test_a_failure_does_not_undo_a_delivery(self):
        message = self.sent()
        self.report(message, "delivered")
        self.report(message, "failed", ErrorCode="30008")
        self.assertEqual(message.state, "delivered")
        self.assertFalse(message.failure_reason)

    def test_a_delivery_after_a_failure_clears_the_reason(self):
        message = self.sent()
        self.report(message, "failed", ErrorCode="30008")
        self.report(message, "delivered")
        self.assertEqual(message.state, "delivered")
        self.assertFalse(message.failure_reason)
        self.assertFalse(message.error_code)

    def test_a_status_neither_reopens_nor_counts_as_unread(self):
        message = self.sent()
        conversation = message.conversation_id
        conversation.action_close()
        self.report(message, "delivered")
        self.assertEqual(conversation.state, "closed")
        self.assertEqual(conversation.with_user(self.colleague).unread_count, 1)

    def test_a_customers_own_message_never_gets_a_status(self):
        inbound = self.receive()
        self.report(inbound, "read")
        self.assertEqual(inbound.state, "received")

    def test_an_opt_out_reported_by_a_status_opts_out(self):
        message = self.sent()
        self.report(message, "undelivered", ErrorCode="21610")
        self.assertTrue(message.conversation_id.opted_out)

    # by our own reference, before the provider's id is known

    def test_a_status_finds_the_message_by_our_reference(self):
        message = self.message(self.conversation().reply("Yes"))
        form = self.status_form("SM" + "b" * 32, "delivered")
        self.process(form, reference=f"{message.client_uuid}.0")
        self.assertEqual(message.state, "delivered")
        self.assertEqual(message.provider_message_id, "SM" + "b" * 32)

    def test_a_status_before_the_response_to_our_request_is_kept(self):
        message = self.message(self.conversation().reply("Yes"))
        sid = "SM" + "c" * 32

        def report_first(*_args):
            form = self.status_form(sid, "delivered")
            self.process(form, reference=f"{message.client_uuid}.0")

        self.http_hook(report_first)
        self.send_queued(accepted(sid))
        self.assertEqual(message.state, "delivered")
        self.assertEqual(message.provider_message_id, sid)

    def http_hook(self, hook):
        request = self.http.request

        def hooked(*args, **kwargs):
            hook()
            return request(*args, **kwargs)

        self.patch(self.http, "request", hooked)

    def test_a_foreign_reference_changes_nothing(self):
        message = self.message(self.conversation().reply("Yes"))
        references = [
            f"{uuid4()}.0",
            f"{message.client_uuid}.1",
            f"{message.client_uuid}",
            f"{message.client_uuid}.-1",
            f"{message.client_uuid}.99999999999999999999",
            ".0",
            "' OR 1=1 --.0",
        ]
        for reference in references:
            with self.subTest(reference=reference):
                self.process(
                    self.status_form(self.next_sid(), "read"), reference=reference
                )
                self.assertEqual(message.state, "queued")

    def test_a_reference_is_only_matched_on_its_own_channel(self):
        message = self.message(self.conversation().reply("Yes"))
        form = self.status_form(self.next_sid(), "read", channel=self.sms)
        self.process(form, reference=f"{message.client_uuid}.0")
        self.assertEqual(message.state, "queued")

    # too early

    def test_a_status_of_an_unknown_message_is_parked_and_applied_later(self):
        message = self.message(self.conversation().reply("Yes"))
        sid = "SM" + "d" * 32
        self.process(self.status_form(sid, "delivered"))
        receipt = self.account.receipt_ids
        self.assertEqual((receipt.kind, receipt.state), ("status", "failed"))
        self.send_queued(accepted(sid))
        receipt.with_user(self.manager).action_replay()
        self.assertEqual(receipt.state, "done")
        self.assertEqual(message.state, "delivered")

    def test_a_status_of_a_deleted_message_leaves_no_trace(self):
        message = self.sent()
        form = self.status_form(message.provider_message_id, "read")
        message.conversation_id.with_user(self.installer).unlink()
        self.process(form)
        self.assertFalse(self.account.receipt_ids)

    def test_of_two_messages_with_one_reference_the_customers_own_is_matched(self):
        conversations = self.customers(2)
        first, second = (
            self.message(conversation.reply("Yes", client_uuid="same"))
            for conversation in conversations
        )
        form = self.status_form(self.next_sid(), "delivered")
        form["To"] = f"whatsapp:{conversations[1].contact_phone}"
        self.process(form, reference="same.0")
        self.assertEqual((first.state, second.state), ("queued", "delivered"))

    # settling unknown messages

    def test_a_status_settles_a_message_that_may_have_been_sent(self):
        message = self.message(self.conversation().reply("Yes"))
        self.send_queued(requests.ReadTimeout())
        self.assertEqual(message.state, "unknown")
        form = self.status_form(self.next_sid(), "sent")
        self.process(form, reference=f"{message.client_uuid}.0")
        self.assertEqual(message.state, "sent")
        self.assertFalse(message.failure_reason)

    def test_the_bus_publishes_the_new_state(self):
        message = self.sent()
        self.bus()
        self.report(message, "read")
        [(_channel, payload)] = self.bus("changed")
        self.assertEqual(payload["messages"][0]["state"], "read")
        self.assertEqual(payload["messages"][0]["id"], message.id)
        self.assertNotIn(CUSTOMER, str(payload["messages"]))

    def test_the_bus_publishes_the_row_that_shows_the_message(self):
        message = self.sent()
        for status in ("delivered", "read"):
            with self.subTest(status):
                self.bus()
                self.report(message, status)
                row = self.row_said()
                self.assertEqual(row["id"], message.conversation_id.id)
                self.assertEqual(row["preview"]["state"], status)

    def test_the_bus_publishes_the_row_of_a_failure(self):
        message = self.sent()
        self.bus()
        self.report(message, "failed", ErrorCode="30008")
        self.assertEqual(self.row_said()["preview"]["state"], "failed")

    def test_a_status_of_an_older_message_publishes_no_row(self):
        message = self.sent()
        self.receive("One more")
        self.bus()
        self.report(message, "read")
        [(_channel, payload)] = self.bus("changed")
        self.assertFalse(payload["conversations"])

    def row_said(self):
        """Return the only row that the bus published since the last call."""
        [(_channel, payload)] = self.bus("changed")
        [row] = payload["conversations"]
        return row

    def test_every_reason_has_a_sentence_for_agents_and_one_for_managers(self):
        reasons = self.env["messaging.reasons"]
        self.assertEqual(set(reasons._sentences()), {reason.value for reason in Reason})
        for reason in Reason:
            self.assertTrue(reasons._sentence_for_manager(reason))
        self.assertLessEqual(
            set(reasons._manager_sentences()), set(reasons._sentences())
        )

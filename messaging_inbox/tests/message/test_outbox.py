from datetime import timedelta

import requests
from psycopg2.errors import CheckViolation
from urllib3.exceptions import NewConnectionError

from odoo import fields
from odoo.tools import mute_logger

from ...providers.errors import Reason, Refused, Retryable, Unsettled
from ...providers.events import Sent
from ...tools import work_queue
from ..common import ACCOUNT_SID, CUSTOMER, TOKEN, WHATSAPP, MessagingCase
from ..scripted import accepted, answer, refused

OUTBOX_LOGGER = "odoo.addons.messaging_inbox.models.message.outbox"


def no_connection():
    pool_error = requests.ConnectionError()
    reason = type("MaxRetry", (Exception,), {})()
    reason.reason = NewConnectionError(None, "refused")
    pool_error.args = (reason,)
    return pool_error


class TestOutbox(MessagingCase):
    """Queued messages are sent to the provider in order, and never twice."""

    def form_sent(self, index=0):
        return self.http.requests[index][2]["data"]

    def due(self, message):
        """Make the next attempt due."""
        message.next_try_at = fields.Datetime.now() - timedelta(seconds=1)

    # sending

    def test_a_text_is_one_request_with_our_reference(self):
        message = self.queued("Yes, tomorrow")
        self.assertEqual(message.state, "queued")
        self.send_queued(accepted("SM" + "e" * 32))
        self.assertEqual(message.state, "sent")
        self.assertEqual(message.provider_message_id, "SM" + "e" * 32)
        [(method, url, options)] = self.http.requests
        path = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
        self.assertEqual((method, url), ("POST", f"https://api.twilio.com{path}"))
        self.assertEqual(options["auth"], (ACCOUNT_SID, TOKEN))
        form = options["data"]
        self.assertEqual(form["From"], f"whatsapp:{WHATSAPP}")
        self.assertEqual(form["To"], f"whatsapp:{CUSTOMER}")
        self.assertEqual(form["Body"], "Yes, tomorrow")
        callback = f"{self.account.webhook_url}?m={message.client_uuid}.0"
        self.assertEqual(form["StatusCallback"].partition("#")[0], callback)
        self.assertIn("#rc=", form["StatusCallback"])

    def test_a_file_is_sent_as_a_signed_url(self):
        conversation = self.conversation()
        file = self.attachment(conversation)
        message = self.message(conversation.reply("", file.ids))
        self.send_queued(accepted())
        self.assertEqual(message.state, "sent")
        origin = self.account.webhook_url.partition("/messaging/")[0]
        url = self.form_sent()["MediaUrl"]
        self.assertTrue(url.startswith(f"{origin}/messaging/media/"), url)

    def test_the_parts_of_a_reply_are_sent_in_order(self):
        conversation = self.conversation()
        files = self.attachment(conversation) + self.attachment(conversation)
        messages = self.message(conversation.reply("Look", files.ids))
        self.assertEqual(messages.sorted("id").mapped("part"), [0, 1, 2])
        self.send_queued(*[accepted() for _ in range(3)])
        self.assertEqual(set(messages.mapped("state")), {"sent"})
        self.assertEqual(self.form_sent(0)["Body"], "Look")
        self.assertNotIn("Body", self.form_sent(1))

    def test_sending_continues_with_the_next_conversation(self):
        first = self.queued("One")
        second = self.queued("Two", self.conversation(sender="+34622222222"))
        self.assertEqual(self.send_queued(accepted(), accepted()), 2)
        self.assertEqual((first | second).mapped("state"), ["sent", "sent"])

    def test_nothing_is_sent_twice(self):
        self.queued()
        self.assertEqual(self.send_queued(accepted()), 1)
        self.assertEqual(self.send_queued(), 0)

    # refusals

    def test_notes_and_events_are_never_sent(self):
        conversation = self.conversation()
        note = self.message(conversation.action_note("Between us"))
        conversation.action_close()
        self.assertEqual(self.send_queued(), 0)
        self.assertFalse(note.state)

    def test_the_database_itself_refuses_a_note_with_a_state(self):
        conversation = self.conversation()
        note = self.message(conversation.action_note("Between us"))
        event = self.message(conversation._log_event("closed").ids)
        inbound = conversation.message_ids.filtered(lambda m: m.direction == "inbound")
        for message in (note, event, inbound):
            with (
                self.subTest(message.direction),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    "UPDATE messaging_message SET state = 'queued' WHERE id = %s",
                    [message.id],
                )

    def test_nothing_is_sent_for_an_account_that_is_not_connected(self):
        message = self.queued()
        for values in ({"state": "draft"}, {"state": "error"}, {"active": False}):
            with self.subTest(values):
                self.account.write({"state": "connected", "active": True, **values})
                self.assertEqual(self.send_queued(), 0)
        self.account.write({"state": "connected", "active": True})
        self.assertEqual(self.send_queued(accepted()), 1)
        self.assertEqual(message.state, "sent")

    # certainly not accepted: retried

    def test_without_a_connection_it_is_retried_later(self):
        message = self.queued()
        self.send_queued(no_connection())
        self.assertEqual(message.state, "queued")
        self.assertGreater(message.next_try_at, fields.Datetime.now())
        self.assertEqual(self.send_queued(), 0, "not before its time")
        self.due(message)
        self.send_queued(accepted())
        self.assertEqual(message.state, "sent")
        self.assertFalse(message.failure_reason)

    def test_the_providers_retry_after_is_respected(self):
        message = self.queued()
        self.send_queued(refused(429, 20429, headers={"Retry-After": "900"}))
        self.assertEqual(message.state, "queued")
        wait = message.next_try_at - fields.Datetime.now()
        self.assertGreater(wait, timedelta(seconds=880))

    def test_a_channel_that_is_to_wait_sends_nothing_meanwhile(self):
        limited, other = (self.queued(conversation=each) for each in self.customers(2))
        self.assertEqual(
            self.send_queued(refused(429, 20429, headers={"Retry-After": "900"})), 1
        )
        self.assertEqual((limited.state, other.state), ("queued", "queued"))
        wait = self.whatsapp.sending_paused_until - fields.Datetime.now()
        self.assertGreater(wait, timedelta(seconds=880))
        self.due(limited)
        self.assertEqual(self.send_queued(), 0)
        self.whatsapp.sending_paused_until = limited.next_try_at
        self.send_queued(accepted("SM1"), accepted("SM2"))
        self.assertEqual((limited.state, other.state), ("sent", "sent"))

    def test_a_limit_without_a_time_holds_one_message_back_and_no_other(self):
        limited, other = (self.queued(conversation=each) for each in self.customers(2))
        self.send_queued(refused(429, 20429), accepted("SM2"))
        self.assertEqual((limited.state, other.state), ("queued", "sent"))
        self.assertFalse(self.whatsapp.sending_paused_until)

    def test_a_channel_waits_no_longer_than_it_was_asked_to(self):
        """A message that is refused again and again waits for hours, alone."""
        message = self.queued()
        message.attempts = 3
        self.send_queued(refused(429, 20429, headers={"Retry-After": "5"}))
        now = fields.Datetime.now()
        self.assertGreater(message.next_try_at, now + timedelta(minutes=5))
        self.assertLess(self.whatsapp.sending_paused_until, now + timedelta(seconds=9))

    def test_the_longest_wait_of_several_refusals_counts(self):
        for seconds in (60, 600, 60):
            self.whatsapp._pause_sending(seconds)
        wait = self.whatsapp.sending_paused_until - fields.Datetime.now()
        self.assertGreater(wait, timedelta(seconds=590))

    def test_after_the_last_retry_it_fails_with_the_reason(self):
        message = self.queued()
        for _ in range(6):
            self.assertEqual(message.state, "queued")
            self.due(message)
            self.send_queued(refused(503, 20503))
        self.assertEqual(message.state, "failed")
        self.assertIn("The provider has a problem", message.failure_reason)
        self.assertEqual(len(self.http.requests), 6)

    def test_a_later_message_waits_for_the_one_before_it(self):
        conversation = self.conversation()
        first, second = (
            self.queued("One", conversation),
            self.queued("Two", conversation),
        )
        self.assertEqual(self.send_queued(refused(503, 20503)), 1)
        self.assertEqual((first.state, second.state), ("queued", "queued"))
        self.due(first)
        self.send_queued(accepted(), accepted())
        bodies = [options["data"]["Body"] for *_, options in self.http.requests]
        self.assertEqual(bodies, ["One", "One", "Two"])

    def test_a_failed_message_does_not_block_the_next(self):
        conversation = self.conversation()
        self.queued("One", conversation)
        second = self.queued("Two", conversation)
        self.send_queued(refused(400, 21211), accepted())
        self.assertEqual(second.state, "sent")

    # certainly refused: failed with the reason

    def test_each_refusal_has_a_reason_in_the_agents_language(self):
        cases = [
            (400, 63016, "The reply window is closed"),
            (400, 21610, "opted out"),
            (400, 21211, "isn't valid"),
            (400, 12345, "The message was not sent. (12345 Some words)"),
        ]
        for index, (status, code, words) in enumerate(cases):
            with self.subTest(code=code):
                self.account.state = "connected"
                conversation = self.conversation(sender=f"+3462200000{index}")
                message = self.queued(conversation=conversation)
                self.send_queued(refused(status, code, "Some words"))
                self.assertEqual(message.state, "failed")
                self.assertEqual(message.error_code, str(code))
                self.assertIn(words, message.failure_reason)

    def test_refused_credentials_pause_the_account_and_show_managers_why(self):
        message = self.queued()
        self.send_queued(refused(401, 20003, "Authenticate"))
        self.assertEqual(message.state, "queued")
        self.assertIn("administrator must renew", message.failure_reason)
        self.assertEqual(self.account.state, "error")
        self.assertIn("20003", self.account.error_message)
        self.assertNotIn(TOKEN, self.account.error_message)
        self.assertEqual(self.send_queued(), 0)

    def test_waiting_messages_are_sent_once_the_account_is_reconnected(self):
        first = self.queued()
        second = self.queued(conversation=self.conversation(sender="+34622222222"))
        self.send_queued(refused(401, 20003, "Authenticate"))
        self.account._set_connected()
        self.send_queued(accepted(), accepted())
        self.assertEqual((first + second).mapped("state"), ["sent", "sent"])
        self.assertFalse(first.failure_reason)

    def test_a_message_refused_repeatedly_for_credentials_fails(self):
        message = self.queued()
        for _ in range(3):
            self.account._set_connected()
            self.send_queued(refused(401, 20003, "Authenticate"))
        self.assertEqual(message.state, "failed")

    def test_an_opt_out_at_the_provider_closes_the_gate(self):
        message = self.queued()
        self.send_queued(refused(400, 21610))
        self.assertTrue(message.conversation_id.opted_out)

    # unknown outcomes

    def test_a_message_is_never_sent_again_automatically_after_a_timeout(self):
        for error in (requests.ReadTimeout(), requests.ConnectionError("reset")):
            with self.subTest(error):
                message = self.queued()
                self.send_queued(error)
                self.assertEqual(message.state, "unknown")
                self.assertEqual(self.send_queued(), 0)

    def test_a_gateway_timeout_may_hide_an_acceptance(self):
        for status in (408, 500, 502, 503, 504):
            with self.subTest(status):
                message = self.queued()
                self.send_queued(answer(status, b"<html>"))
                self.assertEqual(message.state, "unknown")
                self.assertEqual(self.send_queued(), 0)

    def test_an_unknown_message_is_never_reported_as_not_sent(self):
        message = self.queued()
        self.send_queued(requests.ReadTimeout())
        self.assertIn("may have been sent", message.failure_reason)
        self.assertNotIn("not sent", message.failure_reason)

    def test_a_response_without_a_message_id_is_unknown(self):
        message = self.queued()
        self.send_queued(answer(201, b"<html>"))
        self.assertEqual(message.state, "unknown")

    def test_an_internal_error_is_unknown_and_blocks_no_other(self):
        conversation = self.conversation()
        first, second = (
            self.queued("One", conversation),
            self.queued("Two", conversation),
        )
        with mute_logger(OUTBOX_LOGGER):
            self.send_queued(RuntimeError("a bug"), accepted())
        self.assertEqual((first.state, second.state), ("unknown", "sent"))

    def test_a_message_being_sent_during_a_crash_becomes_unknown(self):
        message = self.queued()
        message._write({"state": "sending"})
        self.env.cr.execute(
            "UPDATE messaging_message SET write_date = now() - interval '1 hour'"
            " WHERE id = %s",
            [message.id],
        )
        self.env.invalidate_all()
        self.env["messaging.message"]._settle_crashed()
        self.assertEqual(message.state, "unknown")
        self.assertIn("may have been sent", message.failure_reason)

    def test_a_message_being_sent_is_left_alone(self):
        message = self.queued()
        message.state = "sending"
        self.env["messaging.message"]._settle_crashed()
        self.assertEqual(message.state, "sending")

    # several at a time

    def claim(self, limit):
        claimed = self.env["messaging.message"]._claim(limit=limit)
        return self.env["messaging.message"].union(*(row for row, _ in claimed))

    def test_only_the_first_message_of_each_conversation_is_claimed(self):
        conversation = self.conversation()
        first = self.queued("One", conversation)
        self.queued("Two", conversation)
        other = self.queued("Other", self.conversation(sender="+34622222222"))
        self.assertEqual(self.claim(10), first + other)
        self.assertEqual((first + other).mapped("state"), ["sending"] * 2)
        self.assertFalse(self.claim(10), "until their outcomes are stored")

    def test_no_more_are_claimed_than_can_leave(self):
        messages = [self.queued(conversation=each) for each in self.customers(3)]
        self.assertEqual(self.claim(2), messages[0] + messages[1])
        self.assertEqual(messages[2].state, "queued")

    def test_a_refused_message_gives_its_place_to_the_next(self):
        refused_one = self.queued("One")
        other = self.queued("Other", self.conversation(sender="+34622222222"))
        refused_one.conversation_id.sudo().opted_out = True
        self.assertEqual(self.claim(1), other)
        self.assertEqual(refused_one.state, "failed")

    def test_outcomes_are_stored_together(self):
        messages = [self.queued(conversation=each) for each in self.customers(3)]
        self.claim(3)
        outcomes = [Sent("SM1"), Refused(Reason.BAD_RECIPIENT, "21211"), Sent("SM3")]
        outcomes = dict(zip(messages, outcomes, strict=True))
        self.env["messaging.message"]._settle_claimed(outcomes)
        states = [message.state for message in messages]
        self.assertEqual(states, ["sent", "failed", "sent"])
        ids = [message.provider_message_id for message in messages]
        self.assertEqual(ids, ["SM1", False, "SM3"])

    def test_an_outcome_that_cannot_be_stored_costs_no_other(self):
        bad, good = (self.queued(conversation=each) for each in self.customers(2))
        self.claim(2)
        model = self.registry["messaging.message"]
        store = model._store_taken

        def fail(message, *arguments):
            if message == bad:
                raise RuntimeError("a bug")
            return store(message, *arguments)

        self.patch(model, "_store_taken", fail)
        failures = []
        # Not assertRaises, which would undo what was stored
        with work_queue._kept(failures):
            good._settle_claimed({bad: Sent("SM1"), good: Sent("SM2")})
        self.assertEqual(str(failures[0]), "a bug")
        self.env.invalidate_all()
        self.assertEqual((bad.state, good.state), ("sending", "sent"))

    def test_a_crash_before_an_outcome_is_stored_sends_nothing_again(self):
        message = self.queued()
        self.claim(1)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE messaging_message SET write_date = now() - interval '3 minutes'"
            " WHERE id = %s",
            [message.id],
        )
        self.env.invalidate_all()
        message._settle_crashed()
        self.assertEqual(message.state, "unknown")
        self.assertEqual(self.send_queued(), 0)

    def test_what_is_under_way_when_a_channel_is_to_wait_is_stored(self):
        limited, other = (self.queued(conversation=each) for each in self.customers(2))
        self.claim(2)
        wait = Retryable(Reason.RATE_LIMITED, "20429", retry_after=900)
        limited._settle_claimed({limited: wait, other: Sent("SM2")})
        self.assertEqual((limited.state, other.state), ("queued", "sent"))
        left = limited.next_try_at - fields.Datetime.now()
        self.assertGreater(left, timedelta(seconds=880))
        self.assertFalse(self.claim(10))

    # outcomes after giving up

    def late(self, outcome):
        """Return a message whose outcome arrives after it was set to unknown."""
        message = self.queued()
        message._write({"state": "unknown", "reason": "other", "attempts": 1})
        self.env.invalidate_all()
        message._settle(outcome)
        self.env.invalidate_all()
        return message

    def test_a_late_success_says_sent(self):
        message = self.late(Sent("SMlate"))
        self.assertEqual(message.state, "sent")
        self.assertEqual(message.provider_message_id, "SMlate")
        self.assertFalse(message.failure_reason)
        self.assertEqual(self.send_queued(), 0)

    def test_a_late_refusal_says_failed(self):
        message = self.late(Refused(Reason.BAD_RECIPIENT, "21211"))
        self.assertEqual((message.state, message.reason), ("failed", "bad_recipient"))

    def test_a_late_unsettled_outcome_changes_nothing(self):
        message = self.late(Unsettled(Reason.NO_CONNECTION))
        self.assertEqual((message.state, message.reason), ("unknown", "other"))

    def test_a_late_success_after_retry_sends_no_second_message(self):
        message = self.queued()
        message._settle(Sent("SMlate"))
        self.assertEqual(message.state, "sent")
        self.assertEqual(self.send_queued(), 0)

    def test_a_late_success_does_not_change_a_reported_failure(self):
        message = self.queued()
        message._write({"state": "failed", "reason": "unreachable"})
        self.env.invalidate_all()
        message._settle(Sent("SMlate"))
        self.assertEqual((message.state, message.reason), ("failed", "unreachable"))
        self.assertEqual(message.provider_message_id, "SMlate")

import logging
import re
from unittest.mock import patch

from ...models.message.media import RETRY_DELAYS
from ...providers.errors import Reason, Refused
from ...tools import watched
from ..common import CUSTOMER, MessagingHttpCase
from ..scripted import refused

LINE = re.compile(r"event=[a-z_]+( [a-z]+=([A-Za-z_]+|[0-9]{1,8}|\?))*")


class TestWatched(MessagingHttpCase):
    """What operators watch for is logged in one form, without personal data."""

    def logged(self, act):
        """Return the lines, all of the one form."""
        # The runner of the tests switches INFO off.
        with patch.object(watched, "_logger") as logger:
            act()
        calls = [call.args[1:] for call in logger.log.call_args_list]
        lines = [form % tuple(values) for form, *values in calls]
        for line in lines:
            self.assertTrue(LINE.fullmatch(line), line)
            self.assertNotIn(CUSTOMER.lstrip("+"), line)
        return lines

    def test_a_failed_webhook(self):
        form = self.inbound_form(To="whatsapp:+34699999999")
        lines = self.logged(lambda: self.process(form))
        receipt = self.account.receipt_ids
        facts = f"account={self.account.id} receipt={receipt.id} kind=request"
        self.assertEqual(lines, [f"event=webhook_failed {facts}"])

    def test_a_webhook_given_up(self):
        self.process(self.inbound_form(To="whatsapp:+34699999999"))
        receipt = self.account.receipt_ids
        receipt.next_try_at = False
        lines = self.logged(receipt._replay)
        facts = f"account={self.account.id} receipt={receipt.id}"
        self.assertEqual(lines, [f"event=webhook_given_up {facts}"])

    def test_a_refused_webhook(self):
        form = self.inbound_form()
        changed = {**form, "Body": "Else"}
        (line,) = self.logged(lambda: self.post_webhook(form, signed_form=changed))
        self.assertIn(f"event=webhook_refused account={self.account.id} count=", line)

    def test_a_message_given_up_or_undelivered(self):
        message = self.queued()
        answers = [refused(400, 21211, f"{CUSTOMER} is no number")]
        (line,) = self.logged(lambda: self.send_queued(*answers))
        self.assertRegex(line, rf"^event=message_given_up message={message.id} .*21211")
        other = self.sent()
        form = self.status_form(
            other.provider_message_id, "undelivered", ErrorCode="63024"
        )
        (line,) = self.logged(lambda: self.process(form))
        self.assertRegex(
            line,
            rf"^event=message_undelivered message={other.id} reason=\w+ code=63024",
        )

    def test_a_message_that_may_have_been_sent(self):
        message = self.queued()
        (line,) = self.logged(lambda: self.send_queued(refused(500)))
        self.assertRegex(line, rf"^event=message_unknown message={message.id} ")

    def test_an_account_paused_and_connected(self):
        self.queued()
        lines = self.logged(lambda: self.send_queued(refused(401, 20003)))
        paused = f"event=account_paused account={self.account.id} provider=twilio"
        self.assertIn(paused, lines)
        lines = self.logged(self.account._set_connected)
        self.assertEqual(lines, [paused.replace("paused", "connected")])

    def test_a_file_given_up(self):
        self.process(self.media_form("image/png"))
        media = self.env["messaging.media"].search([], limit=1)
        media.attempts = len(RETRY_DELAYS) + 1
        error = Refused(Reason.OTHER, detail=f"{CUSTOMER}'s picture is gone")
        (line,) = self.logged(lambda: media._download_failed(error))
        expected = f"event=file_given_up file={media.id} message={media.message_id.id}"
        self.assertEqual(line, expected)

    def test_a_value_that_could_name_somebody_is_left_out(self):
        facts = {"number": CUSTOMER, "digits": CUSTOMER.lstrip("+"), "name": "Ana M."}
        (line,) = self.logged(
            lambda: watched.log_event("tried", logging.INFO, **facts, code="", n=3)
        )
        self.assertEqual(line, "event=tried number=? digits=? name=? code=none n=3")

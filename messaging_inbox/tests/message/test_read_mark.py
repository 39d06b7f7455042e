from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import mute_logger

from ...providers.errors import Reason, Refused, Retryable, Unsettled
from ...providers.twilio.provider import Twilio
from ..common import MessagingCase


class TestReadMark(MessagingCase):
    """Customers see that we read and type, where the channel wants it."""

    def setUp(self):
        super().setUp()
        kinds = frozenset({"whatsapp"})
        self.startPatcher(patch.object(Twilio, "read_marks", kinds))
        self.whatsapp.shows_reading = True
        self.thread = self.conversation()
        self.inbox = self.env["messaging.conversation"].with_user(self.agent)

    def mark_read(self, user=None):
        self.thread.with_user(user or self.agent).action_mark_read()

    def type(self, user=None, **options):
        inbox = self.inbox.with_user(user or self.agent)
        inbox.inbox_presence(self.thread.id, "typing", **options)

    @contextmanager
    def provider(self, *outcomes):
        """Let the provider answer; yield the list of what it was to show."""
        shown, left = [], list(outcomes)

        def show_read(_provider, read):
            shown.append(read)
            outcome = left.pop(0) if left else None
            if isinstance(outcome, Exception):
                raise outcome
            if outcome:
                outcome()

        with patch.object(Twilio, "show_read", show_read):
            yield shown

    def show(self, *outcomes):
        """Show what is due; return what the provider was to show."""
        self.env.flush_all()
        with self.provider(*outcomes) as shown:
            self.env["messaging.read.mark"]._show_due()
        self.env.invalidate_all()
        return shown

    @property
    def row(self):
        return self.env["messaging.read.mark"].search([])

    def later(self, **values):
        """Let so much time pass for the row."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE messaging_read_mark SET typing_at = typing_at - %(gone)s,"
            " next_try_at = next_try_at - %(gone)s",
            {"gone": timedelta(**values)},
        )
        self.env.invalidate_all()

    def write_again(self):
        self.receive("And another thing")
        self.env.invalidate_all()

    # what is shown

    def test_reading_is_shown_once(self):
        self.mark_read()
        [shown] = self.show()
        last = self.env["messaging.message"].browse(self.thread.last_inbound_message_id)
        self.assertEqual(shown.message_id, last.provider_message_id)
        self.assertEqual(shown.channel.address, self.whatsapp.address)
        self.assertEqual(shown.recipient, self.thread._recipient().external_id)
        self.assertFalse(shown.is_typing)
        self.mark_read()
        self.mark_read(self.colleague)
        self.assertEqual(self.show(), [])

    def test_a_new_message_is_shown_as_read_again(self):
        self.mark_read()
        self.show()
        self.write_again()
        self.mark_read()
        self.assertEqual(len(self.show()), 1)
        self.assertEqual(len(self.row), 1)

    def test_typing_is_shown_at_most_every_25_seconds(self):
        self.type()
        self.assertTrue(self.show()[0].is_typing)
        self.later(seconds=20)
        self.type()
        self.type(self.colleague)
        self.assertEqual(self.show(), [])
        self.later(seconds=6)
        self.type()
        self.assertTrue(self.show()[0].is_typing)
        self.assertEqual(len(self.row), 1)

    def test_typing_that_is_over_is_not_shown_late(self):
        self.type()
        self.later(seconds=26)
        self.assertEqual([each.is_typing for each in self.show()], [False])

    def test_a_note_is_not_shown(self):
        self.type(is_note=True)
        self.assertFalse(self.row)

    def test_other_reports_show_nothing(self):
        for state in ("viewing", "gone"):
            self.inbox.inbox_presence(self.thread.id, state)
        self.assertFalse(self.row)

    # where, and by whom

    def test_pages_know_that_typing_is_shown(self):
        def shown():
            inbox = self.env["messaging.channel"].with_user(self.agent)
            return {
                each["id"]: each["shows_reading"] for each in inbox._inbox_channels()
            }

        self.assertIs(shown()[self.whatsapp.id], True)
        self.whatsapp.shows_reading = False
        self.assertIs(shown()[self.whatsapp.id], False)
        self.sms.shows_reading = True
        self.assertIs(shown()[self.sms.id], False)

    def test_without_the_setting_nothing_is_shown_or_asked(self):
        self.whatsapp.shows_reading = False
        few = self.warm_queries(self.type)
        self.assertEqual(few, 4)
        self.mark_read()
        self.assertFalse(self.row)

    def test_a_provider_that_cannot_show_it_is_not_asked(self):
        with patch.object(Twilio, "read_marks", frozenset()):
            self.env.registry.clear_cache()
            self.whatsapp.invalidate_recordset()
            self.assertFalse(self.whatsapp.can_show_reading)
            self.mark_read()
        self.env.registry.clear_cache()
        self.assertFalse(self.row)

    def test_nothing_is_shown_to_whom_we_may_not_answer(self):
        self.thread.sudo()._set_opted_out(True, "agent")
        self.mark_read()
        self.type()
        self.assertFalse(self.row)

    def test_a_customer_who_has_not_written_sees_nothing(self):
        self.thread.sudo().write({"last_inbound_message_id": False})
        self.mark_read()
        self.assertFalse(self.row)

    # failures

    def test_a_failure_is_tried_again_and_given_up(self):
        self.mark_read()
        errors = [Retryable(Reason.RATE_LIMITED), Unsettled(Reason.NO_CONNECTION)]
        for error in [*errors, RuntimeError("a bug")]:
            with mute_logger("odoo.addons.messaging_inbox.models.message.read_mark"):
                self.assertEqual(len(self.show(error)), 1)
            self.later(minutes=2)
        self.assertEqual(self.show(), [])
        self.assertFalse(self.row.next_try_at)
        self.assertEqual(self.account.state, "connected")

    def test_a_refusal_is_given_up(self):
        self.mark_read()
        self.show(Refused(Reason.BAD_CREDENTIALS))
        self.later(minutes=2)
        self.assertEqual(self.show(), [])
        self.assertEqual(self.account.state, "connected")

    def test_no_failure_is_shown_at_a_message(self):
        self.mark_read()
        self.show(Refused(Reason.OTHER, "131009", "Meta's words"))
        states = self.thread.message_ids.filtered("error_code")
        self.assertFalse(states)

    def test_what_is_asked_during_the_request_follows(self):
        self.mark_read()

        def meanwhile():
            self.write_again()
            self.mark_read()

        first, second = self.show(meanwhile)
        self.assertNotEqual(first.message_id, second.message_id)
        self.assertFalse(self.row.next_try_at)

    def test_a_deleted_conversation_leaves_nothing(self):
        self.mark_read()
        self.assertEqual(len(self.show(lambda: self.thread.sudo().unlink())), 1)
        self.assertFalse(self.row)

    def test_a_paused_account_shows_nothing_until_it_is_connected(self):
        self.mark_read()
        self.account.state = "error"
        self.assertEqual(self.show(), [])
        self.account.state = "connected"
        self.assertEqual(len(self.show()), 1)

    def test_a_request_that_was_cut_off_is_repeated(self):
        self.mark_read()
        self.row.write(
            {"attempts": 1, "next_try_at": fields.Datetime.now() + timedelta(minutes=2)}
        )
        self.assertEqual(self.show(), [])
        self.later(minutes=2)
        self.assertEqual(len(self.show()), 1)

    def test_the_cron_shows_what_is_due(self):
        self.mark_read()
        with self.provider() as shown:
            self.run_cron("show_reading")
        self.assertEqual(len(shown), 1)

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ...models.ingest import missed as missed_messages
from ...providers.events import MessageReceived
from ...providers.provider import Provider
from ..common import CUSTOMER, MessagingCase
from ..scripted import answer, refused

LOGGER = "odoo.addons.messaging_inbox.tools.watched"


class TestMissed(MessagingCase):
    """What the provider has and no webhook brought is fetched, and nothing twice."""

    def setUp(self):
        super().setUp()
        day_before = fields.Datetime.now() - timedelta(days=1)
        self.env.cr.execute(
            "UPDATE messaging_channel SET create_date = %s", [day_before]
        )
        channels = self.env["messaging.channel"].search([])
        channels.write({"compare_at": fields.Datetime.now() + timedelta(days=1)})
        self.whatsapp.write({"compared_until": self.ago(60), "compare_at": False})
        self.env.invalidate_all()

    def ago(self, minutes):
        return fields.Datetime.now() - timedelta(minutes=minutes)

    def item(self, body, minutes, **values):
        """Return one of Twilio's messages from the customer, sent minutes ago."""
        sent_at = self.ago(minutes).strftime("%a, %d %b %Y %H:%M:%S +0000")
        return {
            "sid": self.next_sid(),
            "direction": "inbound",
            "from": f"whatsapp:{CUSTOMER}",
            "to": f"whatsapp:{self.whatsapp.address}",
            "body": body,
            "num_media": "0",
            "status": "received",
            "date_sent": sent_at,
            **values,
        }

    def ours(self, message, status, minutes=30, **values):
        """Return one of our messages, as Twilio lists it now."""
        sides = {
            "from": f"whatsapp:{self.whatsapp.address}",
            "to": f"whatsapp:{CUSTOMER}",
        }
        values = {"sid": message.provider_message_id, "status": status, **values}
        values["direction"] = "outbound-api"
        return self.item(message.body, minutes, **sides, **values)

    def compare(self, received=(), sent=()):
        self.http.answers = [
            answer(200, {"messages": list(received)}),
            answer(200, {"messages": list(sent)}),
        ]
        found = self.env["messaging.channel"].sudo()._fetch_next_missed()
        self.env.invalidate_all()
        return found

    def again(self):
        self.whatsapp.write({"compared_until": self.ago(60), "compare_at": False})

    def bodies(self):
        messages = self.env["messaging.message"].search(
            [("channel_id", "=", self.whatsapp.id), ("direction", "!=", "event")]
        )
        return messages.sorted("id").mapped("body")

    # what comes

    @mute_logger(LOGGER)
    def test_missed_messages_come_in_their_order_and_are_new(self):
        conversation = self.conversation("Before", user=self.agent)
        conversation.action_mark_read()
        conversation.action_close()
        self.compare([self.item("Second", 10), self.item("First", 20)])
        self.assertEqual(self.bodies(), ["Before", "First", "Second"])
        self.assertEqual(conversation.state, "open")
        self.assertEqual(conversation.unread_count, 2)
        newest = conversation.message_ids.filtered(lambda m: m.body == "Second")
        self.assertAlmostEqual(newest.sent_at, self.ago(10), delta=timedelta(minutes=1))

    @mute_logger(LOGGER)
    def test_comparing_again_doubles_nothing(self):
        items = [self.item("Missed", 20)]
        for _time in range(3):
            self.compare(items)
            self.again()
        self.assertEqual(self.bodies(), ["Missed"])
        self.assertEqual(self.whatsapp.sudo().missed_count, 1)

    def test_what_a_webhook_brought_is_not_fetched(self):
        message = self.receive("Arrived")
        self.compare([self.item("Arrived", 20, sid=message.provider_message_id)])
        self.assertEqual(self.bodies(), ["Arrived"])
        self.assertFalse(self.whatsapp.sudo().missed_count)

    def test_the_same_text_at_the_same_moment_is_the_same_message(self):
        message = self.receive("Arrived")
        message.sudo().sent_at = self.ago(20)
        self.compare([self.item("Arrived", 20)])
        self.assertEqual(self.bodies(), ["Arrived"])

    @mute_logger(LOGGER)
    def test_a_webhook_that_comes_later_doubles_nothing(self):
        item = self.item("Missed", 20)
        self.compare([item])
        self.process(self.inbound_form("Missed", MessageSid=item["sid"]))
        self.assertEqual(self.bodies(), ["Missed"])

    def test_deleted_messages_do_not_come_back(self):
        message = self.receive("Deleted")
        sid = message.provider_message_id
        message.conversation_id.with_user(self.installer).unlink()
        self.compare([self.item("Deleted", 20, sid=sid)])
        self.assertEqual(self.bodies(), [])
        self.assertFalse(self.whatsapp.sudo().missed_count)

    @mute_logger(LOGGER)
    def test_a_missed_stop_opts_the_customer_out(self):
        conversation = self.conversation()
        self.compare([self.item("STOP", 20)])
        self.assertTrue(conversation.opted_out)

    def test_missed_states_move_our_messages_forward_only(self):
        read, failed, late = (self.sent() for _ in range(3))
        self.process(self.status_form(late.provider_message_id, "read"))
        unknown = self.ours(read, "read", sid="SM" + "e" * 32)
        self.compare(
            sent=[
                self.ours(read, "read"),
                self.ours(failed, "undelivered", error_code=63024),
                self.ours(late, "delivered"),
                unknown,
            ]
        )
        self.assertEqual(
            [read.state, failed.state, late.state], ["read", "failed", "read"]
        )
        self.assertEqual(failed.error_code, "63024")
        self.assertFalse(self.env["messaging.receipt"].search([]))

    def test_what_was_sent_before_the_channel_was_made_is_left_to_its_history(self):
        self.whatsapp.sudo().compared_until = self.ago(2 * 24 * 60)
        self.compare([self.item("Long ago", 26 * 60)])
        self.assertEqual(self.bodies(), [])

    # when it is asked

    def test_each_channel_is_compared_until_two_minutes_ago(self):
        self.assertTrue(self.compare())
        until = self.whatsapp.sudo().compared_until
        self.assertAlmostEqual(until, self.ago(2), delta=timedelta(seconds=30))
        self.assertFalse(self.env["messaging.channel"].sudo()._fetch_next_missed())

    def test_a_long_downtime_is_caught_up_in_pieces(self):
        self.whatsapp.sudo().compared_until = self.ago(13 * 60)
        pieces = 0
        while self.compare():
            pieces += 1
        self.assertEqual(pieces, 3)

    def test_a_failure_is_shown_and_the_same_period_asked_again(self):
        before = self.whatsapp.sudo().compared_until
        self.http.answers = [refused(500), refused(500)]
        self.env["messaging.channel"].sudo()._fetch_next_missed()
        self.assertEqual(self.whatsapp.sudo().compared_until, before)
        self.assertIn("The comparison failed", self.account.missed)
        self.whatsapp.sudo().compare_at = False
        self.compare()
        self.env.invalidate_all()
        self.assertNotIn("failed", self.account.missed)

    def test_an_account_that_is_not_connected_is_not_compared(self):
        self.account.state = "error"
        self.assertFalse(self.compare())

    def test_the_cron_compares_what_is_due(self):
        self.http.answers = [answer(200, {"messages": []}) for _side in range(2)]
        self.run_cron("fetch_missed")
        self.assertEqual(len(self.http.requests), 2)

    # what users see

    @mute_logger(LOGGER)
    def test_the_account_says_what_was_fetched(self):
        account = self.account.with_user(self.manager)
        self.assertIn("nothing was missed", account.missed)
        self.compare([self.item("Missed", 20)])
        self.assertIn("1 messages were missed and fetched, the last on", account.missed)

    def test_managers_have_the_last_days_compared(self):
        self.account.with_user(self.manager).action_fetch_missed()
        channel = self.whatsapp.sudo()
        self.assertFalse(channel.compare_at)
        self.assertEqual(channel.compared_until, channel.create_date)

    def test_a_provider_without_a_list_says_so(self):
        self.patch(type(self.account), "_provider_class", lambda account: Provider)
        self.env.invalidate_all()
        self.assertFalse(self.account.has_missed)
        self.assertIn("keeps no list of messages", self.account.missed)
        with self.assertRaises(UserError):
            self.account.with_user(self.manager).action_fetch_missed()

    def test_an_event_that_fails_does_not_hold_up_the_others(self):
        self.env["messaging.channel"].browse(self.whatsapp.id)
        events = [
            MessageReceived(
                channel=self.whatsapp._provider_ref(),
                message_id=self.next_sid(),
                external_ids=external_ids,
                text=text,
                sent_at=self.ago(20),
            )
            for external_ids, text in (((), "Nobody's"), ((CUSTOMER,), "Ana's"))
        ]
        with mute_logger("odoo.addons.messaging_inbox.models.ingest.ingest"):
            self.whatsapp.sudo()._process_missing(events)
        self.assertIn("Ana's", self.bodies())

    def test_the_longest_downtime_has_an_end(self):
        self.whatsapp.sudo().compared_until = self.ago(90 * 24 * 60)
        since, _until = self.whatsapp.sudo()._period_to_compare()
        oldest = fields.Datetime.now() - missed_messages.LONGEST
        self.assertGreater(since, oldest - timedelta(hours=1))

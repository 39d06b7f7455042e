from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..common import ACCOUNT_SID, CUSTOMER, MessagingCase
from ..scripted import answer, refused, to

PATH = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages"
OTHER = "+34611111112"


class TestHistory(MessagingCase):
    """Past messages complete conversations, and change nothing else."""

    def item(self, body, hours, sender=CUSTOMER, **values):
        """Return one of Twilio's messages from a customer, sent hours ago."""
        moment = fields.Datetime.now() - timedelta(hours=hours)
        return {
            "sid": self.next_sid(),
            "direction": "inbound",
            "from": f"whatsapp:{sender}",
            "to": f"whatsapp:{self.whatsapp.address}",
            "body": body,
            "num_media": "0",
            "status": "received",
            "date_sent": moment.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            **values,
        }

    def ours(self, body, hours, receiver=CUSTOMER, **values):
        sides = {
            "from": f"whatsapp:{self.whatsapp.address}",
            "to": f"whatsapp:{receiver}",
        }
        values = {"direction": "outbound-api", "status": "read", **values}
        return self.item(body, hours, **sides, **values)

    def fetch(self, received=(), sent=(), days=30):
        """Ask for the messages; Twilio has these, the newest first."""
        self.whatsapp.with_user(self.manager).action_fetch_history(days)
        self.answer(received, sent)
        self.fetch_next()

    def answer(self, received=(), sent=()):
        self.http.answers = [
            answer(200, {"messages": list(received)}),
            answer(200, {"messages": list(sent)}),
        ]

    def fetch_next(self):
        self.env["messaging.channel"].sudo()._fetch_next_history()
        self.env.invalidate_all()

    def thread(self, sender=CUSTOMER):
        """Return the customer's conversation."""
        return (
            self.env["messaging.identity"]
            .search(
                [("external_id", "=", sender), ("channel_id", "=", self.whatsapp.id)]
            )
            .conversation_id
        )

    def bodies(self, conversation):
        return conversation.message_ids.sorted("id").mapped("body")

    # what it adds

    def test_past_messages_of_both_sides_come_in_their_order(self):
        self.fetch(
            [self.item("Thanks", 48), self.item("Hello", 50)], [self.ours("Yes?", 49)]
        )
        conversation = self.thread()
        self.assertEqual(self.bodies(conversation), ["Hello", "Yes?", "Thanks"])
        states = conversation.message_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["received", "read", "received"])
        self.assertEqual(conversation.last_message_preview, "Thanks")
        self.assertTrue(all(m.data["history"] for m in conversation.message_ids))
        self.assertEqual(self.whatsapp.history_count, 3)
        self.assertTrue(self.whatsapp.history_fetched_at)

    def test_messages_that_arrive_meanwhile_stand_below(self):
        self.whatsapp.with_user(self.manager).action_fetch_history(30)
        conversation = self.conversation("I'm new")
        self.answer([self.item("I was here", 48)])
        self.fetch_next()
        self.assertEqual(self.bodies(conversation), ["I was here", "I'm new"])
        self.assertEqual(conversation.last_message_preview, "I'm new")

    def test_messages_sent_since_it_was_asked_for_are_left_to_webhooks(self):
        self.fetch([self.item("STOP", 0), self.item("Hello", 48)])
        self.assertEqual(self.bodies(self.thread()), ["Hello"])

    def test_known_messages_are_not_doubled(self):
        message = self.receive("Hello")
        item = self.item("Hello", 1, sid=message.provider_message_id)
        self.fetch([item, self.item("Before", 2)])
        self.assertEqual(sorted(self.bodies(self.thread())), ["Before", "Hello"])
        self.fetch([item])
        self.assertEqual(self.whatsapp.history_count, 0)

    def test_deleted_messages_stay_deleted(self):
        message = self.receive("Hello")
        sid = message.provider_message_id
        message.conversation_id.with_user(self.installer).unlink()
        self.fetch([self.item("Hello", 1, sid=sid)])
        self.assertFalse(self.thread())

    def test_a_failed_message_keeps_its_reason(self):
        self.fetch(sent=[self.ours("Hi", 30, status="undelivered", error_code=63016)])
        message = self.thread().message_ids
        self.assertEqual((message.state, message.reason), ("failed", "window_closed"))

    # what it doesn't do

    def test_new_conversations_are_closed_and_read(self):
        self.fetch([self.item("Hello", 48), self.item("Hi", 49, sender=OTHER)])
        conversations = self.thread() + self.thread(OTHER)
        self.assertEqual(conversations.mapped("state"), ["closed", "closed"])
        for conversation in conversations.with_user(self.agent):
            self.assertFalse(conversation.unread_count)
            self.assertFalse(conversation.user_id)

    def test_only_what_is_new_is_unread_when_the_customer_writes_again(self):
        self.fetch([self.item("Hello", 48), self.item("Hi", 49)])
        conversation = self.conversation("Again")
        self.assertEqual(conversation.state, "open")
        self.assertEqual(conversation.unread_count, 1)

    def test_closed_conversations_stay_closed(self):
        conversation = self.conversation()
        conversation.action_close()
        self.fetch([self.item("Missed", 1)])
        self.assertEqual(conversation.state, "closed")
        self.assertNotIn("reopened", conversation.message_ids.mapped("event_type"))

    def test_they_open_no_reply_window(self):
        self.fetch([self.item("Hello", 48)])
        conversation = self.thread().with_user(self.agent)
        self.assertFalse(conversation.last_inbound_at)
        self.assertLess(conversation.reply_until, fields.Datetime.now())
        with self.assertRaises(UserError):
            conversation.reply("Hello?")

    def test_they_notify_nobody(self):
        self.fetch([self.item("Hello", 48)])
        self.assertFalse(self.thread().notifications_due)
        self.assertFalse(self.env["messaging.notification"].sudo().search([]))

    def test_a_past_stop_opts_nobody_out(self):
        self.fetch([self.item("STOP", 48)])
        self.assertFalse(self.thread().opted_out)

    # when, and how it fails

    def test_an_interrupted_job_goes_on_where_it_stopped(self):
        self.whatsapp.with_user(self.manager).action_fetch_history(30)
        until = datetime(2026, 11, 20, 10)
        self.whatsapp.sudo().history_until = until
        self.answer()
        self.fetch_next()
        for _method, _url, options in self.http.requests:
            self.assertEqual(options["params"]["DateSent<"], "2026-11-20T10:00:01Z")

    def test_a_refusal_is_shown_on_the_channel_and_leaves_the_account_connected(self):
        self.whatsapp.with_user(self.manager).action_fetch_history(30)
        self.http.answers = [refused(403, 20403, "Forbidden")]
        self.fetch_next()
        self.assertTrue(self.whatsapp.history_error)
        self.assertEqual(self.account.state, "connected")
        self.assertTrue(self.whatsapp.sudo().history_since, "it is tried again")

    def test_it_gives_up_after_some_attempts(self):
        self.whatsapp.with_user(self.manager).action_fetch_history(30)
        self.whatsapp.sudo().history_attempts = 4
        self.http.answers = [refused(403, 20403, "Forbidden")]
        self.fetch_next()
        self.assertFalse(self.whatsapp.sudo().history_since)
        self.assertTrue(self.whatsapp.history_error)

    def test_connecting_fetches_the_messages_of_new_channels(self):
        number = {
            "sid": "PN1",
            "phone_number": "+34600000007",
            "friendly_name": "Texts",
            "capabilities": {"sms": True},
            "sms_url": "",
        }
        ours = {**number, "sms_url": self.account.webhook_url}
        self.account.history_days = 14
        self.http.answers = [
            answer(200, {"status": "active", "friendly_name": "Shop"}),
            to("/Senders", answer(200, {"senders": []})),
            to("Numbers.json", answer(200, {"incoming_phone_numbers": [number]})),
            to("PN1.json", answer(200, number)),
            to("PN1.json", answer(200, ours)),
        ]
        self.account.with_user(self.manager).action_connect()
        made = self.account.channel_ids.filtered(lambda c: c.name == "Texts").sudo()
        self.assertEqual(
            made.history_since.date(), fields.Date.today() - timedelta(days=14)
        )
        self.assertFalse(self.whatsapp.sudo().history_since, "it was here before")

    def test_days_out_of_range_are_refused(self):
        channel = self.whatsapp.with_user(self.manager)
        for days in (-1, 366):
            with self.assertRaisesRegex(UserError, "365"):
                channel.action_fetch_history(days)
        with self.assertRaisesRegex(UserError, "365"):
            self.account.history_days = 366

    def test_only_who_may_edit_the_channel_fetches(self):
        for user in (self.agent, self.portal, self.stranger):
            with self.assertRaises(AccessError):
                self.whatsapp.with_user(user).action_fetch_history(7)
        self.assertFalse(self.whatsapp.sudo().history_since)

    def test_another_provider_without_history_says_so(self):
        meta = self.env["messaging.account"].create(
            {"name": "Meta", "provider": "messenger"}
        )
        self.assertFalse(meta.has_history)

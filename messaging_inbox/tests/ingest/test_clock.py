from datetime import timedelta

from odoo import fields

from .event_case import EventCase


class TestClock(EventCase):
    """A provider's clock may be fast: future timestamps are clamped to now."""

    def assertHappened(self, *moments):
        for moment in moments:
            self.assertLessEqual(moment, fields.Datetime.now() + timedelta(seconds=1))

    def later(self, **options):
        return self.now + timedelta(**options)

    def test_a_future_timestamp_of_a_message_is_clamped_to_now(self):
        for event in (
            self.written(sent_at=self.later(days=9)),
            self.echo(sent_at=self.later(days=9)),
        ):
            self.ingest(event)
            message = self.found(event)
            conversation = message.conversation_id
            self.assertHappened(
                message.sent_at,
                conversation.last_message_at,
                conversation.last_inbound_at,
                conversation.reply_until - timedelta(days=1),
            )

    def test_a_past_timestamp_is_kept(self):
        event = self.written(sent_at=self.ago(hours=3))
        self.ingest(event)
        self.assertEqual(self.found(event).sent_at, self.ago(hours=3))

    def test_messages_from_a_fast_clock_keep_their_order(self):
        first = self.written("First", sent_at=self.later(seconds=60))
        second = self.written("Second", sent_at=self.later(seconds=62))
        answer = self.echo("Answer", sent_at=self.later(seconds=61))
        for happened in ([first, second], [answer]):
            self.ingest(*happened)
        conversation = self.found(first).conversation_id
        messages = conversation.message_ids.sorted(lambda m: (m.sent_at, m.id))
        self.assertEqual(messages.mapped("body"), ["First", "Second", "Answer"])

    def test_a_future_timestamp_of_a_reaction_is_clamped_to_now(self):
        message = self.receive()
        about = {"message_id": message.provider_message_id}
        later = self.later(days=9)
        self.ingest(self.event("Reacted", emoji="👍", occurred_at=later, **about))
        self.assertHappened(message.conversation_id.last_inbound_at)
        self.ingest(self.event("Reacted", emoji="", **about))
        self.assertEqual(message.data["reactions"], {})

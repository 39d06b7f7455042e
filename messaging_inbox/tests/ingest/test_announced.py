from ...providers.events import MediaRef
from .event_case import EventCase


class TestAnnounced(EventCase):
    """A message that is announced before its content arrives."""

    def announced(self, **values):
        data = {"original_type": "edit", "announced": True}
        return self.written("", kind="unsupported", data=data, **values)

    def come(self, first, second, together):
        """Process two events, in one request or in two."""
        for body in [(first, second)] if together else [(first,), (second,)]:
            self.assertFalse(self.ingest(*body))

    def test_a_message_replaces_its_announcement(self):
        for together in (False, True):
            with self.subTest(together=together):
                quoted, announced = self.receive("Which?"), self.announced()
                whole = self.written(
                    "This one",
                    message_id=announced.message_id,
                    kind="image",
                    media=(MediaRef("https://api.twilio.com/a.png"),),
                    data={"standby": True},
                    reply_to=quoted.provider_message_id,
                )
                self.come(announced, whole, together)
                message = self.found(whole)
                self.assertEqual((message.body, message.kind), ("This one", "image"))
                self.assertEqual(message.data, {"standby": True})
                self.assertEqual(message.media_ids.url, whole.media[0].url)
                self.assertEqual(message.reply_to_id, quoted)
                preview = message.conversation_id.last_message_preview
                self.assertEqual(preview, "This one")

    def test_a_late_announcement_does_not_replace_its_message(self):
        for together in (False, True):
            with self.subTest(together=together):
                whole = self.written("Hello")
                announced = self.announced(message_id=whole.message_id)
                self.come(whole, announced, together)
                message = self.found(whole)
                self.assertEqual((message.body, message.kind), ("Hello", "text"))

    def test_an_announced_and_unsent_message_stays_empty(self):
        announced = self.announced()
        self.ingest(announced)
        self.ingest(self.event("MessageUnsent", message_id=announced.message_id))
        self.ingest(self.written("Hello", message_id=announced.message_id))
        self.assertFalse(self.found(announced).body)

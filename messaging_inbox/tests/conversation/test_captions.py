from ...providers.messenger import Messenger
from ...providers.twilio import Twilio
from ..common import MessagingCase
from ..scripted import accepted

PDF = {"content": b"%PDF-1.4", "name": "b.pdf", "mimetype": "application/pdf"}


class TestCaptions(MessagingCase):
    """A text with one file is a single message if the provider supports captions."""

    def reply(self, conversation, body, *files, **options):
        ids = [self.attachment(conversation, **file).id for file in files]
        return self.message(conversation.reply(body, ids, **options))

    def rows(self, messages):
        return [(m.kind, m.body or "", len(m.attachment_ids)) for m in messages]

    def test_a_text_and_a_picture_are_one_message_and_one_request(self):
        conversation = self.conversation()
        message = self.reply(conversation, "The blue one", {})
        self.assertEqual(self.rows(message), [("image", "The blue one", 1)])
        self.assertEqual(conversation.last_message_preview, "The blue one")
        self.assertEqual(self.send_queued(accepted()), 1)
        fields = self.http.requests[0][2]["data"]
        self.assertEqual(fields["Body"], "The blue one")
        self.assertIn("/messaging/media/", fields["MediaUrl"])
        self.assertEqual(message.state, "sent")

    def test_a_repeated_call_sends_nothing(self):
        conversation = self.conversation()
        first = self.reply(conversation, "The blue one", {}, client_uuid="a-b")
        again = self.message(conversation.reply("The blue one", [], "a-b"))
        self.assertEqual(first, again)

    def test_content_without_captions_on_whatsapp_makes_two_messages(self):
        messages = self.reply(self.conversation(), "The offer", PDF)
        self.assertEqual(
            self.rows(messages), [("text", "The offer", 0), ("document", "", 1)]
        )

    def test_a_text_too_long_for_a_caption_makes_two_messages(self):
        for length, kinds in ((1024, ["image"]), (1025, ["text", "image"])):
            messages = self.reply(self.conversation(), "a" * length, {})
            self.assertEqual(messages.mapped("kind"), kinds)

    def test_several_files_stay_separate_messages(self):
        messages = self.reply(self.conversation(), "Look", {}, {"name": "b.png"})
        self.assertEqual(messages.mapped("kind"), ["text", "image", "image"])

    def test_a_file_alone_has_no_text(self):
        messages = self.reply(self.conversation(), "", {})
        self.assertEqual(self.rows(messages), [("image", "", 1)])

    def test_an_mms_holds_a_text_and_a_file_of_any_type(self):
        conversation = self.conversation(channel=self.sms)
        messages = self.reply(conversation, "The offer", PDF)
        self.assertEqual(self.rows(messages), [("document", "The offer", 1)])

    def test_a_quote_belongs_to_the_single_message(self):
        conversation = self.conversation()
        quoted = conversation.message_ids
        message = self.reply(conversation, "Yes", {}, reply_to_id=quoted.id)
        self.assertEqual(message.reply_to_id, quoted)

    def test_the_client_knows_what_a_channel_accepts(self):
        channels = self.env["messaging.channel"].with_user(self.agent)._inbox_channels()
        by_id = {channel["id"]: channel for channel in channels}
        whatsapp = by_id[self.whatsapp.id]
        self.assertEqual(whatsapp["captions"]["image/jpeg"], 1024)
        self.assertNotIn("application/pdf", whatsapp["captions"])
        self.assertIs(whatsapp["can_quote"], False)
        self.assertEqual(whatsapp["voice_types"][0], "audio/ogg")
        self.assertEqual(by_id[self.sms.id]["voice_types"], [])

    def test_meta_supports_quotes_and_a_text_or_a_file(self):
        for kind in Messenger.kinds:
            self.assertIn(kind, Messenger.quotes)
            self.assertFalse(Messenger.limits[kind].captions)
        self.assertFalse(Twilio.quotes)

from uuid import uuid4

from ..scripted import accepted
from ..template_case import TemplateCase

BUTTONS = [
    {"kind": "reply", "text": "Yes, please", "value": "", "payload": "order:yes"},
    {"kind": "reply", "text": "No", "value": "", "payload": "order:no"},
]


class TestTemplateTaps(TemplateCase):
    """What a customer taps in a template comes back as a reply to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.question = cls._template("question", buttons=BUTTONS)

    def asked(self, conversation, template=None):
        """Return a template's message that the provider accepted."""
        message = self.send(conversation, template or self.question)
        self.send_queued(accepted(f"SM{uuid4().hex}"))
        return message

    def tap(self, payload="order:yes", title="Yes, please", **fields):
        return self.receive(
            title,
            MessageType="button",
            ButtonText=title,
            ButtonPayload=payload,
            **fields,
        )

    def test_a_tap_is_a_reply_to_the_message_that_the_provider_names(self):
        conversation = self.conversation()
        first, _second = self.asked(conversation), self.asked(conversation)
        self.bus()
        answer = self.tap(OriginalRepliedMessageSid=first.provider_message_id)
        self.assertEqual((answer.kind, answer.body), ("reply_choice", "Yes, please"))
        self.assertEqual(answer.reply_to_id, first)
        self.assertEqual(self.published_quotes(), [first.id])

    def test_a_tap_without_an_id_is_a_reply_to_the_latest_with_that_button(self):
        conversation = self.conversation()
        self.asked(conversation)
        latest = self.asked(conversation)
        self.asked(conversation, self.greeting)
        conversation.reply("Well?")
        self.bus()
        for options in ({}, {"payload": "order:no", "title": "No"}, {"payload": ""}):
            answer = self.tap(**options)
            self.assertEqual(answer.reply_to_id, latest)
            self.assertEqual(self.published_quotes(), [latest.id])

    def published_quotes(self):
        return [
            message["reply_to"]["id"]
            for _channel, changed in self.bus("changed")
            for message in changed["messages"]
        ]

    def test_a_tap_on_something_else_quotes_nothing(self):
        conversation = self.conversation()
        self.asked(conversation)
        self.asked(self.conversation(sender="+34622222222"))
        self.assertFalse(self.tap("other", "Other").reply_to_id)
        self.assertFalse(self.tap("", "", Body="x").reply_to_id)
        third = self.tap(sender="+34633333333")
        self.assertFalse(third.reply_to_id)

    def test_a_named_message_that_is_unknown_is_not_guessed(self):
        self.asked(self.conversation())
        answer = self.tap(OriginalRepliedMessageSid="SM" + "9" * 32)
        self.assertFalse(answer.reply_to_id)

    def test_only_choices_without_an_id_cost_a_query(self):
        conversation = self.conversation()
        message = self.asked(conversation)
        named = {"OriginalRepliedMessageSid": message.provider_message_id}
        for call, looked in (
            (self.receive, 0),
            (lambda: self.tap(**named), 0),
            (self.tap, 1),
        ):
            statements = [each for each in self.statements(call) if "AS tap " in each]
            self.assertEqual(len(statements), looked)

    def statements(self, call):
        """Return the statements that a call executes."""
        seen, execute = [], type(self.env.cr).execute

        def spy(cursor, query, params=None, log_exceptions=True):
            seen.append(getattr(query, "code", query))
            return execute(cursor, query, params, log_exceptions)

        self.patch(type(self.env.cr), "execute", spy)
        call()
        self.patch(type(self.env.cr), "execute", execute)
        return seen

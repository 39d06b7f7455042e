from ...models.conversation.answered_meanwhile import AnsweredMeanwhile
from ..common import MessagingCase
from ..scripted import refused
from ..template_case import TemplateCase


class TestAnsweredMeanwhile(MessagingCase):
    """A reply is refused if a colleague answered after what its writer saw."""

    def setUp(self):
        super().setUp()
        self.seen = self.receive("Do you have it?")
        self.mine = self.seen.conversation_id.with_user(self.agent)
        self.theirs = self.mine.with_user(self.colleague)

    def answer(self, **options):
        return self.mine.reply("Yes", expected_last_id=self.seen.id, **options)

    def test_the_refusal_names_the_colleague(self):
        self.theirs.reply("No")
        sentence = rf"^{self.colleague.name} has answered meanwhile, on .+\.$"
        with self.assertRaisesRegex(AnsweredMeanwhile, sentence):
            self.answer()
        self.assertNotIn("Yes", self.mine.message_ids.mapped("body"))

    def test_without_the_id_the_reply_is_sent_anyway(self):
        self.theirs.reply("No")
        self.assertTrue(self.mine.reply("Yes"))

    def test_who_has_seen_the_answer_may_reply(self):
        ids = self.theirs.reply("No")
        self.assertTrue(self.mine.reply("Yes", expected_last_id=ids[-1]))

    def test_only_answers_of_colleagues_that_may_arrive_count(self):
        self.mine.reply("One moment")
        self.theirs.reply("No")
        self.send_queued(refused(400, 63005), refused(400, 63005))
        self.theirs.action_note("I don't know")
        self.receive("Hello?")
        self.assertTrue(self.answer())

    def test_a_repeated_reply_is_no_refusal(self):
        ids = self.answer(client_uuid="once")
        self.theirs.reply("No")
        self.assertEqual(self.answer(client_uuid="once"), ids)


class TestTemplateAnsweredMeanwhile(TemplateCase):
    def test_a_template_is_refused_as_a_reply_is(self):
        template = self._template("ready")
        conversation = self.conversation()
        seen = conversation.last_message_id
        conversation.with_user(self.colleague).reply("No")
        with self.assertRaises(AnsweredMeanwhile):
            conversation.send_template(template.id, {}, expected_last_id=seen)

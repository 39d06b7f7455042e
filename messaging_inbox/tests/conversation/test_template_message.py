from uuid import uuid4

from odoo.exceptions import AccessError, UserError

from ..common import PNG
from ..template_case import TemplateCase

WEBP = (
    b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0"
)
PDF = b"%PDF-1.4\n%%EOF\n"


class TestTemplateMessage(TemplateCase):
    """The gate for messages made of a template, and the rows that pass it."""

    def assertRefused(self, words, conversation, template=None, **options):
        before = self.env["messaging.message"].search_count([])
        with self.assertRaisesRegex(UserError, words):
            self.send(conversation, template, **options)
        self.assertEqual(self.env["messaging.message"].search_count([]), before)

    # the row

    def test_a_template_becomes_one_queued_message_of_the_agent(self):
        buttons = [{"kind": "reply", "text": "Yes", "value": "", "payload": "yes"}]
        template = self._template("ready", header="News for {{1}}", buttons=buttons)
        conversation = self.conversation()
        message = self.send(conversation, template)
        self.assertRecordValues(
            message,
            [
                {
                    "direction": "outbound",
                    "state": "queued",
                    "kind": "text",
                    "body": "Hello Ana, your city bike is ready.",
                    "author_id": self.agent.id,
                    "channel_id": self.whatsapp.id,
                    "part": 0,
                }
            ],
        )
        self.assertEqual(
            message.data["template"],
            {
                "id": template.id,
                "name": "ready",
                "language": "en",
                "reference": template.provider_reference,
                "names": ["1", "model"],
                "variables": {"1": "Ana", "model": "city bike"},
                "header": "News for Ana",
                "footer": "Wheels & Co",
                "buttons": buttons,
                "media_url": "",
                "media_kind": "",
                "source": {
                    "header": "News for {{1}}",
                    "body": "Hello {{1}}, your {{model}} is ready.",
                    "buttons": buttons,
                    "media_kind": "",
                },
            },
        )
        self.assertEqual(conversation.last_message_id, message.id)
        self.assertEqual(conversation.last_message_preview, message.body)

    def test_the_inbox_and_the_bus_show_the_rendered_text(self):
        conversation = self.conversation()
        self.bus()
        message = self.send(conversation)
        shown = conversation.inbox_open(conversation.id)
        self.assertEqual(shown["row"]["preview"]["body"], message.body)
        self.assertEqual(shown["messages"][-1]["data"], message.data)
        changed = [value for _channel, value in self.bus("changed")]
        bodies = [each["body"] for value in changed for each in value["messages"]]
        self.assertEqual(bodies, [message.body])

    def test_words_of_a_template_are_found_in_odoos_search(self):
        message = self.send(self.conversation())
        Message = self.env["messaging.message"].with_user(self.agent)
        self.assertEqual(Message.search([("body", "ilike", "city bike")]), message)

    def test_sending_a_template_marks_read_but_opens_no_reply_window(self):
        conversation = self.late()
        until = conversation.reply_until
        self.send(conversation)
        self.assertEqual(conversation.unread_count, 0)
        self.assertEqual(conversation.reply_until, until)
        with self.assertRaisesRegex(UserError, "reply window is closed"):
            conversation.reply("And another thing")

    def test_a_closed_conversation_stays_closed(self):
        conversation = self.conversation()
        conversation.action_close()
        self.send(conversation)
        self.assertEqual(conversation.state, "closed")

    # the reply window

    def test_an_approved_template_is_sent_after_the_window_and_within_it(self):
        conversation = self.conversation()
        self.assertTrue(self.send(conversation))
        self.close_window(conversation)
        self.assertTrue(self.send(conversation))

    def test_after_the_window_only_what_may_open_a_conversation_is_sent(self):
        conversation = self.late()
        within = self.conversation(sender="+34622222222")
        for name, values, words in (
            ("a list", {"use": "in_window"}, "within the reply window"),
            ("not submitted", {"state": "unsubmitted"}, "isn't approved yet"),
            ("pending", {"state": "pending"}, "isn't approved yet"),
        ):
            with self.subTest(name):
                template = self._template(name, **values)
                self.assertRefused(words, conversation, template)
                self.assertTrue(self.send(within, template))

    def test_what_the_provider_took_away_is_never_sent(self):
        conversation = self.conversation()
        for state, words in (
            ("rejected", "isn't approved"),
            ("paused", "is paused"),
            ("disabled", "isn't approved"),
        ):
            with self.subTest(state):
                template = self._template(state, state=state)
                self.assertRefused(words, conversation, template)
        unapproved = {"state": "pending", "needs_approval": True}
        template = self._template("needs it", **unapproved)
        self.assertRefused("isn't approved yet", conversation, template)

    def test_a_type_that_cannot_be_sent_is_refused(self):
        template = self._template("appointment", use="never")
        self.assertRefused("this type", self.conversation(), template)

    # the gate of every reply

    def test_a_template_passes_the_gate_of_a_reply(self):
        conversation = self.conversation()
        cases = [
            (self.whatsapp, {"active": False}, "archived"),
            (self.account, {"active": False}, "archived"),
            (self.account, {"state": "draft"}, "isn't connected"),
            (self.account, {"state": "error"}, "administrator must renew"),
            (conversation.sudo(), {"opted_out": True}, "opted out"),
            (
                conversation.sudo().identity_ids,
                {"conversation_id": self.receive(sender="+1").conversation_id.id},
                "another conversation",
            ),
        ]
        for record, values, words in cases:
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                record.write(values)
                self.assertRefused(words, conversation)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_template_of_another_channel_account_or_company_is_refused(self):
        conversation = self.conversation()
        other = self.account.copy({"name": "Other", "state": "connected"})
        elsewhere = self.account.with_user(self.stranger).sudo()
        elsewhere = elsewhere.create({"name": "x", "company_id": self.other_company.id})
        for template, words in (
            (self._template("sms", channels=self.sms), "on this channel"),
            (self._foreign(other), "on this channel"),
            (self._foreign(elsewhere), "no longer exists"),
        ):
            with self.subTest(template.name):
                self.assertRefused(words, conversation, template)

    def _foreign(self, account):
        channel = self.env["messaging.channel"].create(
            {"name": "x", "account_id": account.id, "address": WHATSAPP_OF_OTHERS}
        )
        return self._template(f"of {account.name}", channels=channel)

    def test_an_archived_or_deleted_template_is_refused(self):
        conversation = self.conversation()
        self.greeting.active = False
        self.assertRefused("no longer exists", conversation)
        gone = self._template("gone")
        gone_id = gone.id
        gone.unlink()
        for wrong in (gone_id, False, None):
            with self.assertRaisesRegex(UserError, "no longer exists"):
                conversation.send_template(wrong, {})

    # repeated calls

    def test_a_repeated_client_uuid_returns_the_same_id_and_writes_nothing(self):
        conversation, client_uuid = self.conversation(), str(uuid4())
        first = self.send(conversation, client_uuid=client_uuid)
        self.greeting.active = False
        self.assertEqual(self.send(conversation, client_uuid=client_uuid), first)
        with self.assertRaisesRegex(UserError, "UUID"):
            self.send(conversation, client_uuid="a.0")

    # values

    def test_a_value_that_is_missing_or_blank_is_asked_for_by_name(self):
        conversation = self.conversation()
        for values, words in (
            ({"model": "tandem"}, "Fill in “Value 1”"),
            ({"1": "Ana", "model": "  \n"}, "Fill in “Model”"),
            ({"1": False, "model": "tandem"}, "Fill in “Value 1”"),
        ):
            with self.subTest(values):
                self.assertRefused(words, conversation, values=values)

    def test_values_are_trimmed_and_lines_joined(self):
        values = {"1": " Ana\n\tMaría ", "model": "city    bike"}
        message = self.send(self.conversation(), values=values)
        self.assertEqual(message.body, "Hello Ana María, your city bike is ready.")

    def test_values_and_texts_that_are_too_long_are_refused(self):
        conversation = self.conversation()
        for length, words in ((1600, "of “1” is too long"), (600, "text is too long")):
            values = {"1": "x" * length, "model": "y" * length}
            self.assertRefused(words, conversation, values=values)

    def test_an_unknown_variable_is_refused(self):
        values = {"1": "Ana", "model": "tandem", "price": "5"}
        self.assertRefused("has changed", self.conversation(), values=values)

    def test_values_that_are_no_texts_are_refused(self):
        conversation = self.conversation()
        for wrong in (["Ana"], "Ana", None, {"1": 5}, {"1": ["Ana"]}, {5: "Ana"}):
            with self.subTest(wrong=wrong):
                self.assertRefused("Invalid value", conversation, values=wrong)

    # files

    def test_a_chosen_file_is_the_header(self):
        conversation = self.conversation()
        for kind, content, name in (
            ("image", PNG, "a.png"),
            ("document", PDF, "offer.pdf"),
        ):
            file = self.attachment(conversation, content, name)
            template = self._with_file(kind)
            message = self.send(conversation, template, attachment_ids=file.ids)
            self.assertEqual((message.kind, message.attachment_ids), (kind, file))
            self.assertEqual(message.data["template"]["media_kind"], kind)
            self.assertEqual(message.data["template"]["media_url"], template.media_url)
            self.assertNotIn("3", message.data["template"]["variables"])

    def test_a_missing_or_superfluous_file_is_refused(self):
        conversation = self.conversation()
        files = self.attachment(conversation) + self.attachment(conversation)
        template = self._with_file()
        self.assertRefused("Choose one file", conversation, template)
        self.assertRefused(
            "Choose one file", conversation, template, attachment_ids=files.ids
        )
        self.assertRefused("takes no file", conversation, attachment_ids=files[0].ids)

    def test_a_file_of_another_kind_is_refused_by_name(self):
        conversation = self.conversation()
        template = self._with_file()
        for content, name in ((PDF, "offer.pdf"), (WEBP, "sticker.webp")):
            file = self.attachment(conversation, content, name)
            self.assertRefused(
                f"Picture.*{name}", conversation, template, attachment_ids=file.ids
            )

    def test_a_file_passes_the_limits_of_the_channel(self):
        conversation = self.conversation()
        big = self.attachment(conversation, PNG + b"\0" * (5 * 1024 * 1024))
        html = self.attachment(conversation, b"<html></html>", "a.html")
        for file, words in ((big, "at most 5 MB"), (html, "doesn't accept files")):
            with self.subTest(words):
                self.assertRefused(
                    words, conversation, self._with_file(), attachment_ids=file.ids
                )

    def test_a_fixed_file_needs_no_choice(self):
        template = self._template(
            "fixed", media_kind="image", media_url="https://example.com/a.png"
        )
        message = self.send(self.conversation(), template)
        self.assertEqual(message.kind, "text")
        self.assertEqual(
            message.data["template"]["media_url"], "https://example.com/a.png"
        )

    # who

    def test_only_who_may_answer_the_conversation_may_send(self):
        hidden = self.conversation(user=self.installer, channel=self.private)
        template = self._template("private", channels=self.private)
        self.assertTrue(self.send(hidden, template))
        for user in (self.agent, self.manager, self.stranger, self.system, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.send(hidden.with_user(user), template)

    # cost

    def test_sending_takes_a_constant_number_of_queries(self):
        conversation = self.conversation()
        few = self.warm_queries(lambda: self.send(conversation))
        names = [f"v{number}" for number in range(50)]
        body = "Hello " + " ".join(f"{{{{{name}}}}}" for name in names) + "."
        many = self._template("many", body=body, variable_names=names)
        values = dict.fromkeys(names, "x")
        cost = self.warm_queries(lambda: self.send(conversation, many, values=values))
        self.assertEqual((few, cost), (24, 24))


WHATSAPP_OF_OTHERS = "+34600000077"

from odoo.exceptions import AccessError, UserError

from ..common import PNG
from ..conversation.link_case import LinkCase


class TestCannedReplies(LinkCase):
    """Odoo's canned replies, filled for a conversation, with their files."""

    def canned(self, text="Hello", user=None, **values):
        values = {"source": "hello", "substitution": text, **values}
        return (
            self.env["mail.canned.response"]
            .with_user(user or self.agent)
            .create(values)
        )

    def use(self, reply, user=None, thread=None):
        inbox = self.inbox.with_user(user or self.agent)
        return inbox.inbox_use_canned_reply((thread or self.thread).id, reply.id)

    def offered(self, user):
        return [
            each["id"] for each in self.inbox.with_user(user).inbox_canned_replies()
        ]

    def test_own_and_shared_replies_are_offered(self):
        own = self.canned()
        shared = self.canned(
            user=self.colleague,
            group_ids=[(4, self.env.ref("messaging_inbox.group_messaging_user").id)],
        )
        private = self.canned(user=self.colleague)
        offered = self.offered(self.agent)
        self.assertIn(own.id, offered)
        self.assertIn(shared.id, offered)
        self.assertNotIn(private.id, offered)
        with self.assertRaisesRegex(UserError, "no longer exists"):
            self.use(private)

    def test_those_used_lately_come_first(self):
        first, second = self.canned(), self.canned()
        self.use(first)
        offered = self.offered(self.agent)
        self.assertLess(offered.index(first.id), offered.index(second.id))

    def test_placeholders_get_values_of_contact_deal_and_user(self):
        partner = self.contact("Ana Núñez", email="ana@example.com")
        deal = self.make_deal(name="Forty chairs", expected_revenue=400)
        self.thread.write({"partner_id": partner.id, "lead_id": deal.id})
        text = "{{contact.name}} {{ contact.email }} {{deal.name}} {{user.name}}"
        filled = self.use(self.canned(text))["text"]
        self.assertEqual(
            filled, f"Ana Núñez ana@example.com Forty chairs {self.agent.name}"
        )
        self.assertIn("400", self.use(self.canned("{{deal.revenue}}"))["text"])

    def test_what_has_no_value_stays_in_the_text(self):
        text = "{{contact.email}} {{deal.name}} {{spam.eggs}} {{x}}"
        self.assertEqual(self.use(self.canned(text))["text"], text)

    def test_values_are_not_read_as_placeholders(self):
        partner = self.contact("{{user.email}}")
        self.thread.write({"partner_id": partner.id})
        self.assertEqual(
            self.use(self.canned("{{contact.name}}"))["text"], "{{user.email}}"
        )

    def test_files_are_copied_into_the_draft(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.agent)
            .create(
                {"name": "Prices.png", "raw": PNG, "res_model": "mail.canned.response"}
            )
        )
        reply = self.canned(messaging_attachment_ids=[(4, file.id)])
        self.assertEqual(file.res_id, reply.id)
        [copy] = self.use(reply)["files"]
        self.assertNotEqual(copy["id"], file.id)
        self.assertEqual((copy["name"], copy["mimetype"]), ("Prices.png", "image/png"))
        messages = self.thread.with_user(self.agent).reply("See", [copy["id"]])
        self.assertEqual(self.message(messages).attachment_ids.ids, [copy["id"]])
        self.assertTrue(file.exists())

    def test_the_file_of_a_private_reply_stays_private(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.colleague)
            .create({"name": "a.png", "raw": PNG, "res_model": "mail.canned.response"})
        )
        self.canned(user=self.colleague, messaging_attachment_ids=[(4, file.id)])
        with self.assertRaises(AccessError):
            file.with_user(self.agent).read(["raw"])

    def test_a_hidden_conversation_fills_nothing(self):
        secret = self.conversation(channel=self.private)
        reply = self.canned(user=self.manager)
        with self.assertRaises(AccessError):
            self.use(reply, user=self.manager, thread=secret)

import hmac
from datetime import timedelta
from hashlib import sha256

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..scripted import answer
from ..template_case import TemplateCase

VALUES = {"1": "Marta", "model": "city bike"}
PAGE = "104030201000010"
PERSON = "7689000000000101"
SECRET = "a secret of the app"
PAGE_TOKEN = "EAA token of the page"


class TestLateReply(TemplateCase):
    """Messenger: people may reply for seven days if Meta has granted it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.env["messaging.account"].with_user(cls.installer).sudo()
        cls.meta = account.create(
            {
                "name": "Meta",
                "provider": "messenger",
                "meta_app_id": "104030201000001",
                "meta_app_secret": SECRET,
                "meta_access_token": "EAA token of a system user",
                "meta_human_agent": True,
                "state": "connected",
            }
        ).with_env(cls.env)
        cls.page = cls._channel("messenger", PAGE, account_id=cls.meta.id)
        cls.page.sudo().token_stored = PAGE_TOKEN

    def written(self, **age):
        """Return a conversation whose customer wrote this long ago."""
        conversation = self.env["messaging.conversation"].create(
            {
                "channel_id": self.page.id,
                "contact_name": "Marta",
                "last_inbound_at": fields.Datetime.now() - timedelta(**age),
            }
        )
        self.env["messaging.identity"].create(
            {
                "channel_id": self.page.id,
                "conversation_id": conversation.id,
                "external_id": PERSON,
            }
        )
        return conversation.with_user(self.agent)

    def sent_body(self, conversation):
        message = self.message(conversation.reply("Yes"))
        self.send_queued(answer(200, {"recipient_id": PERSON, "message_id": "m_1"}))
        self.assertEqual(message.state, "sent", message.failure_reason)
        (method, url, options), *_others = self.http.requests[-1:]
        self.assertEqual(method, "POST")
        return url, options

    def test_a_template_has_no_longer_window_for_people_and_no_tag(self):
        conversation = self.written(hours=25)
        template = self._template("offer", channels=self.page)
        message = self.message(conversation.send_template(template.id, VALUES))
        self.assertFalse(message._outbound().tag)
        template = self._template("list", channels=self.page, use="in_window")
        with self.assertRaises(UserError):
            conversation.send_template(template.id, VALUES)

    def test_within_a_day_no_tag_is_given(self):
        _url, options = self.sent_body(self.written(hours=23))
        self.assertNotIn("HUMAN_AGENT", str(options))
        self.assertIn("RESPONSE", str(options))

    def test_after_a_day_a_persons_reply_has_the_tag(self):
        _url, options = self.sent_body(self.written(hours=25))
        self.assertIn("HUMAN_AGENT", str(options))

    def test_automatic_messages_get_no_tag(self):
        conversation = self.written(hours=25)
        message = self.message(conversation.reply("Yes"))
        for program in (False, self.env.ref("base.user_root")):
            message.sudo().author_id = program
            self.assertEqual(message._outbound().tag, "")
            self.send_queued()
            self.assertEqual(
                (message.state, message.reason), ("failed", "window_closed")
            )
            with self.assertRaisesRegex(UserError, "reply window"):
                message.with_user(self.agent).action_retry()
            message.sudo().state = "queued"
        with self.assertRaisesRegex(UserError, "reply window"):
            conversation.sudo().with_user(self.env.ref("base.user_root")).reply("Yes")

    def test_a_message_that_waited_past_the_window_is_not_sent(self):
        conversation = self.written(hours=1)
        for age, human_agent in (({"days": 7}, True), ({"hours": 24}, False)):
            self.meta.meta_human_agent = human_agent
            message = self.message(conversation.reply("Yes"))
            written = fields.Datetime.now() - timedelta(**age)
            conversation.sudo().last_inbound_at = written
            self.send_queued()
            self.assertEqual(
                (message.state, message.reason), ("failed", "window_closed")
            )
            self.assertFalse(self.http.requests)
            conversation.sudo().last_inbound_at = fields.Datetime.now()

    def test_after_seven_days_nothing_is_sent(self):
        with self.assertRaisesRegex(UserError, "reply window"):
            self.written(days=7, minutes=1).reply("Yes")

    def test_without_the_permission_the_window_is_a_day(self):
        self.meta.meta_human_agent = False
        with self.assertRaisesRegex(UserError, "reply window"):
            self.written(hours=25).reply("Yes")

    def test_the_client_gets_the_start_of_the_late_window(self):
        conversation = self.written(hours=1)
        [row] = conversation.inbox_rows(conversation.ids)
        written = conversation.last_inbound_at
        self.assertEqual(
            (row["human_agent_from"], row["reply_until"]),
            (
                fields.Datetime.to_string(written + timedelta(hours=24)),
                fields.Datetime.to_string(written + timedelta(days=7)),
            ),
        )
        self.meta.meta_human_agent = False
        [row] = conversation.inbox_rows(conversation.ids)
        self.assertIs(row["human_agent_from"], False)

    def test_each_page_uses_its_own_unreadable_token(self):
        _url, options = self.sent_body(self.written(hours=1))
        proof = hmac.new(SECRET.encode(), PAGE_TOKEN.encode(), sha256).hexdigest()
        self.assertEqual(options["params"]["appsecret_proof"], proof)
        for user in (self.manager, self.installer, self.system, self.agent):
            page = self.page.with_user(user)
            self.assertNotIn("token_stored", page.fields_get())
            for ask in (
                lambda page=page: page.read(["token_stored"]),
                lambda page=page: page.search([("token_stored", "=like", "E%")]),
                lambda page=page: page.write({"token_stored": "mine"}),
            ):
                with self.assertRaises(AccessError):
                    ask()

    def test_a_text_is_split_by_bytes_if_the_provider_counts_bytes(self):
        conversation = self.written(hours=1)
        limits = self.meta._provider_class().limits["instagram"]
        texts = conversation._split("é" * 1200, limits)
        self.assertEqual("".join(texts), "é" * 1200)
        self.assertLessEqual(max(len(text.encode()) for text in texts), 1000)

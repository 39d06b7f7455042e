from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.modules.neutralize import get_neutralization_queries

from ...providers.errors import InvalidSignature
from ...providers.events import WebhookRequest
from ..common import MessagingCase


class TestNeutralize(MessagingCase):
    """A neutralized copy of a database never sends to customers."""

    def neutralize(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["messaging_inbox"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        # Another process serves the copy.
        self.env.registry.clear_cache()
        self.http.requests.clear()

    def test_neither_users_nor_crons_send_from_a_copy(self):
        waiting = self.queued()
        conversation = waiting.conversation_id.with_user(self.agent)
        doubtful = self.queued(conversation=conversation)
        doubtful.sudo().state = "unknown"
        self.process(self.media_form("image/png"))
        self.neutralize()
        for answer in (
            lambda: conversation.reply("From a copy"),
            waiting.with_user(self.agent).action_retry,
            doubtful.with_user(self.agent).action_retry,
        ):
            with self.assertRaises(UserError):
                answer()
        for name in ("send_queued", "download_media", "replay_receipts"):
            self.run_cron(name)
        self.assertEqual(self.http.requests, [])

    def test_a_copy_accepts_no_webhook(self):
        self.neutralize()
        token = self.account.webhook_url.rpartition("/")[2].partition("#")[0]
        provider = self.env["messaging.account"]._webhook_account(token).provider
        request = WebhookRequest("POST", urls=(self.account.webhook_url,), form=())
        with self.assertRaises(InvalidSignature):
            provider.verify(request)

    def test_a_copy_has_no_secret_and_nothing_to_send_or_fetch(self):
        self.account.api_base_url = "http://127.0.0.1:1"
        sent = self.sent(self.conversation(sender="+34622222222"))
        waiting = self.queued()
        form = self.media_form("image/png")
        self.process(form)
        reaction = self.env["messaging.reaction"].create(
            {"message_id": self.message_of(form).id, "emoji": "👍"}
        )
        conversation = waiting.conversation_id.with_user(self.agent)
        at = fields.Datetime.now() + timedelta(hours=1)
        id_ = conversation.action_schedule(at, "Good morning")
        scheduled = self.env["messaging.scheduled"].browse(id_)
        address = self.account.webhook_url
        secrets = [name for name in self.account._fields if name.endswith("_stored")]
        self.account.write(dict.fromkeys(secrets, "a secret"))
        self.whatsapp.sudo().token_stored = "a secret"
        self.neutralize()
        self.assertFalse(self.whatsapp.sudo().token_stored)
        for name in secrets:
            self.assertFalse(self.account[name], name)
        self.assertRecordValues(
            self.account,
            [
                {
                    "state": "draft",
                    "api_base_url": False,
                    "webhook_url": address,
                }
            ],
        )
        self.assertEqual((waiting.state, sent.state), ("failed", "sent"))
        self.assertEqual(self.send_queued(), 0)
        self.assertEqual(reaction.state, "failed")
        self.assertIn("copy of the database", scheduled.reason)
        self.assertFalse(self.env["messaging.media"]._download_next())

from unittest.mock import patch

from odoo.tools import mute_logger

from ...tools import background
from ..common import MessagingCase
from ..scripted import accepted


class TestAfterCommit(MessagingCase):
    """The worker sends a queued message after its commit; the cron sends the rest."""

    def triggers(self):
        cron = self.env.ref("messaging_inbox.ir_cron_send_queued")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def test_one_message_is_sent_at_once_and_the_cron_does_the_rest(self):
        conversation = self.conversation()
        messages = self.message(conversation.reply("x" * 3000))
        before = self.triggers()
        self.http.answers = [accepted()]
        self.env["messaging.message"]._send_now(conversation.ids)
        self.env.invalidate_all()
        self.assertEqual(messages.mapped("state"), ["sent", "queued"])
        self.assertGreater(self.triggers(), before)

    def test_a_worker_that_is_already_sending_leaves_it_to_the_cron(self):
        message = self.queued()
        before = self.triggers()
        with background._busy, self.enter_registry_test_mode():
            self.env.flush_all()
            self.env.cr.postcommit.run()
        self.assertEqual(message.state, "queued")
        self.assertGreater(self.triggers(), before)

    def test_only_the_replied_conversation_is_sent_at_once(self):
        other = self.queued("Other")
        conversation = self.conversation(sender="+34622222222")
        message = self.queued("Mine", conversation)
        self.http.answers = [accepted()]
        self.env["messaging.message"]._send_now(conversation.ids)
        self.env.invalidate_all()
        self.assertEqual((message.state, other.state), ("sent", "queued"))

    def test_a_conversation_deleted_while_sending_blocks_nothing(self):
        message = self.queued("Going")
        other = self.queued("Staying", self.conversation(sender="+34622222222"))
        thread = message.conversation_id.with_user(self.installer)
        answers = iter([thread.unlink, lambda: None])

        def request(*_args, **_options):
            next(answers)()
            return accepted()

        self.patch(self.http, "request", request)
        self.env["messaging.message"]._send_queued()
        self.env.invalidate_all()
        self.assertFalse(message.exists())
        self.assertEqual(other.state, "sent")

    def test_a_reply_asks_to_be_sent_after_its_commit(self):
        model = type(self.env["messaging.message"])
        with patch.object(model, "_send_now", autospec=True) as send_now:
            message = self.queued()
            send_now.assert_not_called()
            with self.enter_registry_test_mode():
                self.env.flush_all()
                self.env.cr.postcommit.run()
        self.assertEqual(send_now.call_args.args[1], message.conversation_id.ids)

    def test_an_error_after_the_commit_is_not_raised(self):
        model = type(self.env["messaging.message"])
        self.queued()
        with (
            patch.object(model, "_send_now", side_effect=RuntimeError),
            mute_logger(background.__name__),
            self.enter_registry_test_mode(),
        ):
            self.env.cr.postcommit.run()
        self.assertFalse(background._busy.locked())

    def test_the_cron_sends_due_messages(self):
        message = self.queued()
        self.http.answers = [accepted()]
        self.run_cron("send_queued")
        self.assertEqual(message.state, "sent")

from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..common import CUSTOMER, PNG, MessagingCase

HTML = b"<html><script>alert(1)</script></html>"
DAY = timedelta(hours=24)


class TestReplyGate(MessagingCase):
    """The single gate for everything that we send."""

    def assertRefused(self, words, conversation, *args, **options):
        before = self.env["messaging.message"].search_count([])
        with self.assertRaisesRegex(UserError, words):
            conversation.reply(*args, **options)
        self.assertEqual(self.env["messaging.message"].search_count([]), before)

    # stored rows

    def test_a_reply_queues_one_message_of_the_agent(self):
        conversation = self.conversation()
        message = self.message(conversation.reply("Yes"))
        self.assertRecordValues(
            message,
            [
                {
                    "direction": "outbound",
                    "state": "queued",
                    "kind": "text",
                    "body": "Yes",
                    "author_id": self.agent.id,
                    "channel_id": self.whatsapp.id,
                    "part": 0,
                }
            ],
        )
        self.assertEqual(conversation.last_message_id, message.id)
        self.assertEqual(conversation.last_message_preview, "Yes")

    def test_replying_marks_read(self):
        conversation = self.conversation()
        self.assertEqual(conversation.unread_count, 1)
        conversation.reply("Yes")
        self.assertEqual(conversation.unread_count, 0)
        self.assertEqual(conversation.with_user(self.colleague).unread_count, 1)

    def test_replying_keeps_a_closed_conversation_closed(self):
        conversation = self.conversation()
        conversation.action_close()
        conversation.reply("One more thing")
        self.assertEqual(conversation.state, "closed")

    def test_text_comes_first_then_each_file(self):
        conversation = self.conversation()
        files = self.attachment(conversation) + self.attachment(
            conversation, b"%PDF-1.4", "b.pdf", mimetype="application/pdf"
        )
        messages = self.message(conversation.reply("Look", files.ids))
        self.assertEqual(messages.mapped("kind"), ["text", "image", "document"])
        self.assertEqual(messages.mapped("attachment_ids"), files)
        self.assertEqual(len(set(messages.mapped("client_uuid"))), 1)

    def test_a_long_text_is_split_at_white_space_in_order(self):
        words = ("word " * 1000).strip()
        messages = self.message(self.conversation().reply(words))
        self.assertEqual(messages.mapped("part"), [0, 1, 2, 3])
        self.assertTrue(all(len(message.body) <= 1600 for message in messages))
        self.assertEqual(" ".join(messages.mapped("body")), words)

    def test_a_text_without_white_space_is_split_too(self):
        messages = self.message(self.conversation().reply("x" * 1601))
        self.assertEqual([len(message.body) for message in messages], [1600, 1])

    def test_a_reply_may_quote_a_message_of_its_conversation(self):
        question = self.receive("Blue?")
        conversation = question.conversation_id.with_user(self.agent)
        message = self.message(conversation.reply("Blue!", reply_to_id=question.id))
        self.assertEqual(message.reply_to_id, question)

    # repeated calls

    def test_a_repeated_client_uuid_returns_the_same_ids_and_writes_nothing(self):
        conversation = self.conversation()
        client_uuid = str(uuid4())
        first = conversation.reply("x" * 3000, client_uuid=client_uuid)
        self.assertEqual(conversation.reply("other", client_uuid=client_uuid), first)
        outbound = conversation.message_ids.filtered(
            lambda m: m.direction == "outbound"
        )
        self.assertEqual(len(outbound), len(first))

    def test_a_repeated_client_uuid_returns_even_if_the_gate_is_closed(self):
        conversation = self.conversation()
        client_uuid = str(uuid4())
        first = conversation.reply("Yes", client_uuid=client_uuid)
        conversation._set_opted_out(True, "customer")
        self.assertEqual(conversation.reply("Yes", client_uuid=client_uuid), first)

    def test_an_invalid_uuid_is_refused(self):
        conversation = self.conversation()
        for wrong in ("a.0", "x" * 65, "a b", "?m=1", "é" * 3, 5, ["a"]):
            with self.subTest(wrong=wrong):
                self.assertRefused("UUID", conversation, "Yes", client_uuid=wrong)

    # refused

    def test_an_empty_reply_is_refused(self):
        conversation = self.conversation()
        for body in ("", "  \n", "\x00", None, False):
            with self.subTest(body=body):
                self.assertRefused("Write something", conversation, body)

    def test_a_text_far_too_long_is_refused(self):
        self.assertRefused("too long", self.conversation(), "x" * 16_001)

    def test_a_disconnected_or_archived_account_or_channel_is_refused(self):
        conversation = self.conversation()
        cases = [
            (self.whatsapp, {"active": False}, "archived"),
            (self.account, {"active": False}, "archived"),
            (self.account, {"state": "draft"}, "isn't connected"),
            (self.account, {"state": "error"}, "administrator must renew"),
        ]
        for record, values, words in cases:
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                record.write(values)
                self.assertRefused(words, conversation, "Yes")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_customer_who_opted_out_is_left_alone_until_start(self):
        conversation = self.conversation("STOP", channel=self.sms)
        self.assertRefused("opted out", conversation, "But wait")
        self.receive("START", channel=self.sms)
        self.assertTrue(conversation.reply("Welcome back"))

    # the reply window

    def test_the_window_closes_24_hours_after_the_customers_last_word(self):
        conversation = self.conversation()
        last = conversation.last_inbound_at
        self.assertEqual(conversation.reply_until, last + DAY)
        with self.at(last + DAY - timedelta(seconds=1)):
            self.assertTrue(conversation.reply("In time"))
        with self.at(last + DAY):
            self.assertRefused("reply window is closed", conversation, "Too late")

    def test_our_own_reply_does_not_extend_the_window(self):
        conversation = self.conversation()
        until = conversation.reply_until
        with self.at(conversation.last_inbound_at + timedelta(hours=5)):
            conversation.reply("Yes")
        self.assertEqual(conversation.reply_until, until)

    def test_a_customers_message_reopens_the_window(self):
        conversation = self.conversation()
        self.shift_window(conversation, DAY)
        self.assertRefused("reply window", conversation, "Hello?")
        self.receive("Here I am")
        self.assertTrue(conversation.reply("Welcome back"))

    def shift_window(self, conversation, delta):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE messaging_conversation SET last_inbound_at = last_inbound_at - %s"
            " WHERE id = %s",
            [delta, conversation.id],
        )
        self.env.invalidate_all()

    def test_an_sms_has_no_reply_window(self):
        conversation = self.conversation(channel=self.sms)
        self.assertFalse(conversation.reply_until)
        with self.at(datetime(2100, 1, 1)):
            self.assertTrue(conversation.reply("Still there?"))

    def at(self, moment):
        return patch.object(fields.Datetime, "now", lambda *_args: moment)

    # files

    def test_an_unsupported_file_is_refused_by_name(self):
        conversation = self.conversation()
        for name, content in (("a.html", HTML), ("a.svg", b"<svg xmlns='x'/>")):
            file = self.attachment(conversation, content, name)
            self.assertRefused(name, conversation, "", file.ids)

    def test_a_file_that_is_too_big_is_refused_with_the_limit(self):
        conversation = self.conversation()
        file = self.attachment(conversation, PNG + b"\0" * (5 * 1024 * 1024))
        self.assertRefused("at most 5 MB", conversation, "", file.ids)

    def test_a_files_claimed_type_is_ignored(self):
        conversation = self.conversation()
        file = self.attachment(conversation, HTML, "a.png", mimetype="image/png")
        self.assertRefused("doesn't accept files", conversation, "", file.ids)

    def test_an_unsupported_picture_is_not_taken_for_a_video(self):
        heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
        for channel in (self.whatsapp, self.sms):
            conversation = self.conversation(channel=channel)
            for claim in ("image/jpeg", "image/heic", "video/mp4"):
                file = self.attachment(conversation, heic, "photo.jpg", mimetype=claim)
                self.assertRefused("image/heic", conversation, "", file.ids)

    def test_a_url_attachment_is_refused(self):
        conversation = self.conversation()
        file = self.attachment(
            conversation,
            False,
            "a.png",
            type="url",
            url="https://evil.example.com/a.png",
        )
        self.assertRefused("a.png", conversation, "", file.ids)

    def test_an_empty_file_is_refused(self):
        conversation = self.conversation()
        file = self.attachment(conversation, b"", "a.png", mimetype="image/png")
        self.assertRefused("a.png", conversation, "", file.ids)

    def test_a_deleted_file_is_refused(self):
        conversation = self.conversation()
        file = self.attachment(conversation)
        file_id = file.id
        file.unlink()
        self.assertRefused("no longer exists", conversation, "", [file_id])

    def test_a_file_that_the_agent_may_not_read_is_refused(self):
        conversation = self.conversation()
        hidden = self.conversation(user=self.installer, channel=self.private)
        file = self.attachment(hidden, user=self.installer)
        with self.assertRaises(AccessError):
            conversation.reply("", file.ids)

    def test_a_file_of_a_colleague_or_another_record_is_copied(self):
        conversation = self.conversation()
        theirs = self.attachment(conversation, user=self.colleague)
        partner = self.env["res.partner"].create({"name": "Ana"})
        elsewhere = self.attachment(partner, user=self.env.user)
        messages = self.message(conversation.reply("", (theirs + elsewhere).ids))
        copies = messages.attachment_ids
        self.assertFalse(copies & (theirs + elsewhere))
        self.assertEqual(set(copies.mapped("res_id")), {conversation.id})
        self.assertEqual(elsewhere.res_model, "res.partner")

    def test_a_sent_file_is_copied_when_it_is_sent_again(self):
        conversation = self.conversation()
        file = self.attachment(conversation)
        first = self.message(conversation.reply("", file.ids))
        second = self.message(conversation.reply("", file.ids))
        self.assertEqual(first.attachment_ids, file)
        self.assertNotEqual(second.attachment_ids, file)

    # quotes

    def test_a_quote_of_another_conversation_is_refused(self):
        conversation = self.conversation()
        other = self.receive(sender="+34622222222")
        self.assertRefused("another", conversation, "Yes", reply_to_id=other.id)

    def test_a_quote_of_a_hidden_conversation_is_refused(self):
        conversation = self.conversation()
        hidden = self.receive(channel=self.private)
        with self.assertRaises(AccessError):
            conversation.reply("Yes", reply_to_id=hidden.id)

    # recipients

    def test_the_phone_number_is_preferred_as_recipient(self):
        conversation = self.conversation(sender="ES.1")
        self.assertEqual(conversation._recipient().external_id, "ES.1")
        self.receive(sender="ES.1", WaId=CUSTOMER.lstrip("+"))
        self.assertEqual(conversation._recipient().external_id, CUSTOMER)

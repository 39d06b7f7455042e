import json
from datetime import timedelta

from odoo import fields

from ...providers.events import BadEvent, WebhookRequest
from ..common import CUSTOMER
from ..scripted import accepted
from .event_case import EventCase


class TestAfterMessage(EventCase):
    """Reactions, edits, unsent messages, watermarks, and notices of the channel."""

    def reaction(self, message, emoji, **values):
        values.setdefault("occurred_at", self.now)
        message_id = message.provider_message_id
        return self.event("Reacted", message_id=message_id, emoji=emoji, **values)

    def edit(self, message, text, **values):
        message_id = message.provider_message_id
        return self.event("MessageEdited", message_id=message_id, text=text, **values)

    def unsend(self, message):
        return self.event("MessageUnsent", message_id=message.provider_message_id)

    def up_to(self, status, **values):
        values.setdefault("until", self.now + timedelta(minutes=1))
        return self.event("ReadUpTo", status=status, **values)

    # reactions

    def test_inbound_and_outbound_messages_can_get_and_lose_a_reaction(self):
        for message in (self.receive(), self.sent()):
            with self.subTest(message.direction):
                self.ingest(self.reaction(message, "👍"))
                self.assertEqual(message.data["reactions"], {"customer": "👍"})
                self.ingest(self.reaction(message, ""))
                self.assertEqual(message.data["reactions"], {})

    def test_a_replayed_old_reaction_changes_nothing(self):
        message = self.receive()
        self.ingest(self.reaction(message, "", occurred_at=self.now))
        self.ingest(self.reaction(message, "👍", occurred_at=self.ago(minutes=1)))
        self.assertEqual(message.data["reactions"], {})

    def test_customer_and_agent_reactions_are_dated_separately(self):
        message = self.receive()
        self.ingest(self.reaction(message, "❤️", by_us=True, occurred_at=self.now))
        self.ingest(self.reaction(message, "👍", occurred_at=self.ago(minutes=1)))
        self.assertEqual(message.data["reactions"], {"us": "❤️", "customer": "👍"})

    def test_a_reaction_neither_reopens_nor_counts_as_unread(self):
        message = self.receive()
        conversation = message.conversation_id.with_user(self.agent)
        conversation.action_mark_read()
        conversation.action_close()
        self.ingest(self.reaction(message, "👍"))
        self.assertEqual(conversation.state, "closed")
        self.assertEqual(conversation.unread_count, 0)

    def test_a_reaction_opens_the_reply_window_again(self):
        message = self.receive()
        conversation = message.conversation_id
        conversation.sudo()._store({"last_inbound_at": self.ago(days=2)})
        self.ingest(self.reaction(message, "👍"))
        self.assertEqual(conversation.reply_until, self.now + timedelta(hours=24))

    def test_a_reaction_to_an_unknown_message_waits_for_it(self):
        event = self.event("Reacted", message_id="later", emoji="👍")
        receipt = self.ingest(event)
        self.assertEqual((receipt.kind, receipt.state), ("status", "failed"))

    def test_the_bus_publishes_a_reaction(self):
        message = self.receive()
        self.bus()
        self.ingest(self.reaction(message, "👍"))
        published = self.bus("changed")[-1][1]["messages"]
        self.assertEqual(published[0]["data"]["reactions"], {"customer": "👍"})

    # edits

    def test_an_edit_replaces_the_text_everywhere(self):
        message = self.receive("At nine")
        self.ingest(self.edit(message, "At ten"))
        self.assertEqual(message.body, "At ten")
        self.assertTrue(message.data["edited"])
        self.assertEqual(message.conversation_id.last_message_preview, "At ten")

    def test_an_edit_updates_a_note_already_written(self):
        message = self.receive("At nine")
        partner = self.env["res.partner"].create({"name": "Ana"})
        conversation = message.conversation_id.with_user(self.agent)
        conversation.action_link(partner_id=partner.id)
        note = conversation.note_window_ids.sudo().mail_message_id
        self.assertIn("At nine", note.body)
        self.ingest(self.edit(message, "At ten"))
        self.env["messaging.conversation"].sudo()._write_next_notes()
        self.assertIn("At ten", note.body)
        self.assertNotIn("At nine", note.body)

    def test_an_older_edit_or_an_edit_of_an_unsent_message_changes_nothing(self):
        message = self.receive("One")
        self.ingest(self.edit(message, "Three", occurred_at=self.now))
        self.ingest(self.edit(message, "Two", occurred_at=self.ago(minutes=1)))
        self.assertEqual(message.body, "Three")
        self.ingest(self.unsend(message))
        self.ingest(self.edit(message, "Four"))
        self.assertFalse(message.body)

    # unsent

    def test_an_unsent_message_leaves_only_an_empty_row(self):
        message = self.receive("My card is 4242-4242")
        conversation = message.conversation_id.with_user(self.agent)
        file = self.attachment(conversation, user=self.env.user)
        message.sudo().attachment_ids = file
        self.bus_rows_of("4242-4242")
        self.ingest(self.unsend(message))
        self.assertEqual((message.body, message.data), (False, {"unsent": True}))
        self.assertFalse(file.exists())
        self.assertFalse(conversation.last_message_preview)
        [row] = conversation.inbox_rows(conversation.ids)
        self.assertTrue(row["preview"]["unsent"])
        self.assertFalse(self.bus_rows_of("4242-4242"))
        opened = conversation.inbox_open(conversation.id)
        self.assertNotIn("4242-4242", str(opened))

    def bus_rows_of(self, words):
        self.env.cr.precommit.run()
        return self.env["bus.bus"].sudo().search([("message", "like", words)])

    def test_notes_drop_unsent_messages_with_their_files(self):
        message = self.receive("My card is 4242-4242")
        conversation = message.conversation_id.with_user(self.agent)
        message.sudo().attachment_ids = self.attachment(
            conversation, user=self.env.user
        )
        partner = self.env["res.partner"].create({"name": "Ana"})
        conversation.action_link(partner_id=partner.id)
        note = conversation.note_window_ids.sudo().mail_message_id
        self.assertTrue(note.attachment_ids)
        self.ingest(self.unsend(message))
        self.assertFalse(note.attachment_ids.exists())
        self.env["messaging.conversation"].sudo()._write_next_notes()
        self.assertNotIn("4242-4242", note.body)
        self.assertIn("[message deleted]", note.body)

    def test_unsending_deletes_the_message_from_failed_webhooks(self):
        message = self.receive("My card is 4242-4242")
        name = message.provider_message_id
        mine, other = (self.receipt_of(each) for each in (name, f"{name}0"))
        self.ingest(self.unsend(message))
        self.assertRecordValues(
            mine + other,
            [
                {"state": "done", "body_stored": False},
                {"state": "failed", "body_stored": other.body_stored},
            ],
        )
        self.assertIn("4242-4242", other.body_stored)

    def receipt_of(self, message_id):
        body = json.dumps({"mid": message_id, "text": "My card is 4242-4242"}).encode()
        request = WebhookRequest("POST", urls=(), body=body)
        return self.env["messaging.receipt"]._keep(self.account.id, request, "Bad.")

    def test_a_redelivered_unsent_message_stays_empty(self):
        written = self.written("Secret")
        self.ingest(written)
        message = self.found(written)
        self.ingest(self.unsend(message))
        self.ingest(written)
        self.assertFalse(message.body)

    # watermarks

    def test_a_watermark_moves_all_messages_sent_before_it(self):
        conversation = self.conversation()
        early, late = self.sent(conversation), self.sent(conversation)
        late.sudo().sent_at = self.now + timedelta(minutes=2)
        for status in ("delivered", "read", "delivered"):
            self.ingest(self.up_to(status))
        self.assertEqual((early.state, late.state), ("read", "sent"))

    def test_a_watermark_publishes_the_row_of_the_last_message(self):
        conversation = self.conversation()
        messages = self.sent(conversation) | self.sent(conversation)
        self.bus()
        self.ingest(self.up_to("read"))
        [(_channel, payload)] = self.bus("changed")
        self.assertEqual({m["id"] for m in payload["messages"]}, set(messages.ids))
        [row] = payload["conversations"]
        self.assertEqual(row["preview"]["state"], "read")

    def test_a_watermark_ignores_messages_not_known_to_be_sent(self):
        states = ("queued", "sending", "unknown", "failed")
        for state in states:
            message = self.queued(conversation=self.conversation())
            message.sudo().state = state
            self.ingest(self.up_to("read"))
            self.assertEqual(message.state, state)

    def test_a_watermark_that_overtakes_our_commit_waits(self):
        message = self.queued()
        message.sudo().state = "sending"
        receipt = self.ingest(self.up_to("read"))
        self.assertEqual(receipt.kind, "status")
        message.sudo().state = "queued"
        # A replay has failed meanwhile.
        receipt.next_try_at = fields.Datetime.now() + timedelta(days=1)
        self.send_queued(accepted())
        self.assertLessEqual(receipt.next_try_at, fields.Datetime.now())
        self.ingest(self.up_to("read"))
        self.assertEqual(message.state, "read")

    def test_a_watermark_moves_only_its_customers_messages(self):
        theirs = self.sent(self.conversation(sender="+34622222222"))
        self.sent()
        self.ingest(self.up_to("read", external_ids=(CUSTOMER,)))
        self.assertEqual(theirs.state, "sent")

    def test_named_messages_move_regardless_of_time(self):
        message = self.sent()
        named = (message.provider_message_id,)
        self.ingest(self.up_to("delivered", until=None, message_ids=named))
        self.assertEqual(message.state, "delivered")

    def test_a_delivery_that_overtakes_our_commit_waits(self):
        message = self.queued()
        event = self.up_to("delivered", until=None, message_ids=("m_1",))
        receipt = self.ingest(event)
        self.assertEqual(receipt.kind, "status")
        message.sudo().write({"state": "sent", "provider_message_id": "m_1"})
        self.ingest(event)
        self.assertEqual(message.state, "delivered")

    def test_a_watermark_costs_the_same_whatever_the_length_of_the_history(self):
        conversation = self.conversation()
        self.sent(conversation)
        few = self.queries_of(self.up_to("delivered"))
        for _ in range(10):
            self.sent(conversation)
            self.receive()
        self.assertEqual(self.queries_of(self.up_to("delivered")), few)

    def queries_of(self, *happened):
        self.bus()
        before = self.env.cr.sql_log_count
        self.ingest(*happened)
        return self.env.cr.sql_log_count - before

    # the channel

    def test_a_notice_warns_managers_until_it_expires(self):
        notice = {"code": "policy_enforcement", "text": "The Page was warned."}
        self.ingest(self.notice(**notice, occurred_at=self.ago(days=1)))
        self.assertEqual(self.whatsapp.warning, "The Page was warned.")
        old = {"code": "handover", "text": "Older", "occurred_at": self.ago(days=2)}
        self.ingest(self.notice(**old))
        self.assertEqual(self.whatsapp.warning, "The Page was warned.")
        self.whatsapp.notice_at = self.ago(days=8)
        self.whatsapp.invalidate_recordset()
        self.assertFalse(self.whatsapp.warning)

    def test_a_handover_does_not_hide_an_important_notice(self):
        handover = {"code": "handover", "text": "Another app took over."}
        self.ingest(self.notice(occurred_at=self.ago(hours=2), **handover))
        self.assertEqual(self.whatsapp.warning, "Another app took over.")
        blocked = {"code": "policy_enforcement", "text": "Blocked."}
        self.ingest(self.notice(occurred_at=self.ago(hours=1), **blocked))
        self.ingest(self.notice(occurred_at=self.now, **handover))
        self.assertEqual(self.whatsapp.warning, "Blocked.")

    # requests with many events

    def test_a_bad_event_is_stored_and_the_others_are_applied(self):
        first, second = self.written("One"), self.written("Two")
        receipt = self.ingest(first, BadEvent("No sender."), second)
        self.assertEqual((receipt.state, receipt.error), ("failed", "No sender."))
        self.assertTrue(self.found(first) and self.found(second))

    def test_many_messages_need_as_many_statements_as_few(self):
        few = self.body_of(2)
        self.ingest(*few)
        self.ingest(*self.body_of(50))
        self.assertEqual(
            self.queries_of(*self.body_of(50)), self.queries_of(*self.body_of(2))
        )

    def body_of(self, number):
        senders = [f"+3461{index % 25:07d}" for index in range(number)]
        return [self.written(external_ids=(sender,)) for sender in senders]

    def test_a_request_may_contain_new_customers_and_quotes_of_its_own_messages(self):
        first = self.written("One", external_ids=("+34610000001", "ES.1"))
        second = self.written("Two", external_ids=("ES.1",), reply_to=first.message_id)
        other = self.written("Else", external_ids=("+34610000002",))
        self.ingest(first, other, second)
        self.assertEqual(
            self.found(first).conversation_id, self.found(second).conversation_id
        )
        self.assertNotEqual(
            self.found(first).conversation_id, self.found(other).conversation_id
        )
        self.assertEqual(self.found(second).reply_to_id, self.found(first))

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from ...models.channel import retention
from ...models.message import erasing
from ...providers.events import BadEvent
from ..ingest.event_case import EventCase
from ..scripted import accepted


class TestRetention(EventCase):
    """A channel erases what it no longer keeps, and what must stay true stays."""

    def setUp(self):
        super().setUp()
        self.whatsapp.write({"messages_kept": 30, "messages_kept_unit": "days"})

    def erase(self):
        self.run_cron("erase")

    def old(self, message, **age):
        message.sudo().sent_at = self.ago(**(age or {"days": 31}))
        return message

    def with_file(self, message):
        conversation = message.conversation_id
        file = self.attachment(conversation, user=self.env.user)
        message.sudo().attachment_ids = file
        return file

    # what is erased

    def test_old_messages_lose_everything_that_was_said(self):
        message = self.old(self.receive("My card is 4242-4242"))
        message.sudo().data = {"latitude": 41, "contacts": [{"name": "Ana"}]}
        file = self.with_file(message)
        self.erase()
        self.assertRecordValues(
            message,
            [
                {
                    "body": False,
                    "file_names": False,
                    "data": {"unsent": True, "erased": "retention"},
                    "state": "received",
                    "kind": "text",
                }
            ],
        )
        self.assertFalse(file.exists())
        self.assertFalse(message.conversation_id.last_message_preview)

    def test_younger_messages_and_other_channels_keep_theirs(self):
        kept = self.old(self.receive("Kept"), days=29)
        other = self.old(self.receive("Kept", channel=self.sms), days=400)
        self.old(self.receive("Gone"))
        self.erase()
        self.assertEqual((kept + other).mapped("body"), ["Kept", "Kept"])

    def test_months_are_those_of_the_calendar(self):
        self.whatsapp.write({"messages_kept": 2, "messages_kept_unit": "months"})
        kept, gone = self.receive("Kept"), self.receive("Gone")
        self.old(kept, days=58)
        self.old(gone, days=63)
        self.erase()
        self.assertEqual((kept.body, gone.body), ("Kept", False))

    def test_private_notes_are_erased_and_events_stay(self):
        conversation = self.conversation()
        conversation.action_note("She is in hospital")
        conversation.action_close()
        messages = conversation.sudo().message_ids
        self.old(messages)
        self.erase()
        self.assertFalse(any(messages.mapped("body")))
        event = messages.filtered(lambda m: m.direction == "event")
        self.assertEqual(event.event_type, "closed")
        self.assertFalse(event.data)

    def test_erased_words_are_not_found_any_more(self):
        self.old(self.receive("My card is 4242-4242"))
        Conversation = self.env["messaging.conversation"].with_user(self.agent)
        self.assertTrue(Conversation.inbox_search_messages("4242-4242")["hits"])
        self.env.cr.precommit.run()
        self.erase()
        self.assertFalse(Conversation.inbox_search_messages("4242-4242")["hits"])
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].sudo().search([("message", "like", "4242-4242")])
        self.assertFalse(rows)

    def test_the_content_disappears_from_the_filestore(self):
        message = self.old(self.receive())
        file = self.with_file(message)
        name = file.store_fname
        deleted = []
        with patch.object(
            type(file), "_file_delete", lambda _self, f: deleted.append(f)
        ):
            self.erase()
        self.assertIn(name, deleted, "Odoo deletes it from the disk after the commit")

    def test_a_file_of_a_newer_message_stays(self):
        old, new = self.old(self.receive()), self.receive()
        file = self.with_file(old)
        new.sudo().attachment_ids = file
        self.erase()
        self.assertTrue(file.exists())
        self.assertEqual(new.attachment_ids, file)

    def test_a_pending_download_is_given_up(self):
        form = self.media_form("image/png")
        self.process(form)
        message = self.old(self.message_of(form))
        self.erase()
        self.assertFalse(message.media_ids)
        self.assertEqual(message.kind, "image")

    def test_notes_on_records_follow(self):
        message = self.receive("My card is 4242-4242")
        partner = self.env["res.partner"].create({"name": "Ana"})
        conversation = message.conversation_id.with_user(self.agent)
        conversation.action_link(partner_id=partner.id)
        note = conversation.note_window_ids.sudo().mail_message_id
        self.assertIn("4242-4242", note.body)
        self.old(message)
        self.erase()
        self.env["messaging.conversation"].sudo()._write_next_notes()
        self.assertNotIn("4242-4242", note.body)
        self.assertIn("[message erased]", note.body)

    # what stays

    def test_counters_and_waiting_stay(self):
        message = self.receive("Hello?")
        conversation = message.conversation_id.with_user(self.agent)
        names = ["last_message_id", "last_message_at", "waiting_message_id"]
        names += ["waiting_since", "last_inbound_message_id", "unread_count"]
        self.old(message)
        before = conversation.read(names)
        self.erase()
        self.assertEqual(conversation.read(names), before)
        conversation.sudo()._update_waiting()
        self.assertEqual(conversation.waiting_message_id, message.id)
        [row] = conversation.inbox_rows(conversation.ids)
        self.assertTrue(row["preview"]["unsent"])

    def test_queued_and_scheduled_messages_are_not_erased(self):
        conversation = self.conversation()
        queued = self.old(self.message(conversation.reply("Soon")))
        conversation.action_schedule(
            self.now + timedelta(hours=1), "Later", client_uuid="x"
        )
        scheduled = self.env["messaging.scheduled"].search([])
        self.erase()
        self.assertEqual((queued.body, scheduled.body), ("Soon", "Later"))
        self.send_queued(accepted())
        self.erase()
        self.assertFalse(queued.body)

    def test_the_state_and_quotes_stay(self):
        message = self.receive("Question")
        conversation = message.conversation_id.with_user(self.agent)
        answer = self.message(conversation.reply("Answer", reply_to_id=message.id))
        self.send_queued(accepted())
        self.old(message + answer)
        self.erase()
        self.assertEqual((answer.state, answer.reply_to_id), ("sent", message))
        [value] = answer._inbox_values(answer.ids)
        self.assertEqual(value["reply_to"]["body"], "")
        self.assertEqual(value["author_id"], self.agent.id)

    # what comes late

    def test_a_redelivery_neither_restores_nor_doubles(self):
        written = self.written("Secret")
        self.ingest(written)
        message = self.old(self.found(written))
        self.erase()
        self.ingest(written)
        self.assertEqual(self.found(written), message)
        self.assertFalse(message.body)

    def test_late_events_bring_no_content_back(self):
        message = self.old(self.receive("One"))
        self.erase()
        named = {"message_id": message.provider_message_id, "occurred_at": self.now}
        self.ingest(self.event("MessageEdited", text="Two", **named))
        self.ingest(self.event("Reacted", emoji="👍", **named))
        self.assertFalse(message.body)
        self.assertEqual(message.data, {"unsent": True, "erased": "retention"})

    def test_a_late_status_moves_the_state_without_its_words(self):
        message = self.old(self.sent(body="Your code is 4242-4242"))
        self.erase()
        name = message.provider_message_id
        status = {
            "status": "failed",
            "error_detail": "4242-4242",
            "data": {"played": True},
        }
        self.ingest(self.event("StatusChanged", message_id=name, **status))
        self.assertRecordValues(
            message,
            [
                {
                    "state": "failed",
                    "error_detail": False,
                    "data": {"unsent": True, "erased": "retention"},
                }
            ],
        )
        with self.assertRaises(UserError):
            message.with_user(self.agent).action_retry()
        [value] = message.conversation_id._message_values(message)
        self.assertFalse(value["can_retry"])

    # files and failed webhooks

    def test_files_may_be_kept_shorter_than_messages(self):
        self.whatsapp.write({"files_kept": 7, "files_kept_unit": "days"})
        message = self.old(self.receive("Look"), days=8)
        file = self.with_file(message)
        young = self.old(self.receive(), days=6)
        other = self.with_file(young)
        self.erase()
        self.assertFalse(file.exists())
        self.assertTrue(other.exists())
        self.assertEqual((message.body, message.file_names), ("Look", False))
        self.assertEqual(message.data, {"files_erased": 1})

    def receipt(self, **age):
        receipt = self.ingest(BadEvent("No sender."))
        self.env.cr.execute(
            "UPDATE messaging_receipt SET create_date = %s WHERE id = %s",
            [self.ago(**age), receipt.id],
        )
        return receipt

    def test_failed_webhooks_are_kept_for_the_shortest_time(self):
        self.sms.write({"webhooks_kept": 3, "webhooks_kept_unit": "days"})
        gone, kept = self.receipt(days=4), self.receipt(days=2)
        self.erase()
        self.assertEqual((gone.state, gone.body_stored), ("done", False))
        self.assertIn("limited time", gone.error)
        self.assertEqual(kept.state, "failed")
        self.assertTrue(kept.body_stored)

    def test_failed_webhooks_go_at_the_latest_with_messages(self):
        gone, kept = self.receipt(days=31), self.receipt(days=29)
        self.erase()
        self.assertEqual((gone + kept).mapped("state"), ["done", "failed"])

    # batches

    def test_a_run_erases_many_batches(self):
        messages = self.env["messaging.message"].union(
            *(self.old(self.receive(f"Text {n}")) for n in range(5))
        )
        self.patch_batch(2)
        self.erase()
        self.assertFalse(any(messages.mapped("body")))

    def patch_batch(self, number):
        self.startPatcher(patch.object(erasing, "BATCH", number))

    def test_it_continues_when_its_time_is_over(self):
        self.old(self.receive())
        cron = self.env.ref("messaging_inbox.ir_cron_erase")
        due = [("cron_id", "=", cron.id)]
        triggers = self.env["ir.cron.trigger"]
        triggers.search(due).unlink()
        answers = iter([True])
        limit = retention.time_limit
        has_time = patch.object(limit, "has_time_for", lambda _s: next(answers, False))
        with has_time:
            self.erase()
        self.assertEqual(triggers.search_count(due), 1)

    def test_a_message_that_fails_does_not_block_the_others(self):
        bad, good = self.old(self.receive("Bad")), self.old(self.receive("Good"))
        original = type(bad)._delete_files

        def delete(messages):
            if bad in messages:
                raise ValueError
            return original(messages)

        with (
            patch.object(type(bad), "_delete_files", delete),
            self.assertLogs("odoo.addons.messaging_inbox.tools.work_queue") as logs,
        ):
            self.erase()
        self.assertTrue(logs.output)
        self.assertEqual((bad.body, good.body), ("Bad", False))

    # the setting

    def test_only_administrators_set_it(self):
        wanted = {"messages_kept": 1, "messages_kept_unit": "days"}
        for user in (self.agent, self.manager, self.installer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.whatsapp.with_user(user).write(wanted)
        self.whatsapp.with_user(self.system).write(wanted)
        self.assertTrue(self.whatsapp.with_user(self.system).may_set_kept)
        self.assertFalse(self.whatsapp.with_user(self.manager).may_set_kept)

    def test_a_manager_cannot_lift_it(self):
        with self.assertRaises(AccessError):
            self.whatsapp.with_user(self.manager).write({"messages_kept_unit": False})

    def test_a_manager_still_makes_and_edits_channels(self):
        manager = new_test_user(
            self.env, "boss", groups="sales_team.group_sale_manager"
        )
        self.whatsapp.with_user(manager).name = "Sales"
        self.assertEqual(self.whatsapp.name, "Sales")

    def test_impossible_times_are_refused(self):
        for number, unit in ((0, "days"), (-1, "months"), (121, "months")):
            values = {"files_kept": number, "files_kept_unit": unit}
            with self.subTest(values), self.assertRaises(ValidationError):
                self.whatsapp.write(values)

    def test_past_messages_are_not_fetched_from_before(self):
        self.whatsapp._ask_history(365)
        since = self.whatsapp.sudo().history_since
        self.assertGreater(since, self.ago(days=31))

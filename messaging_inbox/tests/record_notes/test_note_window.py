from datetime import datetime, timedelta

from odoo.tests import TransactionCase

from ...models.record_notes import conversation as note_conversation
from .note_case import START, NoteMixin


class TestNoteWindow(NoteMixin, TransactionCase):
    """24 hours of a conversation are one note."""

    def setUp(self):
        super().setUp()
        self.thread.action_link(partner_id=self.partner.id)

    def windows(self):
        return self.env["messaging.note.window"].search([], order="id")

    def reply(self, body):
        self.thread.sudo().last_inbound_at = START + timedelta(days=9)
        self.thread.reply(body)
        self.write_notes()

    # time

    def test_inbound_and_outbound_messages_share_a_note(self):
        self.at(hours=1)
        self.say("In")
        self.reply("Out")
        self.assertEqual(self.texts(), [["Before", "In", "Out"]])

    def test_an_empty_text_says_so(self):
        self.at(hours=1)
        self.say("")
        self.assertEqual(self.texts(), [["Before", "(empty message)"]])

    def test_the_last_second_of_the_24_hours_is_included(self):
        self.at(hours=24, seconds=-1)
        self.say("Same")
        self.assertEqual(self.texts(), [["Before", "Same"]])

    def test_after_24_hours_a_new_note_begins(self):
        self.at(hours=24)
        self.say("Next")
        self.at(hours=48, seconds=-1)
        self.say("Still")
        self.at(hours=48)
        self.reply("After")
        self.assertEqual(self.texts(), [["Before"], ["Next", "Still"], ["After"]])

    def test_24_hours_stay_24_hours_across_clock_changes(self):
        self.agent.tz = "Europe/Madrid"
        for evening in (datetime(2026, 3, 28, 20), datetime(2026, 10, 24, 20)):
            self.thread.action_unlink_partner()
            self.clock.move_to(evening)
            self.thread.action_link(partner_id=self.partner.id)
            linked = len(self.windows())
            for seconds, more in ((-1, 0), (0, 1)):
                with self.subTest(evening=evening, seconds=seconds):
                    self.clock.move_to(evening + timedelta(days=1, seconds=seconds))
                    self.say("More")
                    self.assertEqual(len(self.windows()), linked + more)

    def test_a_window_opened_by_a_message_starts_with_it(self):
        self.at(hours=30)
        message = self.say("Next")
        first, second = self.windows()
        self.assertEqual(first.started_at, START)
        self.assertEqual(second.started_at, message.sent_at)
        self.assertEqual((first.state, second.state), ("closed", "open"))

    def test_the_time_of_the_message_decides_not_the_time_of_writing(self):
        self.at(hours=23)
        self.receive("In time")
        self.at(hours=30)
        self.write_notes()
        self.assertEqual(self.texts(), [["Before", "In time"]])

    def test_a_late_message_is_sorted_by_time_into_a_running_note(self):
        self.at(hours=2)
        self.say("Later")
        self.say_late("Early", START - timedelta(hours=5))
        self.assertEqual(self.texts(), [["Early", "Before", "Later"]])

    def test_a_late_message_opens_its_own_note_when_none_is_running(self):
        self.at(hours=30)
        self.say_late("Early", START - timedelta(hours=5))
        self.assertEqual(self.texts(), [["Before"], ["Early"]])
        self.assertEqual(self.windows()[1].started_at, START - timedelta(hours=5))

    def test_later_notes_keep_the_author_of_the_link(self):
        self.at(hours=30)
        self.say("Next")
        self.assertEqual(self.notes().author_id, self.agent.partner_id)

    # writing

    def test_a_burst_is_written_at_once(self):
        self.receive("one")
        self.receive("two")
        self.receive("three")
        self.assertEqual(self.write_notes(), 1)
        self.assertEqual(self.write_notes(), 0)
        self.assertEqual(self.texts(), [["Before", "one", "two", "three"]])

    def test_a_burst_wakes_the_cron_once(self):
        cron = self.env.ref("messaging_inbox.ir_cron_write_notes")
        domain = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(domain)
        self.receive("one")
        self.receive("two")
        self.assertEqual(self.env["ir.cron.trigger"].search_count(domain), before + 1)

    def test_a_pending_trigger_serves_other_conversations_too(self):
        for other in self.customers(3):
            other.action_link(partner_id=self.partner.id)
        self.write_notes()
        cron = self.env.ref("messaging_inbox.ir_cron_write_notes")
        calls = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        calls.unlink()
        for conversation in self.env["messaging.conversation"].search([]):
            self.receive("More", sender=conversation.contact_phone)
        self.assertEqual(len(calls.search([("cron_id", "=", cron.id)])), 1)

    def test_the_cron_writes_in_rounds_without_skipping_a_conversation(self):
        other = self.conversation("Other", sender="+34622222222")
        other.action_link(partner_id=self.partner.id)
        model, rests, done = type(self.env["messaging.conversation"]), [], []
        original = model._write_notes

        def written(conversations):
            done.append(conversations.contact_phone)
            result = original(conversations)
            if len(done) < 5 and conversations == self.thread:
                # This customer never stops writing.
                self.thread._request_notes()
            return result

        self.patch(note_conversation, "TOGETHER", 1)
        self.patch(note_conversation.time, "sleep", rests.append)
        self.patch(model, "_write_notes", written)
        (self.thread | other)._request_notes()
        self.run_cron("write_notes")
        first, second = self.thread.contact_phone, other.contact_phone
        self.assertEqual(done, [first, second, first, first, first])
        self.assertEqual(rests, [note_conversation.PACE] * 3)

    def test_a_run_ends_in_time_for_other_crons_and_triggers_the_next(self):
        self.receive("More")
        other = self.conversation("Other", sender="+34622222222")
        other.action_link(partner_id=self.partner.id)
        self.receive("More of it", sender="+34622222222")
        self.patch(note_conversation, "TOGETHER", 1)
        conversations = self.env["messaging.conversation"].sudo()
        reported = []
        self.patch(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda _cron, done: reported.append(done),
        )
        calls = self.env["ir.cron.trigger"].search_count([])
        conversations.with_context(cron_end_time=0)._cron_write_notes()
        self.assertEqual(self.texts(), [["Before", "More"], ["Other"]])
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), calls + 1)
        conversations.with_context(cron_end_time=0)._cron_write_notes()
        self.assertEqual(self.texts(), [["Before", "More"], ["Other", "More of it"]])
        self.assertEqual(reported, [1, 1])

    def test_the_cron_writes_due_notes(self):
        self.receive("More")
        self.run_cron("write_notes")
        self.assertEqual(self.texts(), [["Before", "More"]])

    def test_one_bad_note_does_not_stop_the_others(self):
        other = self.conversation("Other", sender="+34622222222")
        other.action_link(partner_id=self.partner.id)
        self.receive("More")
        self.receive("More of it", sender="+34622222222")
        model = type(self.env["messaging.conversation"])
        original = model._write_notes

        def fault(conversation):
            if conversation.id == self.thread.id:
                raise RuntimeError
            return original(conversation)

        self.patch(model, "_write_notes", fault)
        with self.assertLogs("odoo.addons.messaging_inbox", "ERROR"):
            self.write_notes()
        self.assertEqual(self.texts(), [["Before"], ["Other", "More of it"]])
        self.patch(model, "_write_notes", original)
        self.say("And now")
        self.assertEqual(self.texts()[0], ["Before", "More", "And now"])

    def test_the_assignee_is_updated_while_the_window_runs(self):
        self.thread.action_assign(self.colleague.id)
        self.write_notes()
        self.assertIn("Assigned to: Colleague", self.notes().body)
        self.thread.action_unassign()
        self.write_notes()
        self.assertIn("Assigned to: Unassigned", self.notes().body)
        self.at(hours=24)
        self.thread.action_assign(self.agent.id)
        self.write_notes()
        self.assertIn("Assigned to: Unassigned", self.notes().body)

    def test_a_long_window_shows_its_latest_two_hundred_and_links_to_the_rest(self):
        for number in range(205):
            self.receive(f"m{number}")
        self.write_notes()
        [note] = self.notes()
        self.assertEqual(self.texts(), [[f"m{n}" for n in range(5, 205)]])
        self.assertRegex(
            note.body, rf'href="/odoo/messaging/{self.thread.id}">6 earlier messages'
        )

    def test_a_message_costs_the_same_whatever_the_length_of_its_note(self):
        def cost():
            self.receive("One more")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["messaging.conversation"]._write_next_notes()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def say(many):
            for number in range(many):
                self.receive(f"m{number}")
            self.write_notes()

        cost()
        few = cost()
        say(100)
        self.assertEqual(cost(), few)
        say(300)
        full, size = cost(), len(self.notes().body)
        say(300)
        self.assertEqual(cost(), full)
        self.assertLess(abs(len(self.notes().body) - size), 200)
        # Dropping the oldest line rewrites the whole note.
        self.assertLessEqual(full, few + 2)

    def test_the_latest_message_is_appended(self):
        for number in range(30):
            self.receive(f"m{number}")
        self.write_notes()
        rendered = self.rendered()
        before = self.notes().body
        self.say("The last")
        self.assertEqual(rendered, ["The last"])
        self.assertEqual(self.texts()[0][-3:], ["m28", "m29", "The last"])
        self.assertTrue(
            self.notes().body.startswith(before.removesuffix("</ul></div>"))
        )

    def test_a_changed_head_rewrites_the_whole_note(self):
        for what, change in (
            ("assignee", lambda: self.thread.action_assign(self.colleague.id)),
            ("time zone", lambda: self.agent.write({"tz": "Asia/Tokyo"})),
            ("name", lambda: self.receive("I am Ana María", ProfileName="Ana María")),
        ):
            with self.subTest(what):
                change()
                rendered = self.rendered()
                self.say(f"New {what}", ProfileName=None)
                self.assertEqual(rendered, *self.texts())
        for words in ("Ana María</strong>: Before", "Colleague", "Asia/Tokyo"):
            self.assertIn(words, self.notes().body)

    def test_a_refresh_that_changes_nothing_writes_nothing(self):
        before = self.notes().write_date
        self.at(hours=1)
        self.thread._request_notes()
        rendered = self.rendered()
        self.assertEqual(self.write_notes(), 1)
        self.assertEqual((rendered, self.notes().write_date), ([], before))

    def rendered(self):
        """Return a list that collects the text of each message as it is rendered."""
        texts, model = [], type(self.env["messaging.message"])
        original = model._line

        def line(message):
            texts.append(message.body)
            return original(message)

        self.patch(model, "_line", line)
        return texts

    def test_ten_conversations_need_as_many_queries_as_one(self):
        others = self.customers(10)
        for other in others:
            other.action_link(partner_id=self.partner.id)

        def cost(conversations):
            for conversation in conversations:
                self.receive("More", sender=conversation.contact_phone)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.write_notes()
            return self.env.cr.sql_log_count - before

        cost(others)
        self.assertEqual(cost(others), cost(others[:1]))

    def test_a_link_adds_few_queries_to_a_webhook(self):
        self.receive("Warm", sender="+34622222222")

        def cost(**fields):
            form = self.inbound_form("Hello", **fields)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.process(form)
            return self.env.cr.sql_log_count - before

        cost()
        cost(sender="+34622222222")
        self.assertEqual(cost(), cost(sender="+34622222222"))
        self.write_notes()
        self.assertLessEqual(cost(), cost(sender="+34622222222") + 1)

    # two links

    def test_contact_and_deal_have_their_own_windows(self):
        self.at(hours=12)
        self.thread.action_link(lead_id=self.deal.id)
        self.at(hours=30)
        self.say("Next")
        self.assertEqual(self.texts(), [["Before"], ["Next"]])
        self.assertEqual(self.texts(self.deal), [["Before", "Next"]])

    def test_unlinking_leaves_the_note_as_it_is(self):
        self.thread.action_unlink_partner()
        self.say("After")
        self.thread.action_assign(self.agent.id)
        self.write_notes()
        self.assertEqual(self.texts(), [["Before"]])
        self.assertEqual(self.windows().state, "closed")
        self.assertIn("Assigned to: Unassigned", self.notes().body)

    def test_a_message_just_before_unlinking_is_in_the_note(self):
        self.receive("Just before")
        self.thread.action_unlink_partner()
        self.assertEqual(self.texts(), [["Before", "Just before"]])

    def test_linking_again_begins_a_new_note(self):
        self.thread.action_unlink_partner()
        self.receive("Between")
        self.thread.action_link(partner_id=self.partner.id)
        self.say("After")
        self.assertEqual(self.texts(), [["Before"], ["Before", "Between", "After"]])

    def test_linking_another_record_leaves_the_old_note(self):
        other = self.partner.copy()
        self.thread.action_link(partner_id=other.id)
        self.say("After")
        self.assertEqual(self.texts(), [["Before"]])
        self.assertEqual(self.texts(other), [["Before", "After"]])

    def test_the_same_link_again_writes_no_second_note(self):
        self.thread.action_link(partner_id=self.partner.id)
        self.assertEqual(len(self.notes()), 1)

    def test_a_conversation_linked_without_hooks_gets_its_note_with_the_next_message(
        self,
    ):
        deal = self.deal.copy()
        self.thread.sudo()._store({"lead_id": deal.id})
        self.say("Now")
        self.assertEqual(self.texts(deal), [["Before", "Now"]])

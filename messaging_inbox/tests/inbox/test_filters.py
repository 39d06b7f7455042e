from odoo.exceptions import UserError

from ..common import MessagingCase
from ..scripted import refused


class TestFilters(MessagingCase):
    """The list shows who waits, what is unread and what failed, in two orders."""

    def setUp(self):
        super().setUp()
        self.inbox = self.env["messaging.conversation"].with_user(self.agent)

    def listed(self, **options):
        page = self.inbox.inbox_list("unassigned", channel_id=self.sms.id, **options)
        return [row["id"] for row in page["rows"]]

    def test_unanswered_ones_are_those_whose_customers_wait(self):
        answered, waiting = self.customers(2, channel=self.sms)
        answered.reply("Yes")
        waiting.action_mark_read()
        self.assertEqual(self.listed(filters={"unanswered": True}), waiting.ids)

    def test_unread_ones_are_those_that_i_have_not_read(self):
        read, unread = self.customers(2, channel=self.sms)
        read.action_mark_read()
        unread.with_user(self.colleague).action_mark_read()
        self.assertEqual(self.listed(filters={"unread": True}), unread.ids)

    def test_failed_ones_are_those_whose_last_reply_failed(self):
        failed, recovered, _none = self.customers(3, channel=self.sms)
        for conversation in (failed, recovered):
            conversation.reply("Yes")
            self.send_queued(refused(400, 30005))
        recovered.reply("Once more")
        self.assertEqual(self.listed(filters={"failed": True}), failed.ids)
        rows = self.inbox.inbox_rows((failed | recovered).ids)
        shown = {row["id"]: row["has_failed"] for row in rows}
        self.assertEqual(shown, {failed.id: True, recovered.id: False})

    def test_filters_add_up(self):
        both, waiting = self.customers(2, channel=self.sms)
        waiting.action_mark_read()
        found = self.listed(filters={"unanswered": True, "unread": True})
        self.assertEqual(found, both.ids)

    def test_a_wrong_filter_is_named(self):
        wrong = {
            "Unknown filter “spam”": {"filters": {"spam": True}},
            "Invalid value for “unread”": {"filters": {"unread": "yes"}},
            "Invalid value for “filters”": {"filters": ["unread"]},
            "Invalid value for “order”": {"order": "contact_name"},
        }
        for sentence, options in wrong.items():
            with self.assertRaisesRegex(UserError, sentence):
                self.listed(**options)

    def test_the_longest_wait_comes_first_on_all_pages(self):
        first, answered, older, second, third = self.customers(5, channel=self.sms)
        for conversation in (older, answered):
            conversation.reply("Yes")
        self.receive("Still there?", sender=first.contact_phone, channel=self.sms)
        pages, before = [], False
        while True:
            page = self.inbox.inbox_list(
                "unassigned",
                channel_id=self.sms.id,
                before=before,
                limit=2,
                order="waiting",
            )
            pages += [row["id"] for row in page["rows"]]
            if not page["has_more"]:
                break
            before = page["cursor"]
        expected = first + second + third + answered + older
        self.assertEqual(pages, expected.ids)

    def test_counters_tell_how_many_wait_in_each_section(self):
        before = self.inbox.inbox_counters()["waiting"]
        mine, _nobodys, closed = self.customers(3, channel=self.sms)
        mine.action_assign(self.agent.id)
        mine.action_mark_read()
        closed.action_close()
        after = self.inbox.inbox_counters()["waiting"]
        growth = {name: after[name] - before[name] for name in after}
        self.assertEqual(growth, {"mine": 1, "unassigned": 1, "others": 0})

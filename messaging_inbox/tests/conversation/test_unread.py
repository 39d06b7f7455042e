from ..common import AGENT, MessagingCase


class TestUnread(MessagingCase):
    """Unread messages and the counters of conversations."""

    def setUp(self):
        super().setUp()
        self.inbox = self.env["messaging.conversation"].with_user(self.agent)

    def test_unread_counts_messages_after_my_read_marker(self):
        conversation = self.conversation()
        self.receive()
        self.assertEqual(conversation.unread_count, 2)
        conversation.action_mark_read()
        self.assertEqual(conversation.unread_count, 0)
        self.assertEqual(conversation.with_user(self.colleague).unread_count, 2)
        self.receive()
        self.assertEqual(conversation.unread_count, 1)

    def test_only_customers_messages_are_unread(self):
        conversation = self.conversation()
        conversation.action_mark_read()
        colleagues = conversation.with_user(self.colleague)
        colleagues.reply("Yes")
        colleagues.action_note("Between us")
        colleagues.action_assign(self.agent.id)
        self.assertEqual(conversation.unread_count, 0)

    def test_mark_unread_counts_the_last_message_of_the_customer(self):
        conversation = self.conversation()
        self.receive()
        conversation.reply("Yes")
        conversation.action_mark_unread()
        self.assertEqual(conversation.unread_count, 1)

    def test_messages_from_before_i_became_an_agent_are_not_unread(self):
        self.receive()
        conversation = self.conversation()
        newcomer = self._user("newcomer", AGENT)
        self.assertEqual(conversation.with_user(newcomer).unread_count, 0)
        self.receive()
        self.assertEqual(conversation.with_user(newcomer).unread_count, 1)

    def test_a_draft_does_not_mark_anything_read_or_unread(self):
        self.receive()
        newcomer = self._user("newcomer", AGENT)
        conversation = self.conversation("Second", user=newcomer)
        conversation.inbox_save_draft(conversation.id, "I began")
        self.assertEqual(conversation.unread_count, 1)

    def test_unread_counts_are_exact_up_to_99(self):
        conversation = self.conversation()
        for number in range(99):
            self.receive(str(number))
        self.assertEqual(conversation.unread_count, 100)
        self.receive("more")
        self.assertEqual(conversation.unread_count, 100)

    def test_counters_count_conversations_with_unread_by_section(self):
        before = self.inbox.inbox_counters()
        mine, read, theirs, closed, _nobodys = self.customers(5)
        mine.action_assign(self.agent.id)
        read.action_assign(self.agent.id)
        read.action_mark_read()
        theirs.action_assign(self.colleague.id)
        closed.action_close()
        after = self.inbox.inbox_counters()
        more = {
            name: after[name] - before[name]
            for name in ("mine", "unassigned", "others", "badge")
        }
        self.assertEqual(more, {"mine": 1, "unassigned": 1, "others": 1, "badge": 2})
        totals = {
            name: after["totals"][name] - before["totals"][name]
            for name in ("mine", "unassigned", "others")
        }
        self.assertEqual(totals, {"mine": 2, "unassigned": 1, "others": 1})

    def test_counters_leave_out_inaccessible_conversations(self):
        before = self.inbox.inbox_counters()
        self.conversation(channel=self.private)
        self.assertEqual(self.inbox.inbox_counters(), before)
        elsewhere = self.inbox.with_user(self.stranger).inbox_counters()
        self.assertEqual(elsewhere["badge"], 0)

from ..common import MessagingCase


class TestCost(MessagingCase):
    """The client's requests take a constant number of queries for any data."""

    def setUp(self):
        super().setUp()
        self.inbox = self.env["messaging.conversation"].with_user(self.agent)

    def test_each_request_takes_a_constant_number_of_queries(self):
        conversation = self.conversation()
        partner = self.env["res.partner"].create({"name": "Ana"})
        conversation.write({"partner_id": partner.id})
        questions = {
            "list": (lambda: self.inbox.inbox_list("unassigned"), 5),
            "search": (lambda: self.inbox.inbox_list(False, "an"), 8),
            "counters": (lambda: self.inbox.inbox_counters(), 11),
            "open": (lambda: self.inbox.inbox_open(conversation.id), 17),
            "messages": (
                lambda: self.inbox.inbox_messages(conversation.id, 10**9),
                8,
            ),
            "rows": (lambda: self.inbox.inbox_rows(conversation.ids), 5),
        }
        few = {
            name: self.warm_queries(ask) for name, (ask, _exact) in questions.items()
        }
        self.grow(conversation)
        for name, (ask, exact) in questions.items():
            with self.subTest(name):
                self.assertEqual((few[name], self.warm_queries(ask)), (exact, exact))

    def grow(self, conversation):
        """Add conversations, and messages of all kinds to this one."""
        self.customers(30)
        for number in range(20):
            self.receive(str(number))
        conversation.reply("Look", self.attachment(conversation).ids)
        conversation.action_assign(self.colleague.id)
        conversation.action_unassign()
        for user in (self.agent, self.colleague, self.manager):
            conversation.with_user(user).action_note("Between us")

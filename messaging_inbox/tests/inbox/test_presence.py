from odoo.exceptions import AccessError, UserError

from ..common import MessagingCase


class TestPresence(MessagingCase):
    """Colleagues hear who has a conversation open; nothing is stored."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()
        self.inbox = self.env["messaging.conversation"].with_user(self.agent)

    def report(self, state="viewing", **options):
        return self.inbox.inbox_presence(self.thread.id, state, **options)

    def test_those_who_hear_of_the_channel_hear_of_it(self):
        self.bus()
        self.report("typing", is_new=True, at=5)
        [(target, payload)] = self.bus("presence")
        self.assertEqual(target[1:3], ["messaging.channel", self.whatsapp.id])
        self.assertEqual(
            payload,
            {
                "conversation_id": self.thread.id,
                "user_id": self.agent.id,
                "state": "typing",
                "is_new": True,
                "at": 5,
            },
        )

    def test_a_hidden_conversation_is_refused(self):
        self.inbox = self.inbox.with_user(self.stranger)
        with self.assertRaises(AccessError):
            self.report()

    def test_bad_values_get_an_error(self):
        for state, options in [
            ("here", {}),
            (5, {}),
            ("viewing", {"is_new": 1}),
            ("gone", {"at": "x"}),
        ]:
            with self.subTest(state=state, **options), self.assertRaises(UserError):
                self.report(state, **options)

    def test_a_report_takes_a_constant_number_of_queries(self):
        self.assertEqual(self.warm_queries(self.report), 4)

"""Event × relation × switch × method: each of the eight switches on its own."""

from ...models.notifications.res_users_settings import (
    KINDS,
    SWITCHES,
)
from ..common import CUSTOMER
from ..ingest.event_case import EventCase
from .notification_case import NotificationCase

RELATIONS = ("mine", "others", "unassigned")
EVERY_SWITCH = [name.removeprefix("messaging_notify_") for name in SWITCHES]


class TestNotificationTable(NotificationCase):
    def setUp(self):
        super().setUp()
        self.device(self.agent)

    def related(self, relation):
        """Return a new customer's conversation in this relation to the agent."""
        conversation = self.customers(1)
        assignees = {"mine": self.agent, "others": self.colleague}
        if relation in assignees:
            conversation.with_user(self.manager).action_assign(assignees[relation].id)
        for user in (self.agent, self.colleague):
            conversation.with_user(user).action_mark_read()
            conversation.with_user(user).inbox_open(conversation.id)
        self.settle()
        return conversation

    def raised(self, relation, event):
        """Return {switch: {method: count of notifications}} with only it on."""
        counts = {}
        for switch in EVERY_SWITCH:
            conversation = self.related(relation)
            self.ask_for(self.agent, switch)
            event(conversation)
            self.wait()
            mails, pushes = self.take_mails(self.agent), len(self.pushes(self.agent))
            self.assertFalse(self.take_mails())
            counts[switch] = {"email": mails, "desktop": pushes}
        return counts

    def check(self, relation, event, kind=None):
        """Check for one notification with the kind's switch on, none with any other."""
        for switch, counts in self.raised(relation, event).items():
            with self.subTest(relation, switch=switch):
                expected = {"email": 0, "desktop": 0}
                if kind and switch.startswith(f"{kind}_"):
                    expected[switch.rpartition("_")[2]] = 1
                self.assertEqual(counts, expected)

    def test_the_switches_are_four_kinds_by_two_methods(self):
        self.assertEqual(
            {switch.partition("_")[0] for switch in EVERY_SWITCH}, {*KINDS}
        )

    def test_a_message_notifies_by_the_users_relation_to_the_conversation_only(self):
        for relation in RELATIONS:
            self.check(relation, self.write_to, relation)

    def write_to(self, conversation, **fields):
        self.receive(sender=conversation.contact_phone, **fields)

    def test_a_file_is_a_message_like_any_other(self):
        def send_file(conversation):
            self.process(
                self.media_form("image/png", sender=conversation.contact_phone)
            )

        self.check("mine", send_file, "mine")

    def test_a_message_that_reopens_notifies_the_assignee(self):
        def reopen(conversation):
            conversation.action_close()
            self.settle()
            self.write_to(conversation)

        self.check("mine", reopen, "mine")
        self.check("unassigned", reopen, "unassigned")

    def test_an_assignment_by_another_user_notifies_by_its_own_switch_only(self):
        def assign(conversation):
            conversation.with_user(self.manager).action_assign(self.agent.id)

        for relation in ("others", "unassigned"):
            self.check(relation, assign, "assigned")

    def test_an_assignment_of_a_closed_conversation_notifies_too(self):
        def assign(conversation):
            conversation.action_close()
            conversation.with_user(self.manager).action_assign(self.agent.id)

        self.check("unassigned", assign, "assigned")

    def test_events_that_never_notify(self):
        events = {
            "given to another": lambda c: c.action_assign(self.installer.id),
            "unassigned": lambda c: c.action_unassign(),
            "answered": lambda c: self.sent(c),
            "noted": lambda c: c.action_note("Between us"),
            "closed": lambda c: c.action_close(),
            "reopened": lambda c: (c.action_close(), c.action_reopen()),
            "delivered": self.deliver,
            "taken": lambda c: c.with_user(self.agent).action_assign(self.agent.id),
        }
        for name, event in events.items():
            for relation in RELATIONS:
                with self.subTest(name, relation=relation):
                    self.ask_for(self.agent)
                    conversation = self.related(relation)
                    self.ask_for(self.agent, *EVERY_SWITCH)
                    event(conversation.with_user(self.colleague))
                    self.wait()
                    self.assertEqual((self.take_mails(), self.pushes()), (0, []))

    def deliver(self, conversation):
        message = self.sent(conversation)
        self.process(self.status_form(message.provider_message_id, "delivered"))

    def test_a_duplicate_does_not_notify(self):
        conversation = self.related("mine")
        form = self.inbound_form(sender=conversation.contact_phone)
        self.process(form)
        self.settle()
        conversation.action_mark_read()
        self.ask_for(self.agent, *EVERY_SWITCH)
        self.process(form)
        self.wait()
        self.assertEqual((self.take_mails(), self.pushes()), (0, []))

    def test_a_replay_does_not_notify_even_after_an_assignment(self):
        form = self.inbound_form(To="whatsapp:+34699999999")
        self.process(form)
        self._channel("whatsapp", "+34699999999")
        self.ask_for(self.agent, "mine_desktop", "unassigned_desktop", "mine_email")
        receipt = self.env["messaging.receipt"].search([("state", "=", "failed")])
        receipt.with_user(self.installer).action_replay()
        conversation = self.message_of(form).conversation_id
        self.assertFalse(conversation.notifications_due)
        conversation.with_user(self.manager).action_assign(self.agent.id)
        self.notify()
        self.wait()
        self.assertEqual((self.take_mails(), self.pushes()), (0, []))

    def test_a_private_channel_notifies_only_its_installer(self):
        for user in (self.agent, self.manager, self.installer):
            self.ask_for(user, *EVERY_SWITCH)
        self.receive(channel=self.private)
        self.wait()
        self.assertEqual(self.take_mails(self.installer), 1)
        self.assertEqual((self.take_mails(), self.pushes()), (0, []))

    def test_users_of_another_company_are_not_notified(self):
        self.device(self.stranger)
        self.ask_for(self.stranger, *EVERY_SWITCH)
        self.receive()
        self.wait()
        self.assertEqual((self.take_mails(), self.pushes()), (0, []))


class TestNotificationEvents(EventCase, NotificationCase):
    """Provider events other than a customer's new message do not notify."""

    def setUp(self):
        super().setUp()
        self.device(self.agent)
        written = self.written()
        self.ingest(written)
        self.message_id = written.message_id
        self.settle()
        self.env["messaging.notification"].search([]).unlink()
        self.ask_for(self.agent, *EVERY_SWITCH)
        self.bus()

    def check_silence(self, *happened):
        self.ingest(*happened)
        heard = [payload["arrived"] for _channel, payload in self.bus("changed")]
        self.assertTrue(heard)
        self.assertFalse(any(heard))
        self.wait()
        self.assertEqual((self.take_mails(), self.pushes()), (0, []))

    def test_an_echo_of_a_message_sent_elsewhere(self):
        self.check_silence(self.echo())

    def test_an_echo_that_starts_a_conversation(self):
        self.check_silence(self.echo(external_ids=("+34622222222",)))

    def test_a_reaction_an_edit_and_an_unsent_message(self):
        which = {"message_id": self.message_id}
        for happened in (
            self.event("Reacted", emoji="\u2764", **which),
            self.event("MessageEdited", text="Hello you", **which),
            self.event("MessageUnsent", **which),
        ):
            with self.subTest(type(happened).__name__):
                self.check_silence(happened)

    def test_a_message_next_to_an_echo_notifies(self):
        """Prove that the tests above would have caught a notification."""
        self.ingest(self.echo(), self.written(external_ids=(CUSTOMER,)))
        heard = [payload["arrived"] for _channel, payload in self.bus("changed")]
        self.assertEqual(len(sum(heard, [])), 1)
        self.wait()
        self.assertEqual((self.take_mails(), len(self.pushes())), (1, 1))

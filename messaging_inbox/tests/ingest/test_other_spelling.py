from unittest.mock import patch

from ..common import CUSTOMER
from .event_case import EventCase

BRAZIL = "+5511961234567", "+551161234567"
MEXICO = "+5215512345678", "+525512345678"
ARGENTINA = "+5491123456789", "+541123456789"


class TestOtherSpelling(EventCase):
    """A customer writes from another number of the phone to which we wrote."""

    def said(self, number, **values):
        event = self.written(external_ids=(number,), **values)
        self.assertFalse(self.ingest(event))
        return self.found(event).conversation_id

    def numbers(self, conversation):
        return conversation.identity_ids.sorted("id").mapped("external_id")

    def test_both_numbers_lead_to_one_conversation_whichever_came_first(self):
        for pair in (BRAZIL, MEXICO, ARGENTINA):
            for first, second in (pair, pair[::-1]):
                with self.subTest(first):
                    conversation = self.said(first)
                    self.assertEqual(self.said(second), conversation)
                    self.assertEqual(self.numbers(conversation), [first, second])
                    self.assertEqual(self.said(first), conversation)
                    self.assertEqual(self.said(second), conversation)
                    conversation.with_user(self.installer).unlink()

    def test_both_numbers_in_one_request_make_one_conversation(self):
        events = [self.written(external_ids=(number,)) for number in BRAZIL]
        self.assertFalse(self.ingest(*events))
        self.assertEqual(*(self.found(event).conversation_id for event in events))

    def test_a_request_that_also_has_other_events_finds_it(self):
        conversation = self.said(BRAZIL[0])
        event = self.written(external_ids=BRAZIL[1:])
        status = self.event("StatusChanged", message_id="SMx", status="delivered")
        self.ingest(event, status)
        self.assertEqual(self.found(event).conversation_id, conversation)

    def test_an_echo_finds_it_too(self):
        conversation = self.said(BRAZIL[0])
        event = self.echo(external_ids=BRAZIL[1:])
        self.ingest(event)
        self.assertEqual(self.found(event).conversation_id, conversation)

    def test_an_id_that_is_no_number_comes_along(self):
        conversation = self.said(BRAZIL[0])
        event = self.written(external_ids=(BRAZIL[1], "US.1234567890"))
        self.ingest(event)
        self.assertEqual(self.found(event).conversation_id, conversation)
        self.assertEqual(self.numbers(conversation)[1:], [BRAZIL[1], "US.1234567890"])

    def test_another_channel_has_its_own_conversation(self):
        conversation = self.said(BRAZIL[0])
        message = self.receive(sender=BRAZIL[1], channel=self.sms)
        self.assertNotEqual(message.conversation_id, conversation)

    def test_two_conversations_that_exist_stay_apart(self):
        conversations = self.said(BRAZIL[0]), self.said(CUSTOMER)
        identity = conversations[1].identity_ids
        identity.external_id = BRAZIL[1]
        self.assertEqual(self.said(BRAZIL[0]), conversations[0])
        self.assertEqual(self.said(BRAZIL[1]), conversations[1])

    # cost

    def statements(self, number, with_variants=True):
        """Return how many statements a message takes."""
        event = self.written(external_ids=(number,))
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        if with_variants:
            self.ingest(event)
        else:
            others = "odoo.addons.messaging_inbox.models.ingest.customers.others_of"
            with patch(others, lambda incoming: iter(())):
                self.ingest(event)
        return self.env.cr.sql_log_count - before

    def test_looking_for_the_other_numbers_costs_no_statement(self):
        self.said("+34611222333")
        plain = self.statements("+34611222334", with_variants=False)
        self.assertEqual(self.statements("+34611222335"), plain)
        self.assertEqual(self.statements("+5511961234570"), plain)
        known = self.statements("+34611222333", with_variants=False)
        self.assertEqual(self.statements("+34611222333"), known)
        self.said(BRAZIL[0])
        self.assertEqual(self.statements(BRAZIL[0]), known)

    def test_for_known_customers_no_other_number_is_looked_for(self):
        self.said(BRAZIL[0])
        asked = []
        Ingest = type(self.env["messaging.ingest"])
        original = Ingest._find_customers

        def find(ingest, messages, **options):
            asked.append(options)
            return original(ingest, messages, **options)

        self.patch(Ingest, "_find_customers", find)
        self.said(BRAZIL[0])
        self.assertEqual(asked, [{}])

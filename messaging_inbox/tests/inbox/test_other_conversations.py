from odoo.exceptions import AccessError

from ..common import CUSTOMER
from ..conversation.link_case import LinkCase


class TestOtherConversations(LinkCase):
    """The details show the same customer's other conversations."""

    def others(self, user=None):
        inbox = self.inbox.with_user(user or self.agent)
        return [row["id"] for row in inbox.inbox_other_conversations(self.thread.id)]

    def test_those_of_the_same_number_and_contact_are_found_newest_first(self):
        same_number = self.conversation(sender=CUSTOMER, channel=self.sms)
        same_contact = self.conversation(sender="+34612000009")
        self.conversation(sender="+34612000008")
        self.assertEqual(self.others(), same_number.ids)
        (self.thread | same_contact).write({"partner_id": self.partner.id})
        self.assertEqual(self.others(), (same_contact | same_number).ids)
        same_number.action_close()
        self.receive("Me again", sender=CUSTOMER, channel=self.sms)
        self.assertEqual(self.others(), (same_number | same_contact).ids)

    def test_hidden_ones_are_left_out(self):
        self.conversation(sender=CUSTOMER, channel=self.private)
        self.assertEqual(self.others(), [])
        self.assertEqual(len(self.others(self.installer)), 1)

    def test_a_hidden_conversation_has_no_others(self):
        for user in (self.stranger, self.employee):
            with self.assertRaises(AccessError):
                self.others(user)

    def test_they_take_a_constant_number_of_queries(self):
        self.thread.write({"partner_id": self.partner.id})
        self.conversation(sender=CUSTOMER, channel=self.sms)
        same_contact = self.conversation(sender="+34612000009")
        same_contact.write({"partner_id": self.partner.id})
        few = self.warm_queries(self.others)
        for number in range(5):
            other = self.conversation(sender=f"+3461200{number:04d}")
            other.write({"partner_id": self.partner.id})
        self.assertEqual(self.warm_queries(self.others), few)

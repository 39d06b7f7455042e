from odoo import fields

from ..common import CUSTOMER
from ..conversation.link_case import LinkCase


class TestCostOfPane(LinkCase):
    """The details pane takes a constant number of queries for any data."""

    def test_the_pane_takes_a_constant_number_of_queries(self):
        ask, id_ = self.inbox, self.thread.id
        self.thread.action_link(partner_id=self.partner.id, lead_id=self.deal.id)
        questions = {
            "details": (lambda: ask.inbox_details(id_), 26),
            "suggestions": (lambda: ask.inbox_suggestions(id_), 24),
            "contacts": (lambda: self.found("an"), 6),
            "deals": (lambda: self.found("611 11", "crm.lead"), 9),
            "contact": (lambda: ask.inbox_partner_defaults(id_), 17),
            "deal": (lambda: ask.inbox_lead_defaults(id_, "opportunity"), 24),
        }
        exact = {name: number for name, (_ask, number) in questions.items()}
        for size in (1, 10):
            self.grow(size)
            cost = {
                name: self.warm_queries(each) for name, (each, _) in questions.items()
            }
            self.assertEqual(cost, exact)

    def grow(self, number):
        """Add contacts, deals, tags, activities and messages."""
        today = fields.Date.context_today(self.agent)
        for index in range(number):
            tag = self.env["res.partner.category"].create({"name": str(index)})
            self.partner.category_id |= tag
            self.contact(f"Ana {index}", phone=CUSTOMER, email="ana@brico.example")
            self.make_deal(name="Another", partner_id=self.partner.id, phone=CUSTOMER)
            self.deal.activity_schedule("mail.mail_activity_data_call", today)
            self.receive("I am ana@brico.example")
            self.conversation(channel=self.sms).action_link(partner_id=self.partner.id)

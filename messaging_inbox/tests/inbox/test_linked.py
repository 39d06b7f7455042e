from odoo.exceptions import AccessError, UserError

from ..conversation.link_case import LinkCase


class TestLinked(LinkCase):
    """The conversations on the forms of contacts, leads and deals."""

    def linked(self, record, user=None):
        inbox = self.inbox.with_user(user or self.agent)
        return [row["id"] for row in inbox.inbox_linked(record._name, record.id)]

    def test_a_company_shows_its_contacts_conversations_the_newest_first(self):
        company = self.contact("Lamps Ltd", is_company=True)
        person = self.contact("Ana", parent_id=company.id)
        first = self.conversation(sender="+34612000001")
        second = self.conversation(sender="+34612000002")
        first.write({"partner_id": company.id})
        second.write({"partner_id": person.id})
        self.conversation("Again", sender="+34612000001")
        self.assertEqual(self.linked(company), [first.id, second.id])
        self.assertEqual(self.linked(person), second.ids)

    def test_a_deal_shows_its_conversations(self):
        lead = self.make_deal(name="Forty lamps")
        thread = self.conversation(sender="+34612000001")
        self.assertEqual(self.linked(lead), [])
        thread.write({"lead_id": lead.id})
        self.assertEqual(self.linked(lead), thread.ids)

    def test_hidden_conversations_are_left_out(self):
        partner = self.contact("Ana")
        hidden = self.conversation(sender="+34612000001", channel=self.private)
        hidden.sudo().partner_id = partner
        self.assertEqual(self.linked(partner), [])
        self.assertEqual(self.linked(partner, self.installer), hidden.ids)

    def test_only_those_who_may_read_the_record_and_the_inbox_may_ask(self):
        partner = self.contact("Ana")
        partner.sudo().company_id = self.other_company
        with self.assertRaises(AccessError):
            self.linked(partner)
        with self.assertRaises(AccessError):
            self.linked(self.company.partner_id, self.employee)

    def test_other_models_are_refused(self):
        for model, id_ in (("res.users", 1), ("spam", 1), ("res.partner", "x")):
            with self.subTest(model), self.assertRaises(UserError):
                self.inbox.inbox_linked(model, id_)

    def test_the_number_of_queries_does_not_grow_with_conversations(self):
        partner = self.contact("Ana")

        def cost():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.linked(partner)
            return self.env.cr.sql_log_count - before

        self.conversation(sender="+34612000001").sudo().partner_id = partner
        cost()
        one = cost()
        for number in range(2, 7):
            thread = self.conversation(sender=f"+3461200000{number}")
            thread.sudo().partner_id = partner
        self.assertEqual(cost(), one)

    def test_the_forms_offer_them_to_agents_only(self):
        for model in ("res.partner", "crm.lead"):
            Model = self.env[model]
            for user, is_there in ((self.agent, True), (self.employee, False)):
                if not Model.with_user(user).has_access("read"):
                    continue
                arch = Model.with_user(user).get_view(view_type="form")["arch"]
                self.assertEqual("messaging_record_thread" in arch, is_there, model)

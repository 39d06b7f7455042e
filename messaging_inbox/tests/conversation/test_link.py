from odoo.exceptions import AccessError, MissingError, UserError

from ..common import CUSTOMER, MessagingCase


class TestLink(MessagingCase):
    """Agents link a conversation to a contact, a lead or a deal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales = cls.env.ref("sales_team.group_sale_salesman")
        contacts = cls.env.ref("base.group_partner_manager")
        leads = cls.env.ref("crm.group_use_lead")
        for user in cls.agent | cls.colleague:
            user.group_ids |= sales | contacts | leads
        cls.partner = cls.env["res.partner"].create({"name": "Ana Núñez"})
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Blue, 40 pcs", "user_id": cls.agent.id}
        )
        cls.hidden_lead = cls.env["crm.lead"].create(
            {"name": "Not yours", "user_id": cls.colleague.id}
        )

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()

    def events(self):
        events = self.thread.message_ids.filtered("event_type").sorted("id")
        return [(event.event_type, event.data) for event in events]

    def said(self, record):
        return {
            "model": record._name,
            "id": record.id,
            "name": record.display_name,
        }

    # existing records

    def test_linking_logs_the_record(self):
        self.thread.action_link(partner_id=self.partner.id, lead_id=self.lead.id)
        self.assertEqual(self.thread.partner_id, self.partner)
        self.assertEqual(self.thread.lead_id, self.lead)
        self.assertEqual(
            self.events(),
            [("linked", self.said(self.partner)), ("linked", self.said(self.lead))],
        )

    def test_linking_another_record_unlinks_the_former(self):
        other = self.partner.copy({"name": "Eva"})
        self.thread.action_link(partner_id=self.partner.id)
        self.thread.action_link(partner_id=other.id)
        kinds = [kind for kind, _data in self.events()]
        self.assertEqual(kinds, ["linked", "unlinked", "linked"])

    def test_the_same_link_again_changes_nothing(self):
        self.thread.action_link(partner_id=self.partner.id)
        self.thread.action_link(partner_id=self.partner.id)
        self.assertEqual(len(self.events()), 1)

    def test_unlinking_is_logged(self):
        self.thread.action_link(partner_id=self.partner.id, lead_id=self.lead.id)
        self.thread.action_unlink_partner()
        self.thread.action_unlink_lead()
        self.assertFalse(self.thread.partner_id)
        self.assertFalse(self.thread.lead_id)
        self.assertEqual(self.events()[-1], ("unlinked", self.said(self.lead)))

    def test_writing_the_link_is_the_same_as_linking(self):
        self.thread.write({"partner_id": self.partner.id})
        self.assertEqual(self.events(), [("linked", self.said(self.partner))])

    def test_linking_a_lead_does_not_link_its_contact(self):
        self.lead.partner_id = self.partner
        self.thread.action_link(lead_id=self.lead.id)
        self.assertFalse(self.thread.partner_id)

    def test_a_record_that_the_agent_may_not_read_is_refused(self):
        for link in (
            lambda: self.thread.action_link(lead_id=self.hidden_lead.id),
            lambda: self.thread.write({"lead_id": self.hidden_lead.id}),
        ):
            with self.assertRaises(AccessError):
                link()
        self.assertFalse(self.thread.lead_id)

    def test_a_record_of_another_company_than_the_conversations_is_refused(self):
        """This also holds for users of both; records without company match all."""
        both = self.company | self.other_company
        self.agent.company_ids = both
        thread = self.thread.with_context(allowed_company_ids=both.ids)
        elsewhere = {"company_id": self.other_company.id}
        partner = self.partner.copy(elsewhere)
        lead = self.lead.copy(elsewhere)
        for link in (
            lambda: thread.action_link(partner_id=partner.id),
            lambda: thread.action_link(lead_id=lead.id),
            lambda: thread.write({"partner_id": partner.id}),
            lambda: thread.write({"lead_id": lead.id}),
            lambda: thread.action_create_partner({"name": "Eva", **elsewhere}),
            lambda: thread.action_create_lead({"name": "x", **elsewhere}, "lead"),
        ):
            with self.assertRaisesRegex(UserError, "belongs to a different company"):
                link()
        self.assertFalse(thread.partner_id or thread.lead_id)
        thread.action_link(partner_id=self.partner.id)
        self.partner.company_id = self.company
        thread.action_unlink_partner()
        thread.action_link(partner_id=self.partner.id)
        self.partner.company_id = self.other_company
        thread.sudo().write({"partner_id": self.partner.id})
        self.assertEqual(thread.partner_id, self.partner, "linked before it moved")

    def test_a_deleted_record_is_refused(self):
        gone = self.partner.copy()
        gone_id = gone.id
        gone.unlink()
        with self.assertRaises(UserError):
            self.thread.action_link(partner_id=gone_id)
        self.assertTrue(issubclass(MissingError, UserError))

    def test_an_unknown_record_raises_a_user_error(self):
        for nonsense in ("abc", "1", [1, 2], {"a": 1}, True, 1.5, -1, 2**31 - 1, 2**40):
            for link, given in (
                (self.thread.action_link, {"lead_id": nonsense}),
                (self.thread.write, {"vals": {"partner_id": nonsense}}),
                (self.thread.action_not_this_person, {"partner_id": nonsense}),
            ):
                with self.subTest(**given), self.assertRaises(UserError):
                    link(**given)
        self.assertFalse(self.thread.partner_id | self.thread.dismissed_partner_ids)

    def test_linking_nothing_is_refused(self):
        with self.assertRaisesRegex(UserError, "Choose"):
            self.thread.action_link()

    # new records

    def test_a_new_contact_gets_name_and_number(self):
        partner_id = self.thread.action_create_partner({})
        partner = self.env["res.partner"].browse(partner_id)
        self.assertEqual((partner.name, partner.phone), ("Ana", CUSTOMER))
        self.assertEqual(self.thread.partner_id, partner)
        self.assertEqual(partner.create_uid, self.agent)

    def test_a_new_contact_prefers_typed_values(self):
        partner_id = self.thread.action_create_partner(
            {"name": "Ana N.", "phone": False}
        )
        partner = self.env["res.partner"].browse(partner_id)
        self.assertEqual((partner.name, partner.phone), ("Ana N.", False))

    def test_a_new_lead_or_deal_has_the_requested_type(self):
        self.thread.action_link(partner_id=self.partner.id)
        for kind in ("lead", "opportunity"):
            with self.subTest(kind):
                # Typed values never turn a deal into a lead.
                lead_id = self.thread.action_create_lead({"type": "lead"}, kind)
                lead = self.env["crm.lead"].browse(lead_id)
                self.assertEqual(lead.type, kind)
                self.assertEqual(self.thread.lead_id, lead)
                self.assertEqual(lead.partner_id, self.partner)
                self.assertEqual(lead.user_id, self.agent)
                self.assertEqual(lead.company_id, self.company)

    def test_an_unknown_type_is_refused(self):
        with self.assertRaises(UserError):
            self.thread.action_create_lead({}, "deal")

    def test_creating_needs_the_right_to_create(self):
        plain = self.thread.with_user(self.installer)
        for create in (
            lambda: plain.action_create_partner({}),
            lambda: plain.action_create_lead({}, "opportunity"),
        ):
            with self.assertRaises(AccessError):
                create()

    # deleted records

    def test_deleting_the_record_leaves_the_conversation(self):
        self.thread.action_link(partner_id=self.partner.id, lead_id=self.lead.id)
        (self.partner | self.partner.browse()).unlink()
        self.lead.unlink()
        self.env.invalidate_all()
        self.assertTrue(self.thread.exists())
        self.assertFalse(self.thread.partner_id)
        self.assertFalse(self.thread.lead_id)

    def test_deleting_a_record_unlinks_it_as_a_user_would(self):
        hidden = self.conversation(user=self.installer, channel=self.private)
        for conversation in (self.thread, hidden):
            conversation.sudo().write(
                {"partner_id": self.partner.id, "lead_id": self.lead.id}
            )
        said = [self.said(self.partner), self.said(self.lead)]
        self.bus()
        (self.partner + self.partner.copy()).unlink()
        self.lead.unlink()
        payloads = [payload for _target, payload in self.bus("changed")]
        published = [row for payload in payloads for row in payload["conversations"]]
        self.assertEqual({row["id"] for row in published}, {self.thread.id, hidden.id})
        self.assertFalse(any(row["partner_id"] or row["lead_id"] for row in published))
        self.assertEqual(self.events()[2:], [("unlinked", record) for record in said])
        self.assertFalse(hidden.partner_id or hidden.lead_id)

    def test_a_record_stays_linked_if_deleting_it_is_refused(self):
        self.thread.action_link(partner_id=self.partner.id, lead_id=self.lead.id)
        for record in (self.partner, self.lead):
            with self.assertRaises(AccessError):
                record.with_user(self.installer).unlink()
        self.assertEqual(len(self.events()), 2)

    # other users

    def test_a_user_without_access_to_the_record_sees_only_its_name(self):
        self.partner.email = "ana@example.com"
        self.thread.with_user(self.colleague).action_link(lead_id=self.hidden_lead.id)
        details = self.thread.inbox_open(self.thread.id)["details"]
        self.assertEqual(
            details["lead"],
            {"id": self.hidden_lead.id, "name": "Not yours", "readable": False},
        )

    def test_a_user_with_access_to_the_record_sees_the_rest(self):
        self.thread.action_link(partner_id=self.partner.id, lead_id=self.lead.id)
        details = self.thread.inbox_open(self.thread.id)["details"]
        self.assertEqual(details["lead"]["stage"]["name"], self.lead.stage_id.name)
        self.assertEqual(details["partner"]["phone"], False)

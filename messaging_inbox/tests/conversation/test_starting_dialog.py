from odoo.exceptions import AccessError, UserError

from ..common import MessagingCase

ACTIONS = {
    "res.partner": "messaging_inbox.res_partner_action_start",
    "crm.lead": "messaging_inbox.crm_lead_action_start",
}


class TestStartingDialog(MessagingCase):
    """What the screen knows before the dialog opens, and what opens it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")
        partners = cls.env["res.partner"].create([{"name": "Ana"}, {"name": "Bea"}])
        leads = cls.env["crm.lead"].create([{"name": "Bikes"}, {"name": "Locks"}])
        cls.records = {"res.partner": partners, "crm.lead": leads}

    def session(self, user):
        info = self.env["ir.http"].with_user(user).lazy_session_info()
        return info.get("messaging_inbox_starting")

    def test_agents_learn_on_which_kinds_of_channel_they_may_write_first(self):
        expected = {"kinds": ["sms", "whatsapp"], "replaces_sms": True}
        self.assertEqual(self.session(self.agent), expected)
        self.assertIsNone(self.session(self.employee))

    def test_a_company_keeps_odoos_sms_button_if_it_wants(self):
        self.assertTrue(self.company.messaging_sms_button)
        settings = self.env["res.config.settings"].create({})
        settings.messaging_sms_button = False
        settings.execute()
        self.assertFalse(self.session(self.agent)["replaces_sms"])
        self.assertFalse(self.company.messaging_sms_button)
        self.assertTrue(self.other_company.messaging_sms_button)

    def test_without_an_sms_channel_odoos_sms_button_stays(self):
        self.sms.active = False
        expected = {"kinds": ["whatsapp"], "replaces_sms": False}
        self.assertEqual(self.session(self.agent), expected)

    def test_records_have_the_button_while_a_channel_can_start(self):
        for records in self.records.values():
            record = records[0].with_user(self.agent)
            self.assertTrue(record.messaging_can_start)
        self.account.state = "error"
        self.env.invalidate_all()
        for records in self.records.values():
            record = records[0].with_user(self.agent)
            self.assertFalse(record.messaging_can_start)

    def test_the_dialog_opens_for_exactly_one_record(self):
        for model, field in (("res.partner", "partner_id"), ("crm.lead", "lead_id")):
            records = self.records[model].with_user(self.agent)
            with self.subTest(model):
                action = records[0].action_messaging_start()
                self.assertEqual(action["tag"], "messaging_inbox.start")
                self.assertEqual(action["params"], {field: records[0].id})
                for wrong in (records, records.browse()):
                    with self.assertRaisesRegex(UserError, "one by one"):
                        wrong.action_messaging_start()

    def test_a_record_that_the_user_may_not_read_opens_no_dialog(self):
        hidden = self.records["crm.lead"][0].with_user(self.employee)
        with self.assertRaises(AccessError):
            hidden.action_messaging_start()

    def test_the_lists_have_the_action_for_agents_only(self):
        for model, name in ACTIONS.items():
            action = self.env.ref(name)
            for user, is_shown in ((self.agent, True), (self.employee, False)):
                bindings = self.env["ir.actions.actions"].with_user(user)
                found = bindings.get_bindings(model).get("action", ())
                ids = [each["id"] for each in found]
                with self.subTest(model, user=user.login):
                    self.assertEqual(action.id in ids, is_shown)
            self.assertEqual(action.binding_view_types, "list")

    def test_the_action_of_a_list_opens_the_dialog(self):
        for model, name in ACTIONS.items():
            record = self.records[model][0]
            context = {"active_model": model, "active_ids": record.ids}
            action = self.env.ref(name).with_user(self.agent).with_context(**context)
            self.assertEqual(action.run()["tag"], "messaging_inbox.start")

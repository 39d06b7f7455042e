from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tools import mute_logger

from ..common import MessagingCase

NBSP = "\N{NO-BREAK SPACE}"


class BindingCase(MessagingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["messaging.template"].create(
            {
                "account_id": cls.account.id,
                "name": "offer",
                "language": "en_US",
                "body": "Hi {{x}}, bye.",
                "variable_names": ["x"],
                "samples": {"x": "The sample"},
            }
        )
        sales = cls.env.ref("sales_team.group_sale_salesman")
        (cls.agent | cls.colleague).group_ids |= sales
        cls.partner = cls.env["res.partner"].create({"name": "Ana", "city": "Madrid"})
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Bike", "user_id": cls.agent.id, "type": "opportunity"}
        )

    def bind(self, source, path, variable="x"):
        self.template.binding_ids = [
            (5, 0, 0),
            (0, 0, {"variable": variable, "source": source, "field_path": path}),
        ]

    def linked(self, user=None):
        conversation = self.conversation()
        conversation.with_user(self.agent).action_link(
            partner_id=self.partner.id, lead_id=self.lead.id
        )
        return conversation.with_user(user or self.agent)

    def value(self, conversation=None, user=None):
        """Return the value that the user's picker proposes, None if there is none."""
        user = user or self.agent
        conversation = (conversation or self.linked()).with_user(user)
        return self.template.with_user(user)._values_for(conversation).get("x")


class TestBinding(BindingCase):
    def test_each_source_gives_its_value(self):
        conversation = self.linked()
        conversation.action_assign(self.agent.id)
        for source, path, expected in (
            ("partner", "name", "Ana"),
            ("lead", "name", "Bike"),
            ("lead", "user_id.partner_id.name", "Agent"),
            ("conversation", "contact_name", "Ana"),
            ("conversation", "channel_id.address", self.whatsapp.address),
            ("user", "name", "Agent"),
            ("company", "name", self.company.name),
            ("company", "partner_id", self.company.name),
        ):
            with self.subTest(source=source, path=path):
                self.bind(source, path)
                self.assertEqual(self.value(conversation), expected)

    def test_an_empty_value_is_left_out_and_never_replaced_by_the_sample(self):
        for source, path in (
            ("partner", "street"),
            ("partner", "country_id.name"),
            ("lead", "expected_revenue"),
            ("lead", "date_deadline"),
            ("user", "name"),
        ):
            with self.subTest(path=path):
                self.bind(source, path)
                self.assertIsNone(self.value())

    def test_a_conversation_without_links_gives_no_value(self):
        self.bind("partner", "name")
        self.assertIsNone(self.value(self.conversation()))

    def test_a_conversation_that_does_not_exist_yet_gives_values(self):
        self.bind("partner", "name")
        new = self.env["messaging.conversation"].with_user(self.agent)
        values = {"channel_id": self.whatsapp.id, "partner_id": self.partner.id}
        self.assertEqual(self.value(new.new(values)), "Ana")
        self.bind("company", "name")
        self.assertEqual(self.value(new.new(values)), self.company.name)

    def test_a_value_of_several_lines_becomes_one_line(self):
        self.partner.street = "Calle Mayor 1\n\t   Madrid      Spain"
        self.bind("partner", "street")
        self.assertEqual(self.value(), "Calle Mayor 1 Madrid Spain")

    def test_only_variables_of_the_template_get_a_value(self):
        self.bind("partner", "name", variable="gone")
        conversation = self.linked()
        values = self.template.with_user(self.agent)._values_for(conversation)
        self.assertEqual(values, {})

    def test_two_fields_for_one_variable_are_refused(self):
        self.bind("partner", "name")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.template.binding_ids.copy()


class TestFormats(BindingCase):
    """The template's language decides, not the user's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("es_ES")
        cls.company.partner_id.tz = "Europe/Madrid"
        cls.lead.write(
            {
                "expected_revenue": 1234.5,
                "date_deadline": date(2026, 3, 9),
                "probability": 12.5,
                "priority": "2",
            }
        )

    def in_language(self, code, source, path):
        self.template.language = code
        self.bind(source, path)
        return self.value()

    def test_dates_follow_the_language(self):
        path = "date_deadline"
        self.assertEqual(self.in_language("en_US", "lead", path), "03/09/2026")
        self.assertEqual(self.in_language("es_ES", "lead", path), "09/03/2026")
        self.assertEqual(self.in_language("es_MX", "lead", path), "09/03/2026")
        # Odoo has no Polish here.
        self.assertEqual(self.in_language("pl", "lead", path), "9 mar 2026")

    def test_times_are_those_of_the_company(self):
        conversation = self.linked()
        self.env.cr.execute(
            "UPDATE crm_lead SET date_conversion = %s WHERE id = %s",
            [datetime(2026, 3, 9, 12, 30), self.lead.id],
        )
        self.env.invalidate_all()
        self.template.language = "es_ES"
        self.bind("lead", "date_conversion")
        self.assertEqual(self.value(conversation), "09/03/2026 13:30")

    def test_amounts_have_the_currency_of_the_record(self):
        self.company.currency_id = self.env.ref("base.EUR")
        path = "expected_revenue"
        spanish = self.in_language("es_ES", "lead", path)
        self.assertEqual(spanish.replace(NBSP, " "), "1.234,50 €")
        polish = self.in_language("pl", "lead", path)
        self.assertEqual(polish.replace(NBSP, " "), "1 234,50 €")

    def test_numbers_follow_the_language(self):
        self.assertEqual(self.in_language("en_US", "lead", "probability"), "12.50")
        self.assertEqual(self.in_language("es_ES", "lead", "probability"), "12,50")

    def test_choices_show_their_label(self):
        self.assertEqual(self.in_language("en_US", "lead", "priority"), "High")

    def test_names_of_records_follow_the_language(self):
        country = self.env.ref("base.es")
        country.with_context(lang="es_ES").name = "España"
        self.partner.country_id = country
        self.assertEqual(self.in_language("es_ES", "partner", "country_id"), "España")
        self.assertEqual(self.in_language("en_US", "partner", "country_id"), "Spain")


class TestBindingRights(BindingCase):
    def test_a_record_that_the_user_cannot_read_gives_no_value(self):
        conversation = self.linked()
        self.bind("lead", "name")
        self.assertEqual(self.value(conversation, self.agent), "Bike")
        self.assertIsNone(self.value(conversation, self.colleague))

    def test_a_hidden_record_on_the_way_gives_no_value(self):
        private = self.env["res.partner"].create({"name": "Hidden"})
        self.partner.parent_id = private
        self.env["ir.rule"].create(
            {
                "name": "No hidden ones",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": [("name", "!=", "Hidden")],
            }
        )
        conversation = self.linked()
        self.bind("partner", "parent_id.name")
        # The cache has the name: superuser read it.
        self.assertEqual(conversation.sudo().partner_id.parent_id.name, "Hidden")
        self.assertIsNone(self.value(conversation))

    def test_bad_paths_are_refused_with_a_sentence(self):
        for source, path, sentence in (
            ("partner", "nonsense", "no nonsense"),
            ("partner", "country_id.nonsense", "no nonsense"),
            ("partner", "", "There is no|no field|Missing|required"),
            ("partner", "name.name", "can't be put"),
            ("partner", "category_id", "can't be put"),
            ("partner", "child_ids.name", "can't be put"),
            ("partner", "image_1920", "can't be put"),
            ("partner", "comment", "can't be put"),
            ("partner", "active", "can't be put"),
            ("partner", "signup_type", "Agents can't read"),
            ("user", "totp_secret", "no totp_secret|Agents can't read"),
            ("conversation", "channel_id.account_id.webhook_token", "can't read"),
            ("conversation", "channel_id.account_id.api_base_url", "can't read"),
            ("company", "__class__", "no __class__"),
        ):
            with (
                self.subTest(path=path),
                self.assertRaisesRegex(ValidationError, sentence),
            ):
                self.bind(source, path)

    def test_agents_cannot_bind(self):
        self.bind("partner", "name")
        binding = self.template.binding_ids
        for user in (self.agent, self.installer):
            asked = binding.with_user(user)
            self.assertEqual(asked.field_path, "name")
            with self.assertRaises(AccessError):
                asked.field_path = "city"
            with self.assertRaises(AccessError):
                asked.unlink()
            with self.assertRaises(AccessError):
                asked.create(
                    {
                        "template_id": self.template.id,
                        "variable": "y",
                        "field_path": "city",
                    }
                )

    def test_managers_of_another_company_see_no_bindings(self):
        self.bind("partner", "name")
        with self.assertRaises(AccessError):
            self.template.binding_ids.with_user(self.stranger).read(["field_path"])

    def test_managers_bind(self):
        self.bind("partner", "name")
        binding = self.template.binding_ids.with_user(self.manager)
        binding.write({"source": "company", "field_path": "name"})
        self.assertEqual(binding.source_model, "res.company")

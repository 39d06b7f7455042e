from odoo.exceptions import AccessError, UserError

from ..template_case import TemplateCase


class TestTemplateChoices(TemplateCase):
    """The templates that an agent is shown for one customer."""

    def setUp(self):
        super().setUp()
        self.templates = self.env["messaging.template"].with_user(self.agent)
        self.ana = self.env["res.partner"].create({"name": "Ana", "lang": "en_US"})

    def choices(self, channel=None, user=None, **about):
        templates = self.templates.with_user(user or self.agent)
        return templates.choices((channel or self.whatsapp).id, **about)

    def names(self, **about):
        return [each["name"] for each in self.choices(**about)["templates"]]

    def bind(self, template, variable, source, path):
        self.env["messaging.template.binding"].create(
            {
                "template_id": template.id,
                "variable": variable,
                "source": source,
                "field_path": path,
            }
        )

    def test_a_template_is_shown_with_what_the_screen_needs(self):
        self.bind(self.greeting, "1", "partner", "name")
        self.greeting.buttons = [{"kind": "reply", "text": "Yes", "payload": "yes"}]
        choices = self.choices(partner_id=self.ana.id)
        self.assertEqual((choices["language"], choices["in_window"]), ("en_US", False))
        self.assertEqual(
            choices["templates"],
            [
                {
                    "id": self.greeting.id,
                    "name": "greeting",
                    "language": "en",
                    "language_name": "English",
                    "category": "utility",
                    "state": "approved",
                    "header": "",
                    "body": "Hello {{1}}, your {{model}} is ready.",
                    "footer": "Wheels & Co",
                    "buttons": self.greeting.buttons,
                    "media_kind": "",
                    "media_url": "",
                    "takes_file": False,
                    "problem": "",
                    "variables": [
                        {
                            "name": "1",
                            "label": "Value 1",
                            "sample": "Zoe",
                            "value": "Ana",
                            "is_bound": True,
                        },
                        {
                            "name": "model",
                            "label": "Model",
                            "sample": "tandem",
                            "value": "",
                            "is_bound": False,
                        },
                    ],
                }
            ],
        )

    def test_a_bound_variable_without_a_value_is_asked_for(self):
        self.bind(self.greeting, "model", "partner", "function")
        (choice,) = self.choices(partner_id=self.ana.id)["templates"]
        self.assertEqual(
            {name: choice["variables"][1][name] for name in ("value", "is_bound")},
            {"value": "", "is_bound": False},
        )

    def test_bound_values_are_sent_without_the_agent(self):
        self.bind(self.greeting, "1", "partner", "name")
        conversation = self.conversation()
        conversation.action_link(partner_id=self.ana.id)
        message = self.send(conversation, values={"model": "city bike"})
        self.assertEqual(message.body, "Hello Ana, your city bike is ready.")
        message = self.send(conversation, values={"1": "Anita", "model": "city bike"})
        self.assertEqual(message.body, "Hello Anita, your city bike is ready.")
        with self.assertRaisesRegex(UserError, "Fill in “Value 1”"):
            self.send(conversation, values={"1": "", "model": "city bike"})

    def test_the_file_is_no_variable_to_type(self):
        template = self._with_file()
        (choice,) = [
            each for each in self.choices()["templates"] if each["id"] == template.id
        ]
        self.assertTrue(choice["takes_file"])
        self.assertEqual([each["name"] for each in choice["variables"]], ["1", "model"])

    # order

    def test_the_customers_language_comes_first_then_what_can_be_sent(self):
        for name, language, state in (
            ("z", "es_MX", "approved"),
            ("b", "es_ES", "rejected"),
            ("c", "es_ES", "approved"),
            ("d", "es", "approved"),
            ("e", "en", "paused"),
        ):
            self._template(name, language=language, state=state)
        self.env["res.lang"]._activate_lang("es_ES")
        self.ana.lang = "es_ES"
        self.assertEqual(
            self.names(partner_id=self.ana.id), ["c", "b", "d", "z", "greeting", "e"]
        )

    def test_the_customer_of_a_conversation_or_lead_sets_the_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.ana.lang = "es_ES"
        conversation = self.conversation()
        self.assertEqual(self.choices(conversation_id=conversation.id)["language"], "")
        conversation.action_link(partner_id=self.ana.id)
        lead = self.env["crm.lead"].create({"name": "Bike", "partner_id": self.ana.id})
        self.agent.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        for about in ({"conversation_id": conversation.id}, {"lead_id": lead.id}):
            self.assertEqual(self.choices(**about)["language"], "es_ES")

    def test_languages_are_named_in_the_users_own(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self._template("pt", language="pt_BR")
        self._template("odd", language="??")
        templates = self.templates.with_context(lang="es_ES")
        named = {
            each["name"]: each["language_name"]
            for each in templates.choices(self.whatsapp.id)["templates"]
        }
        self.assertEqual(named["pt"], "Portugués (Brasil)")
        self.assertEqual(named["odd"], "??")

    # problems

    def test_what_cannot_be_sent_says_why(self):
        for name, values in (
            ("rejected", {"state": "rejected"}),
            ("paused", {"state": "paused"}),
            ("pending", {"state": "pending"}),
            ("list", {"use": "in_window"}),
            ("appointment", {"use": "never"}),
        ):
            self._template(name, **values)
        conversation = self.conversation()
        within = self.problems(conversation)
        self.close_window(conversation)
        after = self.problems(conversation)
        for name, here, words in (
            ("rejected", True, "isn't approved"),
            ("paused", True, "paused"),
            ("pending", False, "isn't approved yet"),
            ("list", False, "only be sent within the reply window"),
            ("appointment", True, "this type"),
        ):
            self.assertIn(words, after[name])
            self.assertEqual(bool(within[name]), here, name)

    def problems(self, conversation):
        choices = self.choices(conversation_id=conversation.id)["templates"]
        return {each["name"]: each["problem"] for each in choices}

    def test_the_window_is_that_of_the_conversation_or_closed(self):
        conversation = self.conversation()
        self.assertTrue(self.choices(conversation_id=conversation.id)["in_window"])
        self.close_window(conversation)
        self.assertFalse(self.choices(conversation_id=conversation.id)["in_window"])
        self.assertFalse(self.choices()["in_window"])
        self.assertTrue(self.choices(channel=self.sms)["in_window"])

    # who sees what

    def test_only_templates_of_the_channel_are_shown(self):
        self._template("sms", channels=self.sms)
        self._template("both", channels=self.sms + self.whatsapp)
        self._template("archived", active=False)
        self.assertEqual(self.names(), ["both", "greeting"])
        self.assertEqual(self.names(channel=self.sms), ["both", "sms"])

    def test_a_conversation_shows_the_templates_of_its_own_channel(self):
        conversation = self.conversation()
        about = {"conversation_id": conversation.id}
        self.assertEqual(self.names(channel=self.sms, **about), ["greeting"])

    def test_only_who_sees_the_channel_or_conversation_may_ask(self):
        hidden = self.conversation(user=self.installer, channel=self.private)
        self._template("private", channels=self.private)
        ways = ({}, {"conversation_id": hidden.id})
        for about in ways:
            found = self.choices(self.private, self.installer, **about)["templates"]
            self.assertEqual([each["name"] for each in found], ["private"])
        for user in (self.agent, self.manager, self.stranger, self.system, self.portal):
            for about in ways:
                with self.subTest(user.login, **about), self.assertRaises(AccessError):
                    self.choices(self.private, user, **about)
        for user in (self.stranger, self.system, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.choices(self.whatsapp, user)

    def test_a_contact_or_lead_that_the_user_may_not_read_is_refused(self):
        lead = self.env["crm.lead"].create({"name": "Bike", "user_id": self.manager.id})
        with self.assertRaises(AccessError):
            self.choices(lead_id=lead.id)
        elsewhere = self.env["res.partner"].create(
            {"name": "x", "company_id": self.other_company.id}
        )
        with self.assertRaises(AccessError):
            self.choices(partner_id=elsewhere.id)

    def test_bad_values_are_refused(self):
        for wrong in ("1", [1], {}, 1.5):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                self.templates.choices(wrong)

    # cost

    def test_two_hundred_templates_cost_as_many_queries_as_two(self):
        conversation = self.conversation()
        conversation.action_link(partner_id=self.ana.id)

        def ask():
            return self.choices(conversation_id=conversation.id)

        self.bind(self.greeting, "1", "partner", "name")
        self.bind(self._with_file(), "1", "partner", "name")
        few = self.warm_queries(ask)
        for number in range(198):
            template = self._template(f"t{number}", language="es")
            self.bind(template, "1", "partner", "name")
        self.assertEqual((few, self.warm_queries(ask)), (14, 14))

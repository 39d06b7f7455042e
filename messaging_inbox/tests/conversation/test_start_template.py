from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from ..scripted import accepted
from ..template_case import TemplateCase
from .start_case import NEW, StartMixin

VALUES = {"1": "Bea", "model": "city bike"}


class TestStartWithTemplate(StartMixin, TemplateCase):
    """WhatsApp: only a template may open a conversation."""

    def setUp(self):
        super().setUp()
        self.started = self.start(channel=self.whatsapp, partner_id=self.partner.id)

    def bind(self, variable, source):
        values = {"template_id": self.greeting.id, "field_path": "name"}
        self.env["messaging.template.binding"].create(
            {**values, "variable": variable, "source": source}
        )

    def test_the_reply_window_of_a_start_is_closed(self):
        self.assertLess(self.started.reply_until, fields.Datetime.now())
        with self.assertRaisesRegex(UserError, "reply window is closed"):
            self.started.reply("Hello")
        self.send(self.started, values=VALUES)
        self.assertLess(self.started.reply_until, fields.Datetime.now())
        row = self.inbox.inbox_rows(self.started.ids)[0]
        self.assertEqual(
            fields.Datetime.to_datetime(row["reply_until"]), self.started.reply_until
        )

    def test_searches_find_the_window_of_a_start_closed(self):
        self.send(self.started, values=VALUES)
        answered = self.conversation()
        now = fields.Datetime.now()
        mine = [("id", "in", (self.started | answered).ids)]
        for operator, found in (
            ("<", self.started),
            ("<=", self.started),
            (">", answered),
            (">=", answered),
        ):
            with self.subTest(operator):
                domain = [*mine, ("reply_until", operator, now)]
                self.assertEqual(self.inbox.search(domain), found)

    def test_the_customers_answer_opens_the_window(self):
        self.send(self.started, values=VALUES)
        self.receive(sender=NEW)
        self.assertGreater(self.started.reply_until, fields.Datetime.now())
        self.assertTrue(self.started.reply("Hello"))

    def test_a_conversation_that_an_echo_made_keeps_its_window(self):
        conversation = self.env["messaging.conversation"].create(
            {"channel_id": self.whatsapp.id, "contact_name": "Carl"}
        )
        opened = conversation.create_date
        self.assertEqual(conversation.reply_until, opened + timedelta(hours=24))

    def test_by_sms_a_start_has_no_window(self):
        conversation = self.start()
        self.assertFalse(conversation.reply_until)
        self.assertTrue(conversation.reply("Hello"))

    def test_the_first_template_links_and_assigns(self):
        message = self.send(self.started, values=VALUES)
        self.send_queued(accepted())
        self.assertEqual(message.state, "sent")
        self.assertEqual(self.started.partner_id, self.partner)
        self.assertEqual(self.started.user_id, self.agent)

    def test_bound_values_come_from_the_records_of_the_start(self):
        self.bind("1", "partner")
        self.bind("model", "user")
        choices = self.env["messaging.template"].with_user(self.agent)
        found = choices.choices(self.whatsapp.id, conversation_id=self.started.id)
        variables = found["templates"][0]["variables"]
        self.assertEqual([each["value"] for each in variables], ["Bea", "Agent"])
        message = self.send(self.started, values={})
        self.assertIn("Hello Bea, your Agent", message.body)

    def test_a_record_that_may_no_longer_be_read_is_left_out(self):
        self.bind("1", "partner")
        self.partner.company_id = self.other_company
        with self.assertRaisesRegex(UserError, "Fill in “Value 1”"):
            self.send(self.started, values={"model": "city bike"})
        self.send(self.started, values=VALUES)
        self.assertFalse(self.started.sudo().partner_id)

"""Users, records and a frozen clock for the tests of notes."""

from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import html

from ..common import MessagingMixin

START = datetime(2026, 3, 2, 9, 0)
SALES = "sales_team.group_sale_salesman_all_leads"


class NoteMixin(MessagingMixin):
    frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.agent | cls.colleague:
            user.group_ids |= cls.env.ref(SALES) | cls.env.ref("crm.group_use_lead")
            user.group_ids |= cls.env.ref("base.group_partner_manager")
            user.tz = "UTC"
        cls.partner = cls.env["res.partner"].create({"name": "Ana Núñez"})
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Blue", "type": "lead", "user_id": cls.agent.id}
        )
        cls.deal = cls.env["crm.lead"].create(
            {"name": "Forty", "type": "opportunity", "user_id": cls.agent.id}
        )

    def setUp(self):
        super().setUp()
        if self.frozen:
            self.clock = self.enterContext(freeze_time(START))
        self.thread = self.conversation("Before")

    def at(self, hours=0, **more):
        """Move the clock to ``hours`` after ``START``."""
        self.clock.move_to(START + timedelta(hours=hours, **more))

    def write_notes(self):
        """Write all due notes as the cron does; return the number of rounds."""
        self.env.flush_all()
        self.env.invalidate_all()
        conversations = self.env["messaging.conversation"]
        count = 0
        while conversations._write_next_notes():
            count += 1
        self.env.invalidate_all()
        return count

    def say(self, body, **fields):
        """Receive a message from the customer and write the notes."""
        message = self.receive(body, **fields)
        self.write_notes()
        return message

    def say_late(self, body, sent_at):
        """Receive a message now that the provider dated ``sent_at``."""
        message = self.receive(body)
        message.sent_at = sent_at
        self.write_notes()
        return message

    def notes(self, record=None):
        """Return the notes of conversations on a record, oldest first."""
        record = record or self.partner
        windows = self.env["messaging.note.window"].search([], order="id")
        record.invalidate_recordset(["message_ids"])
        found = record.message_ids.filtered(lambda m: "/odoo/messaging/" in m.body)
        return (
            found
            | windows.mail_message_id.filtered(
                lambda m: (m.model, m.res_id) == (record._name, record.id)
            )
        ).sorted("id")

    def texts(self, record=None):
        """Return the messages' texts of each note, in order."""
        return [said(note.body) for note in self.notes(record)]


def said(body):
    """Return the texts of the messages in a note."""
    lines = html.fromstring(body).iter("li")
    return [line.text_content().split(": ", 1)[1] for line in lines]

from odoo.tests import TransactionCase

from ..common import PNG
from .note_case import NoteMixin


class TestNoteDocuments(NoteMixin, TransactionCase):
    """The notes' copies of a conversation's files are no documents of the record."""

    def test_copies_of_files_in_notes_arent_offered(self):
        self.thread.action_link(partner_id=self.partner.id)
        where = {"res_model": "res.partner", "res_id": self.partner.id}
        Attachment = self.env["ir.attachment"]
        own = Attachment.create({"name": "Own.png", "raw": PNG, **where})
        self.thread.reply("See", self.attachment(self.thread, name="Sent.png").ids)
        self.write_notes()
        on_record = Attachment.search([(key, "=", where[key]) for key in where])
        self.assertEqual(sorted(on_record.mapped("name")), ["Own.png", "Sent.png"])
        inbox = self.env["messaging.conversation"].with_user(self.agent)
        [group] = inbox.inbox_documents(self.thread.id)
        self.assertEqual([row["id"] for row in group["documents"]], own.ids)

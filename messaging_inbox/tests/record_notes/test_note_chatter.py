from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import HttpCase

from ..common import PNG
from .note_case import SALES, NoteMixin, said

OWN_LEADS = "sales_team.group_sale_salesman"


class TestNoteInChatter(NoteMixin, HttpCase):
    """Notes as users see them in the chatter of a record."""

    # With a frozen clock, HTTP sessions would have expired already.
    frozen = False

    def chatter(self, record, user=None):
        """Return the record's notes of conversations as Odoo's chatter fetches them."""
        login = (user or self.agent).login
        self.authenticate(login, login)
        self.env.flush_all()
        answer = self.make_jsonrpc_request(
            "/mail/thread/messages",
            {"thread_model": record._name, "thread_id": record.id},
        )
        self.env.invalidate_all()
        messages = answer["data"].get("mail.message", [])
        notes = [m for m in messages if "/odoo/messaging/" in str(m["body"])]
        return sorted(notes, key=lambda note: note["id"])

    def shown(self, record, **options):
        """Return the text of each note."""
        return [said(note["body"][1]) for note in self.chatter(record, **options)]

    def test_linked_records_show_the_history(self):
        self.thread.reply("Answer")
        for record in (self.partner, self.lead, self.deal):
            field = "partner_id" if record == self.partner else "lead_id"
            self.thread.action_link(**{field: record.id})
            with self.subTest(record.display_name):
                self.assertEqual(self.shown(record), [["Before", "Answer"]])

    def test_records_created_from_a_conversation_show_the_history(self):
        partner_id = self.thread.action_create_partner({})
        records = [self.env["res.partner"].browse(partner_id)]
        for kind in ("lead", "opportunity"):
            lead_id = self.thread.action_create_lead({}, kind)
            records.append(self.env["crm.lead"].browse(lead_id))
        for record in records:
            with self.subTest(record.display_name):
                self.assertEqual(self.shown(record), [["Before"]])

    def test_the_chatter_shows_the_linking_user_as_author(self):
        self.thread.action_link(partner_id=self.partner.id)
        [note] = self.chatter(self.partner, user=self.colleague)
        self.assertEqual(note["author_id"], self.agent.partner_id.id)
        self.assertIn("Assigned to: Unassigned", note["body"][1])

    def test_later_messages_of_both_directions_are_in_the_same_note(self):
        self.thread.action_link(partner_id=self.partner.id)
        self.say("In")
        self.thread.reply("Out")
        self.write_notes()
        self.assertEqual(self.shown(self.partner), [["Before", "In", "Out"]])

    def test_files_are_shown_and_can_be_fetched_after_the_conversation(self):
        self.thread.reply("Look", self.attachment(self.thread).ids)
        self.thread.action_link(partner_id=self.partner.id)
        self.thread.with_user(self.installer).unlink()
        [note] = self.chatter(self.partner)
        [file_id] = note["attachment_ids"]
        self.assertEqual(self.url_open(f"/web/content/{file_id}").content, PNG)

    def test_the_notes_link_works_only_for_users_with_access(self):
        self.thread = self.conversation(user=self.installer, channel=self.private)
        self.thread.action_link(partner_id=self.partner.id)
        [note] = self.chatter(self.partner)
        [link] = html.fromstring(note["body"][1]).xpath("//a/@href")
        id_ = int(link.removeprefix("/odoo/messaging/"))
        inbox = self.env["messaging.conversation"]
        opened = inbox.with_user(self.installer).inbox_open(id_)
        self.assertEqual(opened["row"]["id"], self.thread.id)
        for user in (self.agent, self.manager, self.stranger, self.employee):
            with self.subTest(user.name), self.assertRaises(AccessError):
                inbox.with_user(user).inbox_open(id_)
        self.thread.unlink()
        opened = inbox.with_user(self.agent).inbox_open(id_)
        self.assertEqual(opened, {"deleted": True})

    def test_a_user_without_access_to_the_deal_reads_no_note(self):
        self.thread.action_link(lead_id=self.deal.id)
        self.assertEqual(self.shown(self.deal, user=self.colleague), [["Before"]])
        self.colleague.group_ids -= self.env.ref(SALES)
        self.colleague.group_ids |= self.env.ref(OWN_LEADS)
        self.assertFalse(self.deal.with_user(self.colleague).has_access("read"))
        self.assertEqual(self.shown(self.deal, user=self.colleague), [])

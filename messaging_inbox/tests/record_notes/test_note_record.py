from odoo.tests import TransactionCase
from odoo.tools import mute_logger

from ..common import PNG
from ..scripted import answer
from .note_case import SALES, NoteMixin


class TestNoteRecord(NoteMixin, TransactionCase):
    """Links and notes when records and conversations change."""

    def link(self, **links):
        self.thread.action_link(**(links or {"partner_id": self.partner.id}))

    # records

    def test_merged_contacts_keep_their_link_note_and_window(self):
        other = self.env["res.partner"].create({"name": "Ana again"})
        self.link()
        with mute_logger("odoo.addons.base.partner.merge"):
            self.env["base.partner.merge.automatic.wizard"]._merge(
                (self.partner | other).ids, other
            )
        self.env.invalidate_all()
        self.assertEqual(self.thread.partner_id, other)
        self.say("After")
        self.assertEqual(self.texts(other), [["Before", "After"]])

    def test_merged_deals_keep_their_link_note_and_window(self):
        for kept, lost in ((self.deal, self.lead), (self.lead.copy(), self.deal)):
            self.link(lead_id=lost.id)
            kept._merge_dependences(lost)
            lost.unlink()
            self.env.invalidate_all()
            self.assertEqual(self.thread.lead_id, kept)
        self.say("After")
        self.assertEqual(self.texts(kept)[-1], ["Before", "After"])

    def test_open_panes_are_updated_after_a_merge(self):
        other = self.env["res.partner"].create({"name": "Ana again"})
        kept = self.deal.copy()
        self.link(partner_id=self.partner.id, lead_id=self.deal.id)
        self.bus()
        with mute_logger("odoo.addons.base.partner.merge"):
            self.env["base.partner.merge.automatic.wizard"]._merge(
                (self.partner | other).ids, other
            )
        self.assertEqual(self.said_links(), (other.id, self.deal.id))
        kept._merge_dependences(self.deal)
        self.assertEqual(self.said_links(), (other.id, kept.id))

    def said_links(self):
        """Return the conversation's links as published to open panes."""
        [(_channel, said)] = self.bus("changed")
        [row] = said["conversations"]
        return row["partner_id"], row["lead_id"]

    def test_merging_in_the_crm_moves_links_and_notes(self):
        second = self.deal.copy({"name": "Second"})
        self.link(lead_id=second.id)
        kept = (self.deal | second).merge_opportunity()
        self.env.invalidate_all()
        self.assertEqual(self.thread.lead_id, kept)
        self.say("After")
        self.assertEqual(self.texts(kept), [["Before", "After"]])

    def test_a_lead_that_becomes_a_deal_keeps_its_note(self):
        self.link(lead_id=self.lead.id)
        self.lead.convert_opportunity(self.partner)
        self.say("After")
        self.assertEqual(self.lead.type, "opportunity")
        self.assertEqual(self.texts(self.lead), [["Before", "After"]])

    def test_a_lead_merged_by_converting_continues_in_its_deal(self):
        self.link(lead_id=self.lead.id)
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.agent)
        wizard.create(
            {
                "lead_id": self.lead.id,
                "name": "merge",
                "action": "exist",
                "duplicated_lead_ids": [(6, 0, (self.lead | self.deal).ids)],
            }
        ).action_apply()
        self.env.invalidate_all()
        kept = (self.lead | self.deal).exists()
        self.assertEqual((len(kept), kept.type), (1, "opportunity"))
        self.assertEqual(self.thread.lead_id, kept)
        self.say("After")
        self.assertEqual(self.texts(kept), [["Before", "After"]])

    def test_an_archived_record_keeps_its_running_note(self):
        self.link(partner_id=self.partner.id, lead_id=self.deal.id)
        self.partner.active = self.deal.active = False
        self.say("After")
        self.assertEqual(self.texts(), [["Before", "After"]])
        self.assertEqual(self.texts(self.deal), [["Before", "After"]])

    def test_deleting_a_record_deletes_its_windows(self):
        self.link(lead_id=self.deal.id)
        self.deal.unlink()
        self.env.invalidate_all()
        self.say("After")
        self.assertFalse(self.thread.note_window_ids)
        self.assertFalse(self.thread.lead_id)

    def test_notes_outlive_their_conversation(self):
        self.link()
        self.receive("Just before")
        self.thread.with_user(self.installer).unlink()
        self.env.invalidate_all()
        self.assertFalse(self.env["messaging.note.window"].search([]))
        self.assertEqual(self.texts(), [["Before", "Just before"]])

    def test_a_note_that_fails_does_not_block_deleting_the_conversation(self):
        self.link()
        self.receive("Just before")
        model = type(self.env["messaging.note.window"])

        def fault(_window):
            raise RuntimeError

        self.patch(model, "_write_notes", fault)
        with self.assertLogs("odoo.addons.messaging_inbox", "ERROR"):
            self.thread.with_user(self.installer).unlink()
        self.assertFalse(self.thread.exists())
        self.assertEqual(self.texts(), [["Before"]])

    # files

    def with_file(self):
        form = self.media_form("image/png")
        self.process(form)
        return self.message_of(form).media_ids

    def download(self, content=PNG):
        headers = {"Content-Type": "image/png"}
        self.http.answers = [answer(200, content, headers)]
        self.env["messaging.media"]._download_next()
        self.env.invalidate_all()

    def test_a_file_that_arrives_later_replaces_its_placeholder(self):
        self.link()
        self.with_file()
        self.write_notes()
        self.assertIn("[Picture: downloading]", self.notes().body)
        self.download()
        self.write_notes()
        self.assertNotIn("downloading", self.notes().body)
        file = self.notes().attachment_ids
        self.assertEqual(file.raw, PNG)
        self.assertEqual(
            (file.res_model, file.res_id), ("res.partner", self.partner.id)
        )

    def test_a_file_that_arrives_after_the_24_hours_is_still_added(self):
        self.link()
        self.with_file()
        self.write_notes()
        self.at(hours=30)
        self.say("Next day")
        self.download()
        self.write_notes()
        self.assertEqual(len(self.notes()[0].attachment_ids), 1)
        self.assertFalse(self.notes()[1].attachment_ids)

    def test_a_file_is_not_added_to_an_edited_or_unlinked_note(self):
        for change in ("changed", "unlinked"):
            with self.subTest(change):
                self.link()
                self.with_file()
                self.write_notes()
                note = self.notes()[-1:]
                if change == "changed":
                    note.body = "Mine"
                else:
                    self.thread.action_unlink_partner()
                before = note.body
                self.download()
                self.write_notes()
                self.assertEqual(note.body, before)
                self.thread.action_unlink_partner()

    def test_files_are_copied_once_and_outlive_the_conversation(self):
        self.with_file()
        self.download()
        self.thread.reply("Look", self.attachment(self.thread, name="b.png").ids)
        self.link()
        self.say("More")
        self.say("And more")
        files = self.notes().attachment_ids
        self.assertEqual(len(files), 2)
        self.thread.with_user(self.installer).unlink()
        self.env.invalidate_all()
        self.assertEqual(files.mapped("raw"), [PNG, PNG])
        self.assertTrue(files.with_user(self.agent).has_access("read"))

    # the open chatter

    def test_an_open_chatter_is_updated_if_its_user_may_see_the_conversation(self):
        self.bus()
        self.link()
        [(target, payload)] = self.bus("notes")
        contact = {"model": "res.partner", "id": self.partner.id}
        note = {"thread": contact, "note": self.notes().id}
        self.assertEqual(payload, {"notes": [note]})
        epoch = f"inbox-{self.whatsapp.access_epoch}"
        self.assertEqual(target[1:], ["messaging.channel", self.whatsapp.id, epoch])
        self.say("More")
        self.assertEqual(self.bus("notes"), [(target, payload)])

    def test_the_bus_publishes_nothing_of_deleted_conversations(self):
        self.link()
        self.say("Private matter")
        self.env.cr.precommit.run()
        self.thread.with_user(self.installer).unlink()
        published = self.env["bus.bus"].sudo().search([]).mapped("message")
        self.assertNotIn("Private matter", str(published))

    # the button

    def test_records_count_the_conversations_that_the_user_may_see(self):
        self.installer.group_ids |= self.env.ref(SALES)
        hidden = self.conversation("Hidden", user=self.installer, channel=self.private)
        for conversation in (self.thread, hidden):
            conversation.sudo().write(
                {"partner_id": self.partner.id, "lead_id": self.deal.id}
            )
        for record in (self.partner, self.deal):
            for user, seen in (
                (self.agent, self.thread),
                (self.installer, self.thread | hidden),
            ):
                mine = record.with_user(user)
                action = mine.action_messaging_conversations()
                self.assertEqual(
                    mine.messaging_conversation_count, len(seen), (record, user.name)
                )
                self.assertEqual(self.led_to(action, user), seen.sorted())

    def led_to(self, action, user):
        """Return the conversations that an action opens, as a list or in the inbox."""
        conversations = self.env["messaging.conversation"].with_user(user)
        if action["type"] == "ir.actions.client":
            self.assertEqual(action["tag"], "messaging_inbox.inbox")
            return conversations.browse(action["params"]["conversation_id"])
        self.assertEqual(action["res_model"], conversations._name)
        found = conversations.search(action["domain"])
        self.assertGreater(len(found), 1)
        return found

    def test_a_company_counts_the_conversations_of_its_people(self):
        company = self.env["res.partner"].create({"name": "Brico", "is_company": True})
        gone = self.partner.copy({"parent_id": company.id, "active": False})
        self.partner.parent_id = company
        other = self.conversation(channel=self.sms)
        self.thread.action_link(partner_id=self.partner.id)
        other.sudo().write({"partner_id": gone.id})
        for record, seen in (
            (company, self.thread | other),
            (self.partner, self.thread),
        ):
            mine = record.with_user(self.agent)
            self.assertEqual(mine.messaging_conversation_count, len(seen))
            action = mine.action_messaging_conversations()
            self.assertEqual(self.led_to(action, self.agent), seen.sorted())
        both = (company | self.partner).with_user(self.agent)
        self.assertEqual(both.mapped("messaging_conversation_count"), [2, 1])

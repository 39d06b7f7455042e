from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..common import MANAGER, MessagingCase


class TestDeletionWays(MessagingCase):
    """Only the installer can delete: no cascade, command or change of role helps."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation("Before")
        self.powerful = self._user("powerful", f"base.group_system,{MANAGER}")

    def assertStays(self, delete):
        """Assert that we or the database refuse, and that everything remains."""
        messages = self.thread.message_ids
        self.assertTrue(self.is_refused(delete))
        self.env.invalidate_all()
        self.assertTrue(self.thread.exists())
        self.assertEqual(self.thread.message_ids, messages)

    def is_refused(self, delete):
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                delete()
                self.env.flush_all()
        except (UserError, IntegrityError):
            return True
        return False

    def test_deleting_a_parent_record_does_not_delete_it(self):
        for name, record in {
            "account": self.account,
            "channel": self.whatsapp,
            "installer": self.installer,
            "identity": self.thread.identity_ids,
            "company": self.account.company_id,
        }.items():
            with self.subTest(name):
                self.assertStays(record.with_user(self.powerful).unlink)

    def test_deleting_a_linked_record_deletes_no_conversation(self):
        partner = self.env["res.partner"].create({"name": "Ana"})
        lead = self.env["crm.lead"].create({"name": "Blue"})
        self.thread.sudo().write({"partner_id": partner.id, "lead_id": lead.id})
        lead.unlink()
        partner.unlink()
        self.env.invalidate_all()
        self.assertRecordValues(self.thread, [{"partner_id": False, "lead_id": False}])
        self.assertIn("Before", self.thread.message_ids.mapped("body"))

    def test_deleting_the_assignee_deletes_no_conversation(self):
        leaver = self._user("leaver", "messaging_inbox.group_messaging_user")
        self.thread.action_assign(leaver.id)
        leaver.unlink()
        self.assertEqual(self.thread.exists().user_id, self.env["res.users"])
        self.assertIn("Before", self.thread.message_ids.mapped("body"))

    def test_no_command_on_a_parent_record_deletes_it(self):
        message = self.thread.message_ids
        for record, values in (
            (self.thread, {"message_ids": [(2, message.id)]}),
            (self.thread, {"message_ids": [(5,)]}),
            (self.thread, {"identity_ids": [(2, self.thread.identity_ids.id)]}),
            (self.account, {"channel_ids": [(2, self.whatsapp.id)]}),
            (self.account, {"channel_ids": [(5,)]}),
        ):
            with self.subTest(values):
                self.assertStays(
                    lambda record=record, values=values: record.with_user(
                        self.powerful
                    ).write(values)
                )

    def test_users_cannot_make_themselves_the_installer(self):
        account = self.account.with_user(self.powerful)
        self.installer.active = False
        for take in (
            lambda: account.write({"installer_id": self.powerful.id}),
            lambda: account.action_transfer_installer(self.powerful.id),
        ):
            with self.assertRaises(AccessError):
                take()
        rows = [[str(self.account.id), str(self.powerful.id)]]
        imported = account.load([".id", "installer_id/.id"], rows)
        self.assertTrue(imported["messages"])
        self.env.invalidate_all()
        self.assertEqual(self.account.installer_id, self.installer)
        self.assertStays(self.thread.with_user(self.powerful).unlink)

    def test_a_transfer_to_oneself_changes_nothing(self):
        account = self.account.with_user(self.installer)
        account.action_transfer_installer(self.installer.id)
        self.assertEqual(self.account.installer_id, self.installer)

    def test_the_bus_forgets_the_deleted_conversation_and_nothing_else(self):
        """A subscription from an old id receives all rows since then."""
        self.env.cr.precommit.run()
        self.conversation("Of another", sender="+34622222222")
        self.env.cr.precommit.run()
        self.thread.reply("An answer")
        self.env.cr.precommit.run()
        self.thread.with_user(self.installer).unlink()
        said = str(self.bus("changed"))
        self.assertNotIn("Before", said)
        self.assertNotIn("An answer", said)
        self.assertIn("Of another", said)

    def test_a_file_uploaded_during_the_deletion_is_garbage_collected(self):
        file = self.attachment(self.thread)
        kept = self.attachment(self.conversation(sender="+34622222222"))
        self.thread.with_user(self.installer).unlink()
        self.assertFalse(file.exists())
        late = self.env["ir.attachment"].create({"name": "late.png", "raw": b"x"})
        late._write({"res_model": self.thread._name, "res_id": self.thread.id})
        late.invalidate_recordset()
        self.env["ir.attachment"]._gc_messaging_orphans()
        self.assertFalse(late.exists())
        self.assertTrue(kept.exists())

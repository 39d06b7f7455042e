from odoo.exceptions import AccessError

from ..common import CUSTOMER, MessagingCase


class TestDeletion(MessagingCase):
    """Only the installer deletes, for good; redeliveries restore nothing."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation("Before")

    def as_installer(self):
        return self.thread.with_user(self.installer)

    # who

    def test_only_the_installer_can_delete(self):
        self.thread.action_assign(self.colleague.id)
        others = [
            self.agent,
            self.colleague,
            self.manager,
            self.system,
            self.employee,
            self.portal,
            self.stranger,
            self.env.ref("base.user_admin"),
        ]
        for user in others:
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.thread.with_user(user).unlink()
        self.assertTrue(self.thread.exists())

    def test_one_foreign_conversation_prevents_deleting_any(self):
        account = self.account.with_user(self.agent).sudo().copy({"name": "Agent's"})
        self.assertEqual(account.installer_id, self.agent)
        channel = self.env["messaging.channel"].create(
            {"name": "x", "account_id": account.id, "address": "+34600000077"}
        )
        other = self.env["messaging.conversation"].create(
            {"channel_id": channel.id, "contact_name": "Eva"}
        )
        with self.assertRaises(AccessError):
            (self.thread | other).with_user(self.installer).unlink()
        self.assertTrue((self.thread | other).exists() == self.thread | other)

    def test_a_former_installer_cannot_delete(self):
        self.account.with_user(self.installer).action_transfer_installer(self.agent.id)
        with self.assertRaises(AccessError):
            self.as_installer().unlink()
        self.thread.unlink()
        self.assertFalse(self.thread.exists())

    def test_an_installer_who_left_the_agents_cannot_delete(self):
        self.installer.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(AccessError):
            self.as_installer().unlink()

    # what

    def test_messages_files_drafts_and_read_markers_are_deleted_too(self):
        media = self.media_form("image/png")
        self.process(media)
        file = self.attachment(self.thread)
        self.thread.reply("Look", file.ids)
        note_file = self.attachment(self.thread)
        self.thread.action_note("Between us", note_file.ids)
        self.thread.inbox_save_draft(self.thread.id, "I began")
        self.thread.with_user(self.colleague).action_mark_read()
        unsent = self.attachment(self.thread)
        conversation_id = self.thread.id
        self.as_installer().unlink()
        self.env.invalidate_all()
        left = {
            "messaging.message": [("conversation_id", "=", conversation_id)],
            "messaging.identity": [("conversation_id", "=", conversation_id)],
            "messaging.participation": [("conversation_id", "=", conversation_id)],
            "messaging.media": [("message_id.conversation_id", "=", conversation_id)],
            "ir.attachment": [("id", "in", (file | note_file | unsent).ids)],
        }
        for model, domain in left.items():
            with self.subTest(model):
                self.assertFalse(self.env[model].search(domain))
        self.env.cr.execute(
            "SELECT count(*) FROM messaging_media media"
            " LEFT JOIN messaging_message m ON m.id = media.message_id"
            " WHERE m.id IS NULL"
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_queued_messages_of_a_deleted_conversation_are_not_sent(self):
        self.thread.reply("Wait")
        self.as_installer().unlink()
        self.assertEqual(self.send_queued(), 0)

    def test_the_provider_is_not_asked_to_delete_anything(self):
        self.sent(self.thread)
        self.http.requests = []
        self.as_installer().unlink()
        self.assertFalse(self.http.requests)

    def test_linked_records_stay(self):
        partner = self.env["res.partner"].create({"name": "Ana"})
        lead = self.env["crm.lead"].create({"name": "Blue"})
        self.thread.sudo().write({"partner_id": partner.id, "lead_id": lead.id})
        self.as_installer().unlink()
        self.assertEqual((partner.exists(), lead.exists()), (partner, lead))

    def test_open_inboxes_are_notified_of_a_deletion(self):
        self.bus()
        conversation_id = self.thread.id
        self.as_installer().unlink()
        [(channel, payload)] = self.bus("deleted")
        self.assertEqual(payload, {"ids": [conversation_id]})
        self.assertEqual(channel[1:3], ["messaging.channel", self.whatsapp.id])

    # after the deletion

    def test_a_redelivery_restores_nothing(self):
        form = self.inbound_form("Once")
        self.process(form)
        self.as_installer().unlink()
        self.process(form)
        self.assertFalse(self.message_of(form))
        self.assertFalse(
            self.env["messaging.identity"].search([("external_id", "=", CUSTOMER)])
        )

    def test_a_replay_restores_nothing(self):
        """Not even if the body has another id of the customer."""
        lost = self.inbound_form("Lost", To="whatsapp:+34600000009")
        seen = self.inbound_form("Seen")
        self.process(seen, lost)
        receipt = self.env["messaging.receipt"].search([], limit=1)
        body = receipt.body_stored
        self.process(seen)
        self.as_installer().unlink()
        self.assertFalse(receipt.body_stored)
        receipt.write({"state": "failed", "body_stored": body})
        receipt.with_user(self.manager).action_replay()
        self.assertEqual(receipt.attempts, 1)
        self.assertFalse(self.message_of(seen))
        self.assertFalse(
            self.env["messaging.identity"].search([("external_id", "=", CUSTOMER)])
        )

    def test_a_customer_who_writes_again_starts_a_new_conversation(self):
        partner = self.env["res.partner"].create({"name": "Ana"})
        self.thread.write({"partner_id": partner.id, "user_id": self.agent.id})
        former = self.thread.id
        self.as_installer().unlink()
        again = self.receive("Hello again").conversation_id
        self.assertNotEqual(again.id, former)
        self.assertRecordValues(
            again, [{"partner_id": False, "lead_id": False, "user_id": False}]
        )
        self.assertEqual(again.message_ids.mapped("body"), ["Hello again"])

    def test_an_old_message_does_not_reappear_in_a_new_conversation(self):
        form = self.inbound_form("Old")
        self.process(form)
        self.as_installer().unlink()
        again = self.receive("New").conversation_id
        self.process(form)
        self.assertEqual(again.message_ids.mapped("body"), ["New"])

    def test_a_tombstone_reveals_nothing(self):
        self.as_installer().unlink()
        stones = self.env["messaging.tombstone"].sudo().search([])
        for stone in stones:
            self.assertRegex(stone.hash, r"^[0-9a-f]{64}$")
        for user in (self.installer, self.manager, self.system):
            with self.assertRaises(AccessError):
                stones.with_user(user).read(["hash"])

    def test_a_client_that_still_shows_it_gets_an_error(self):
        conversation_id = self.thread.id
        self.as_installer().unlink()
        conversations = self.env["messaging.conversation"].with_user(self.agent)
        self.assertEqual(conversations.inbox_open(conversation_id), {"deleted": True})
        self.assertEqual(conversations.inbox_rows([conversation_id]), [])

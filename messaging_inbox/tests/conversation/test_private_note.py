from uuid import uuid4

from odoo.exceptions import UserError

from ..common import MessagingCase


class TestPrivateNote(MessagingCase):
    """Private notes stay among colleagues, and notify mentioned users."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()

    def calls(self):
        """Return the notifications of mentions in notes."""
        return self.env["mail.message"].search(
            [
                ("model", "=", "messaging.conversation"),
                ("res_id", "=", self.thread.id),
            ]
        )

    def test_the_gate_does_not_apply_to_notes(self):
        self.thread._set_opted_out(True, "customer")
        self.account.state = "draft"
        note = self.message(self.thread.action_note("Call her"))
        self.assertRecordValues(
            note,
            [{"direction": "note", "state": False, "author_id": self.agent.id}],
        )
        self.assertNotEqual(self.thread.last_message_id, note.id)

    def test_an_empty_note_is_refused(self):
        with self.assertRaisesRegex(UserError, "Write something"):
            self.thread.action_note(" ")

    def test_a_repeated_note_is_written_once(self):
        client_uuid = str(uuid4())
        options = {"client_uuid": client_uuid, "mention_ids": self.colleague.ids}
        first = self.thread.action_note("Call her", **options)
        self.assertEqual(self.thread.action_note("Call her", **options), first)
        self.assertEqual(len(self.calls()), 1)

    def test_a_note_is_never_sent_with_the_id_of_a_reply(self):
        client_uuid = str(uuid4())
        note = self.message(self.thread.action_note("Secret", client_uuid=client_uuid))
        self.assertEqual(self.thread.reply("Hello", client_uuid=client_uuid), note.ids)
        self.assertEqual(self.send_queued(), 0)
        self.process(
            self.status_form(self.next_sid(), "delivered"),
            reference=f"{client_uuid}.0",
        )
        self.assertFalse(note.state)
        self.assertFalse(note.provider_message_id)

    def test_a_mentioned_user_is_notified_once_without_the_text(self):
        note = self.message(
            self.thread.action_note("The secret", mention_ids=self.colleague.ids * 2)
        )
        self.assertEqual(note.data, {"mention_ids": self.colleague.ids})
        call = self.calls()
        self.assertEqual(call.notified_partner_ids, self.colleague.partner_id)
        self.assertEqual(call.author_id, self.agent.partner_id)
        self.assertIn("mentioned you in a private note", call.body)
        self.assertNotIn("The secret", call.body + call.subject)

    def test_a_customers_name_is_escaped_in_the_notification(self):
        self.thread._store({"contact_name": "<img src=x>"})
        self.thread.action_note("Look", mention_ids=self.colleague.ids)
        self.assertIn("&lt;img src=x&gt;", self.calls().body)

    def test_users_are_notified_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.colleague.lang = "fr_FR"
        users = self.colleague + self.manager
        self.thread.action_note("Look", mention_ids=users.ids)
        self.assertEqual(len(self.calls()), 2)
        self.assertEqual(self.calls().notified_partner_ids, users.partner_id)

    def test_mentioning_oneself_sends_no_notification(self):
        self.thread.action_note("I know", mention_ids=self.agent.ids)
        self.assertFalse(self.calls())

    def test_a_user_without_access_cannot_be_mentioned(self):
        for stranger in self.employee + self.stranger + self.system:
            with (
                self.subTest(stranger=stranger.name),
                self.assertRaisesRegex(UserError, "have access"),
            ):
                self.thread.action_note("Look", mention_ids=stranger.ids)
        self.assertFalse(
            self.thread.message_ids.filtered_domain([("direction", "=", "note")])
        )

    def test_a_colleague_cannot_be_mentioned_in_a_private_channel(self):
        self.whatsapp.with_user(self.installer).sudo().visibility = "private"
        with self.assertRaisesRegex(UserError, "have access"):
            self.thread.with_user(self.installer).action_note(
                "Look", mention_ids=self.colleague.ids
            )

    def test_notifications_are_deleted_with_the_conversation(self):
        self.thread.action_note("Look", mention_ids=self.colleague.ids)
        call = self.calls()
        self.thread.with_user(self.installer).unlink()
        self.assertFalse(call.exists())

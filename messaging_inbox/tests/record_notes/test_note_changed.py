from odoo.tests import HttpCase, JsonRpcException

from .note_case import NoteMixin


class TestNoteChanged(NoteMixin, HttpCase):
    """A note that a user deleted or edited stays as the user left it."""

    # With a frozen clock, HTTP sessions would have expired already.
    frozen = False

    def setUp(self):
        super().setUp()
        self.thread.action_link(partner_id=self.partner.id)
        self.note = self.notes()

    def update(self, note, user="agent", **data):
        """Edit a note as the chatter does."""
        login = getattr(self, user).login
        self.authenticate(login, login)
        self.make_jsonrpc_request(
            "/mail/message/update_content",
            {"message_id": note.id, "update_data": {"attachment_ids": [], **data}},
        )
        self.env.invalidate_all()

    def test_a_deleted_note_stays_deleted_until_the_next_message(self):
        self.update(self.note, body="")
        self.write_notes()
        self.thread.action_assign(self.colleague.id)
        self.write_notes()
        self.assertEqual(self.texts(), [[]])
        self.say("Next")
        self.assertEqual(self.texts(), [[], ["Next"]])

    def test_an_edited_note_stays_as_its_editor_left_it(self):
        self.update(self.note, body="Only this matters")
        left = self.note.body
        self.assertIn("Only this matters", left)
        self.thread.action_assign(self.colleague.id)
        self.say("Next")
        self.say("And next")
        self.assertEqual(self.note.body, left)
        self.assertEqual(self.texts(), [[], ["Next", "And next"]])

    def test_the_next_note_after_a_changed_one_starts_its_own_24_hours(self):
        self.update(self.note, body="Mine")
        message = self.say("Next")
        newest, changed = self.env["messaging.note.window"].search([])
        self.assertEqual((newest.state, changed.state), ("open", "broken"))
        self.assertEqual(newest.started_at, message.sent_at)

    def test_a_note_can_be_changed_again_and_again(self):
        for number in range(3):
            self.update(self.notes()[-1:], body=f"Changed {number}")
            self.say(f"m{number}")
        self.assertEqual(self.texts(), [[], [], [], ["m2"]])

    def test_a_deleted_mail_message_is_not_written_again(self):
        self.note.unlink()
        self.thread.action_assign(self.colleague.id)
        self.write_notes()
        self.assertFalse(self.notes())
        self.say("Next")
        self.assertEqual(self.texts(), [["Next"]])

    def test_only_the_author_can_edit_a_note(self):
        before = self.note.body
        with self.assertRaises(JsonRpcException):
            self.update(self.note, user="colleague", body="Not mine")
        self.assertEqual(self.note.body, before)

    def test_writing_the_note_ourselves_is_not_an_edit(self):
        for number in range(4):
            self.say(f"m{number}")
        self.assertEqual(self.texts(), [["Before", "m0", "m1", "m2", "m3"]])

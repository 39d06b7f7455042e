from odoo.tests import TransactionCase, new_test_user

from ..record_notes.note_case import SALES, NoteMixin


class TestDeletedUser(NoteMixin, TransactionCase):
    """The history keeps the names of deleted users, and no wrong ones."""

    def setUp(self):
        super().setUp()
        self.inbox = self.env["messaging.conversation"].with_user(self.agent)
        self.tina = new_test_user(self.env, "tina", SALES, name="Tina Gil")
        tina = self.thread.with_user(self.tina)
        tina.action_assign(self.tina.id)
        tina.action_link(partner_id=self.partner.id)
        self.answer = self.message(tina.reply("Hi, Tina here"))
        tina.action_note("Call back")
        tina.action_close()
        tina.action_reopen()
        tina.action_unassign()
        self.thread.action_assign(self.tina.id)
        self.write_notes()
        self.tina.unlink()
        self.env.invalidate_all()

    def former(self, **values):
        """Return the names of deleted users in matching rows."""
        rows = self.inbox.inbox_open(self.thread.id)["messages"]
        return [
            row["data"].get("former")
            for row in rows
            if all(row[name] == value for name, value in values.items())
        ]

    def test_messages_and_events_keep_the_name(self):
        by_tina = {"author": "Tina Gil"}
        for direction in ("outbound", "note"):
            self.assertEqual(self.former(direction=direction), [by_tina])
        for event in ("linked", "closed", "reopened"):
            self.assertEqual(self.former(event_type=event), [by_tina])
        took, left, given, taken = self.former(event_type="assigned")
        self.assertEqual(took, {"author": "Tina Gil", "to": "Tina Gil"})
        self.assertEqual(left, {"author": "Tina Gil", "from": "Tina Gil"})
        self.assertEqual((given, taken), ({"to": "Tina Gil"}, {"from": "Tina Gil"}))

    def test_a_manual_reopening_is_not_attributed_to_the_customer(self):
        [reopened] = self.thread.message_ids.filtered(
            lambda message: message.event_type == "reopened"
        )
        self.assertNotIn("automatic", reopened.data)

    def test_the_row_keeps_the_author_of_the_last_reply(self):
        [row] = self.inbox.inbox_rows(self.thread.ids)
        self.assertEqual(row["preview"]["body"], "Hi, Tina here")
        self.assertEqual(row["preview"]["author_name"], "Tina Gil")

    def test_a_quote_keeps_the_authors_name(self):
        self.thread.reply("As Tina said", reply_to_id=self.answer.id)
        last = self.inbox.inbox_open(self.thread.id)["messages"][-1]
        self.assertEqual(last["reply_to"]["author_name"], "Tina Gil")

    def test_an_open_note_keeps_the_authors_name(self):
        self.receive("And?")
        self.write_notes()
        body = self.thread.note_window_ids.mail_message_id.body
        self.assertIn("Tina Gil", body)
        self.assertIn("And?", body)
        self.assertNotIn("outside Odoo", body)

    def test_only_flagged_messages_count_as_sent_outside(self):
        message = self.answer
        message.data = False
        self.assertEqual(message._sender_name(), "Someone")
        message.data = {"sent_outside": True}
        self.assertEqual(message._sender_name(), "Sent outside Odoo")

import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import SQL, mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ...hooks import uninstall_hook
from ..common import CUSTOMER
from ..ingest.event_case import EventCase

SECRET = "My card is 4242-4242"
KINDS = ("changed", "read", "mentioned", "notes", "scheduled", "presence")


class TestBusAbout(EventCase):
    """Each bus row lists its conversations and messages, so that it can be found."""

    def setUp(self):
        super().setUp()
        self.colleague.notification_type = "inbox"
        self.rows()

    def edit(self, message, text):
        name = message.provider_message_id
        return self.event("MessageEdited", message_id=name, text=text)

    def unsend(self, message):
        name = message.provider_message_id
        return self.event("MessageUnsent", message_id=name)

    def rows(self):
        """Return the rows since the last call, without deleting them."""
        self.env.cr.precommit.run()
        self.env.flush_all()
        last = getattr(self, "last", 0)
        rows = self.env["bus.bus"].sudo().search([("id", ">", last)], order="id")
        self.last = rows[-1:].id or last
        return rows

    def holding(self, words):
        self.rows()
        return self.env["bus.bus"].sudo().search([("message", "ilike", words)])

    def actions(self, message):
        """Run each action that publishes something on a message; yield after each."""
        conversation = message.conversation_id.with_user(self.agent)
        yield "arrived"
        conversation.action_assign(self.colleague.id)
        yield "list preview and assignment"
        conversation.action_mark_unread()
        yield "read marker"
        self.env["messaging.bus"]._changed([], message.ids)
        yield "message alone"
        self.message(conversation.reply("Yes", reply_to_id=message.id))
        yield "quote"
        self.send_queued()
        yield "status"
        conversation.action_note("Look", mention_ids=self.colleague.ids)
        yield "note and mention"
        at = fields.Datetime.now() + timedelta(hours=1)
        conversation.action_schedule(at, SECRET)
        yield "scheduled message"
        conversation.inbox_presence(conversation.id, "viewing")
        yield "presence"
        partner = self.env["res.partner"].create({"name": "Ana"})
        conversation.action_link(partner_id=partner.id)
        self.ingest(self.edit(message, f"{SECRET}!"))
        self.env["messaging.conversation"].sudo()._write_next_notes()
        yield "edit and notes in the chatter"

    def test_rows_of_every_shape_name_their_conversation_and_messages(self):
        message = self.receive(SECRET)
        conversation = f"conversation:{message.conversation_id.id}"
        kinds = set()
        for action in self.actions(message):
            rows = self.rows()
            self.assertTrue(rows, action)
            for row in rows:
                kind = json.loads(row.message)["type"]
                kinds.add(kind)
                with self.subTest(action, kind=kind):
                    self.assertIn(conversation, row.messaging_about)
                    if SECRET in row.message:
                        self.assertIn(f"message:{message.id}", row.messaging_about)
        ours = {kind for kind in kinds if kind.startswith("messaging_inbox/")}
        said = {f"messaging_inbox/{kind}" for kind in KINDS}
        self.assertEqual(ours, said)
        self.assertTrue(kinds - ours, "Odoo's own of the mention")

    def test_unsent_messages_disappear_from_rows_of_every_shape(self):
        message = self.receive(SECRET)
        for _action in self.actions(message):
            self.rows()
        self.assertGreater(len(self.holding("4242-4242")), 4)
        self.ingest(self.unsend(message))
        self.assertFalse(self.holding("4242-4242"))

    def test_deleted_conversations_disappear_from_rows_of_every_shape(self):
        message = self.receive(SECRET)
        conversation = message.conversation_id
        for _action in self.actions(message):
            self.rows()
        conversation.with_user(self.installer).unlink()
        self.assertFalse(self.holding("4242-4242"))
        self.assertFalse(self.holding(CUSTOMER))
        about = SQL("messaging_about ? %s", f"conversation:{conversation.id}")
        query = SQL("SELECT count(*) FROM bus_bus WHERE %s", about)
        self.assertEqual(self.env.execute_query(query), [(0,)])
        [deleted] = self.holding("messaging_inbox/deleted")
        self.assertEqual(deleted.messaging_about, ["inbox"])

    def test_pending_changes_of_deleted_records_are_not_published(self):
        """A message may be created and deleted in one transaction."""
        self.receive(SECRET).conversation_id.with_user(self.installer).unlink()
        self.assertFalse(self.holding("4242-4242"))

    def test_other_records_of_the_same_row_are_published_again(self):
        forms = self.inbound_form(SECRET), self.inbound_form("Stays", "+34622222222")
        self.process(*forms)
        gone, stays = map(self.message_of, forms)
        self.rows()
        self.ingest(self.unsend(gone))
        [row] = self.holding("Stays")
        payload = json.loads(row.message)["payload"]
        self.assertIn(stays.id, [each["id"] for each in payload["messages"]])
        self.assertEqual(payload["arrived"], [])

    def test_a_failed_mention_drops_the_customers_name(self):
        """Odoo notifies the mention's author if the email could not be sent."""
        self.colleague.notification_type = "email"
        conversation = self.conversation(ProfileName="Zenobia")
        conversation.action_note("Look", mention_ids=self.colleague.ids)
        with (
            patch.object(IrMail_Server, "_connect__", side_effect=OSError("refused")),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mails = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])
            mails.with_user(self.agent).sudo().send()
        failures = self.env["mail.notification"].sudo()
        domain = [("notification_status", "=", "exception")]
        self.assertTrue(failures.search(domain))
        self.assertTrue(self.holding("Zenobia"))
        conversation.with_user(self.installer).unlink()
        self.assertFalse(self.holding("Zenobia"))
        self.assertFalse(failures.search(domain))

    def test_rows_of_other_addons_name_no_records(self):
        bus = self.env["bus.bus"]
        bus._sendone("any", "messaging_other", {"conversation_id": 5})
        bus._sendone("any", "messaging", {"model": "res.partner", "id": 5})
        bus._sendone("any", "x", ["messaging"])
        self.assertEqual(self.rows().mapped("messaging_about"), [False] * 3)
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        self.assertIn(["inbox"], self.rows().mapped("messaging_about"))

    def test_the_rows_are_found_by_an_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = "EXPLAIN SELECT id FROM bus_bus WHERE messaging_about ?| ARRAY['x']"
        self.env.cr.execute(query)
        self.assertIn("messaging_about_idx", str(self.env.cr.fetchall()))

    def test_uninstalling_deletes_only_our_rows(self):
        message = self.receive(SECRET)
        for _action in self.actions(message):
            self.rows()
        self.env["bus.bus"]._sendone("any", "x", "of others")
        self.rows()
        with self.env.cr.savepoint() as savepoint:
            uninstall_hook(self.env)
            for words in (
                "messaging_inbox/",
                "messaging.conversation",
                "messaging.acc",
            ):
                self.assertFalse(self.holding(words).mapped("message"))
            self.assertFalse(self.holding("4242-4242"))
            self.assertTrue(self.holding("of others"))
            savepoint.rollback()

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

LENGTH = timedelta(hours=24)


class MessagingNoteWindow(models.Model):
    """A 24-hour stretch of a conversation, kept as one note on a linked record."""

    _name = "messaging.note.window"
    _description = "Note window"
    _order = "id desc"
    _rec_name = "started_at"

    conversation_id = fields.Many2one(
        "messaging.conversation", required=True, index=True, ondelete="cascade"
    )
    # Real columns: merges of contacts and leads move them.
    partner_id = fields.Many2one(
        "res.partner", ondelete="cascade", index="btree_not_null"
    )
    lead_id = fields.Many2one("crm.lead", ondelete="cascade", index="btree_not_null")
    mail_message_id = fields.Many2one(
        "mail.message", string="Note", ondelete="set null", index="btree_not_null"
    )
    author_id = fields.Many2one(
        "res.partner",
        ondelete="set null",
        help="The partner of the user who linked the record.",
    )
    started_at = fields.Datetime(required=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("broken", "Left to its editor")],
        required=True,
        default="open",
    )
    body_hash = fields.Char(
        help="Hash of the note as it was last written automatically."
    )
    head_hash = fields.Char(help="Hash of the note's heading, above its messages.")
    assignee = fields.Char(help="As the note says it: kept once the window is over.")
    message_ids = fields.Many2many(
        "messaging.message", "messaging_note_window_message_rel", string="Messages"
    )
    message_count = fields.Integer()
    last_message_id = fields.Integer(help="The last message that was looked at.")
    latest_at = fields.Datetime(
        help="When the last message shown in the note was sent."
    )
    stale = fields.Boolean(help="Something shown in the note has changed.")
    # JSON: {id of a conversation's file: id of its copy on the record}
    copies = fields.Json()

    _record_check = models.Constraint(
        "CHECK (num_nonnulls(partner_id, lead_id) = 1)",
        "A note window belongs to a contact, or to a lead or deal.",
    )

    # ------------------------------------------------------------------
    # opening and closing
    # ------------------------------------------------------------------

    @api.model
    def _open(self, conversation, field, author, **values):
        """Open a window on the record that the conversation is linked to."""
        return self.create(
            {
                "conversation_id": conversation.id,
                field: conversation[field].id,
                "author_id": author.id,
                **values,
            }
        )

    def _field(self):
        return "partner_id" if self.partner_id else "lead_id"

    def _record(self):
        return self[self._field()]

    def _open_next(self, message):
        """Give way to a window that starts with a message."""
        if self.state == "open":
            self.state = "closed"
        return self._open(
            self.conversation_id,
            self._field(),
            self.author_id,
            started_at=message.sent_at,
        )

    def _unlinked(self):
        """Leave the notes as they are: from now on they follow no message."""
        self.filtered(lambda window: window.state == "open").state = "closed"
        self.message_ids = [Command.clear()]

    # ------------------------------------------------------------------
    # which message belongs here
    # ------------------------------------------------------------------

    def _running(self, moment):
        return self.filtered(lambda window: moment < window.started_at + LENGTH)

    def _takes(self, message):
        """Whether a message belongs here: by its time, a late one by its arrival."""
        if self.state != "open":
            return False
        is_late = message.sent_at < self.started_at
        return bool(self._running(message.create_date if is_late else message.sent_at))

    def _take_in(self):
        """Hand new messages, as they arrived, to these windows or to those after them.

        Return {window: the messages that it got, in the order of time}.
        """
        taken = {}
        for newest, messages in self._new_messages().items():
            window = newest
            for message in messages:
                if not window._takes(message):
                    window = window._open_next(message)
                taken[window] = taken.get(window, messages.browse()) + message
            window.last_message_id = messages[-1].id
        self._link_messages(taken)
        together = [id_ for messages in taken.values() for id_ in messages.ids]
        for window, messages in taken.items():
            window.message_count += len(messages)
            taken[window] = messages.with_prefetch(together).sorted(
                lambda message: (message.sent_at, message.id)
            )
        return taken

    def _new_messages(self):
        """Return {window: messages of its conversation that it hasn't looked at}."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT w.id, new.ids
                  FROM messaging_note_window w, LATERAL (
                       SELECT array_agg(m.id ORDER BY m.id) AS ids
                         FROM messaging_message m
                        WHERE m.conversation_id = w.conversation_id
                          AND m.id > coalesce(w.last_message_id, 0)
                          AND m.direction IN ('inbound', 'outbound')) new
                 WHERE w.id = ANY(%s) AND new.ids IS NOT NULL ORDER BY w.id
                """,
                list(self.ids),
            )
        )
        Message = self.env["messaging.message"]
        together = [id_ for _window, ids in rows for id_ in ids]
        return {
            self.browse(window_id): Message.browse(ids).with_prefetch(together)
            for window_id, ids in rows
        }

    def _link_messages(self, taken):
        if not taken:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO messaging_note_window_message_rel"
                " (messaging_note_window_id, messaging_message_id) VALUES %s",
                SQL(", ").join(
                    SQL("(%s, %s)", window.id, message_id)
                    for window, messages in taken.items()
                    for message_id in messages.ids
                ),
            )
        )
        self.invalidate_model(["message_ids"])

    # ------------------------------------------------------------------
    # whose note it is by now
    # ------------------------------------------------------------------

    def _leave_changed(self):
        """Leave for good what a user deleted, emptied or edited.

        The notes are locked, so that nobody edits between this look and our writing.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT w.id
                  FROM messaging_note_window w
                  JOIN mail_message m ON m.id = w.mail_message_id
                 WHERE w.id = ANY(%s)
                   AND w.body_hash = encode(sha256(convert_to(m.body, 'UTF8')), 'hex')
                 ORDER BY m.id FOR NO KEY UPDATE OF m
                """,
                list(self.ids),
            )
        )
        changed = self - self.browse(row[0] for row in rows)
        changed.invalidate_recordset(["mail_message_id"])
        changed.write({"state": "broken", "stale": False})
        return self - changed

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

LENGTH = timedelta(hours=24)


class MessagingNoteWindow(models.Model):
    """24 hours of a conversation, written as one note on a linked record."""

    _name = "messaging.note.window"
    _description = "Note window"
    _order = "id desc"
    _rec_name = "started_at"

    conversation_id = fields.Many2one(
        "messaging.conversation", required=True, index=True, ondelete="cascade"
    )
    # Many2one fields, not a reference: Odoo's merges of contacts and leads update them.
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
        [("open", "Open"), ("closed", "Closed"), ("broken", "Edited by a user")],
        required=True,
        default="open",
    )
    body_hash = fields.Char(help="Hash of the note's body as the system last wrote it.")
    head_hash = fields.Char(help="Hash of the note's heading, above its messages.")
    assignee = fields.Char(
        help="Assignee named in the note. It stays the same once the window is over."
    )
    message_ids = fields.Many2many(
        "messaging.message", "messaging_note_window_message_rel", string="Messages"
    )
    message_count = fields.Integer()
    last_message_id = fields.Integer(help="The last message processed.")
    latest_at = fields.Datetime(
        help="When the last message shown in the note was sent."
    )
    stale = fields.Boolean(help="Content shown in the note has changed.")
    # JSON: {id of the conversation's attachment: id of its copy on the record}
    copies = fields.Json()

    _record_check = models.Constraint(
        "CHECK (num_nonnulls(partner_id, lead_id) = 1)",
        "A note window needs either a contact or a lead.",
    )

    # ------------------------------------------------------------------
    # opening and closing
    # ------------------------------------------------------------------

    @api.model
    def _open(self, conversation, field, author, **values):
        """Open a window on the record that ``field`` links the conversation to."""
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
        """Close this window and return a new one that starts with ``message``."""
        if self.state == "open":
            self.state = "closed"
        return self._open(
            self.conversation_id,
            self._field(),
            self.author_id,
            started_at=message.sent_at,
        )

    def _unlinked(self):
        """Close the windows and leave their notes as they are."""
        self.filtered(lambda window: window.state == "open").state = "closed"
        self.message_ids = [Command.clear()]

    # ------------------------------------------------------------------
    # messages of a window
    # ------------------------------------------------------------------

    def _running(self, moment):
        return self.filtered(lambda window: moment < window.started_at + LENGTH)

    def _includes(self, message):
        """Whether ``message`` belongs to this window.

        Its sending time decides; for one sent before the window, its arrival.
        """
        if self.state != "open":
            return False
        is_late = message.sent_at < self.started_at
        return bool(self._running(message.create_date if is_late else message.sent_at))

    def _assign_new_messages(self):
        """Add new messages, in order of arrival, to these windows or to new ones.

        Return {window: its new messages, sorted by the time they were sent}.
        """
        assigned = {}
        for newest, messages in self._new_messages().items():
            window = newest
            for message in messages:
                if not window._includes(message):
                    window = window._open_next(message)
                assigned[window] = assigned.get(window, messages.browse()) + message
            window.last_message_id = messages[-1].id
        self._link_messages(assigned)
        together = [id_ for messages in assigned.values() for id_ in messages.ids]
        for window, messages in assigned.items():
            window.message_count += len(messages)
            assigned[window] = messages.with_prefetch(together).sorted(
                lambda message: (message.sent_at, message.id)
            )
        return assigned

    def _new_messages(self):
        """Return {window: messages of its conversation after ``last_message_id``}."""
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

    def _link_messages(self, assigned):
        if not assigned:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO messaging_note_window_message_rel"
                " (messaging_note_window_id, messaging_message_id) VALUES %s",
                SQL(", ").join(
                    SQL("(%s, %s)", window.id, message_id)
                    for window, messages in assigned.items()
                    for message_id in messages.ids
                ),
            )
        )
        self.invalidate_model(["message_ids"])

    # ------------------------------------------------------------------
    # notes changed by users
    # ------------------------------------------------------------------

    def _filter_intact(self):
        """Return the windows whose notes are as we wrote them.

        Mark the others, whose notes a user deleted, emptied or edited, as ``broken``:
        they are never written again. Lock the intact notes against edits until the
        commit.
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

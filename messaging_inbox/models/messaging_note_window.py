from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL, is_html_empty

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
        "res.partner", ondelete="set null", help="The partner of who linked."
    )
    started_at = fields.Datetime(required=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("broken", "Left to its editor")],
        required=True,
        default="open",
    )
    body_hash = fields.Char(help="Of the note as we last wrote it.")
    assignee = fields.Char(help="As the note says it: kept once the window is over.")
    message_ids = fields.Many2many(
        "messaging.message", "messaging_note_window_message_rel", string="Messages"
    )
    last_message_id = fields.Integer(help="The last message that was looked at.")
    stale = fields.Boolean(help="Something that the note shows has changed.")
    # JSON: {id of a conversation's file: id of its copy on the record}
    copies = fields.Json()

    _record_check = models.Constraint(
        "CHECK (num_nonnulls(partner_id, lead_id) = 1)",
        "A note window is of a contact, or of a lead or deal.",
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

        Return the windows that got any.
        """
        touched, links = self.browse(), []
        for newest, messages in self._new_messages().items():
            window = newest
            for message in messages:
                if not window._takes(message):
                    window = window._open_next(message)
                links.append(SQL("(%s, %s)", window.id, message.id))
                touched |= window
            window.last_message_id = messages[-1].id
        self._link_messages(links)
        return touched

    def _new_messages(self):
        """Return {window: messages of its conversation that it hasn't looked at}."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT w.id, array_agg(m.id ORDER BY m.id)
                  FROM messaging_note_window w
                  JOIN messaging_message m ON m.conversation_id = w.conversation_id
                 WHERE w.id = ANY(%s) AND m.id > coalesce(w.last_message_id, 0)
                   AND m.direction IN ('inbound', 'outbound')
                 GROUP BY w.id ORDER BY w.id
                """,
                list(self.ids),
            )
        )
        Message = self.env["messaging.message"]
        together = Message.browse(id_ for _window, ids in rows for id_ in ids)
        return {
            self.browse(window_id): Message.browse(ids).with_prefetch(together.ids)
            for window_id, ids in rows
        }

    def _link_messages(self, links):
        if not links:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO messaging_note_window_message_rel"
                " (messaging_note_window_id, messaging_message_id) VALUES %s",
                SQL(", ").join(links),
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
        self.env.execute_query(
            SQL(
                "SELECT id FROM mail_message WHERE id = ANY(%s) ORDER BY id"
                " FOR NO KEY UPDATE",
                list(self.mail_message_id.ids),
            )
        )
        self.invalidate_recordset(["mail_message_id"])
        self.mail_message_id.invalidate_recordset(["body"])
        changed = self.filtered(lambda window: not window._is_intact())
        changed.write({"state": "broken", "stale": False})
        return self - changed

    def _is_intact(self):
        note = self.mail_message_id
        if not note or is_html_empty(note.body):
            return False
        return self.body_hash == _hash(note.body)

    # ------------------------------------------------------------------
    # the note
    # ------------------------------------------------------------------

    def _write_notes(self):
        """Write the notes anew, or for the first time; nobody gets a mail."""
        new = self.filtered(lambda window: not window.mail_message_id)
        for window, (messages, total) in self._shown().items():
            window._write_note(messages, total)
        # The body is cleaned on its way to the database: what came of it counts.
        notes = self.mail_message_id
        notes.flush_recordset()
        notes.invalidate_recordset(["body"])
        for window in self:
            window.write(
                {"body_hash": _hash(window.mail_message_id.body), "stale": False}
            )
        self._tell(new)

    def _write_note(self, messages, total):
        if not self.assignee or self._running(fields.Datetime.now()):
            self.assignee = self._assignee_name()
        values = {"body": self._body(messages, total)}
        if files := self._copy_files(messages.attachment_ids):
            values["attachment_ids"] = [Command.link(file.id) for file in files]
        if not self.mail_message_id:
            self.mail_message_id = self._record()._message_log(
                body=values["body"],
                author_id=self.author_id.id or None,
                message_type="comment",
            )
        self.mail_message_id.write(values)

    def _copy_files(self, attachments):
        """Copy files that the record hasn't yet: they outlive the conversation."""
        copies = dict(self.copies or {})
        made = self.env["ir.attachment"]
        record = self._record()
        for file in attachments:
            if str(file.id) in copies:
                continue
            here = {"res_model": record._name, "res_id": record.id}
            copy = file.with_context(image_no_postprocess=True).copy(here)
            copies[str(file.id)] = copy.id
            made += copy
        if made:
            self.copies = copies
        return made

    @api.model
    def _forget_files(self, messages):
        """Delete the copies that notes have of files which the customer took back."""
        gone = {str(id_) for id_ in messages.attachment_ids.ids}
        for window in self.search([("message_ids", "in", messages.ids)]):
            copies = window.copies or {}
            ids = [copies[key] for key in copies.keys() & gone]
            # sudo: ir.attachment - copies of ours, on whatever record
            self.env["ir.attachment"].sudo().browse(ids).exists().unlink()
            window.copies = {key: copies[key] for key in copies.keys() - gone}

    @api.model
    def _mark_stale(self, messages):
        """Have the notes that show a message written anew after the commit."""
        # The conversation first, as the cron locks them.
        messages.conversation_id._call_for_notes()
        self.env.cr.execute(
            SQL(
                """
                UPDATE messaging_note_window w SET stale = TRUE
                  FROM messaging_note_window_message_rel rel
                 WHERE rel.messaging_note_window_id = w.id AND w.state <> 'broken'
                   AND rel.messaging_message_id = ANY(%s)
                """,
                list(messages.ids),
            )
        )
        self.invalidate_model(["stale"])


def _hash(body):
    return sha256(str(body).encode()).hexdigest()

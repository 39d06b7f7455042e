"""Writes the note of a window: from scratch, or by appending lines."""

from hashlib import sha256

from odoo import api, models
from odoo.tools import SQL, html_sanitize

# The end of a body: new lines go before it.
END = "</ul></div>"


class MessagingNoteWindow(models.Model):
    _inherit = "messaging.note.window"

    def _write_notes(self, new=()):
        """Write or update the notes, without sending emails.

        ``new`` are the messages missing from the notes, as {window: messages}.
        """
        rewritten, appended = self.browse(), {}
        for windows in self.grouped("author_id").values():
            for window in windows._in_user_language():
                missing = new[window] if window in new else ()
                if not window._can_append(missing):
                    rewritten += window
                elif missing:
                    appended[window] = missing
        for window, messages in rewritten._shown().items():
            window._rewrite(messages)
        self._append(appended)
        rewritten.union(*appended)._publish()

    def _can_append(self, missing):
        """Whether the note is current except for ``missing`` messages at its end."""
        if self.stale or self.head_hash != _hash(self._head()):
            return False
        return not missing or self.latest_at and self.latest_at <= missing[0].sent_at

    def _rewrite(self, messages):
        head = self._head()
        body = self._body(head, messages)
        if self.mail_message_id:
            self.mail_message_id.body = body
        else:
            self.mail_message_id = self._record()._message_log(
                body=body,
                author_id=self.author_id.id or None,
                message_type="comment",
            )
        self._attach_files(messages)
        # Hash the stored body: Odoo sanitizes what we wrote.
        body = self.mail_message_id.body
        self.write(
            {
                "body_hash": _hash(body),
                "head_hash": _hash(head),
                "latest_at": body.endswith(END) and messages[-1].sent_at,
                "stale": False,
            }
        )

    def _append(self, appended):
        """Append messages to the notes, given as {window: messages}.

        Do it in SQL, so that the cost of a message doesn't grow with its note.
        """
        if not appended:
            return
        lines = [
            SQL("(%s, %s)", window.mail_message_id.id, window._clean_lines(messages))
            for window, messages in appended.items()
        ]
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE mail_message m
                   SET body = left(m.body, -length(%(end)s)) || more.lines || %(end)s,
                       write_date = now() AT TIME ZONE 'UTC'
                  FROM (VALUES %(lines)s) AS more (id, lines)
                 WHERE m.id = more.id
             RETURNING m.id, encode(sha256(convert_to(m.body, 'UTF8')), 'hex')
                """,
                end=END,
                lines=SQL(", ").join(lines),
            )
        )
        hashes = dict(rows)
        for window, messages in appended.items():
            note = window.mail_message_id
            note.invalidate_recordset(["body", "write_date"])
            latest_at = messages[-1].sent_at
            window.write({"body_hash": hashes[note.id], "latest_at": latest_at})
            window._attach_files(messages)

    def _clean_lines(self, messages):
        return html_sanitize(messages.with_env(self.env)._lines(), silent=True)

    def _attach_files(self, messages):
        if files := self._copy_files(messages.attachment_ids):
            self.mail_message_id.attachment_ids += files

    def _copy_files(self, attachments):
        """Copy new files to the record, where they outlive the conversation.

        Return the copies.
        """
        copies = dict(self.copies or {})
        created = self.env["ir.attachment"]
        record = self._record()
        for file in attachments:
            if str(file.id) in copies:
                continue
            values = {"res_model": record._name, "res_id": record.id}
            unchanged = {"image_no_postprocess": True, "messaging_keep_type": True}
            copy = file.with_context(**unchanged).copy(values)
            copies[str(file.id)] = copy.id
            created += copy
        if created:
            self.copies = copies
        return created

    @api.model
    def _forget_files(self, messages):
        """Delete the notes' copies of files in messages that the customer unsent."""
        deleted = {str(id_) for id_ in messages.attachment_ids.ids}
        for window in self.search([("message_ids", "in", messages.ids)]):
            copies = window.copies or {}
            ids = [copies[key] for key in copies.keys() & deleted]
            # sudo: ir.attachment - our own copies, on any record
            self.env["ir.attachment"].sudo().browse(ids).exists().unlink()
            window.copies = {key: copies[key] for key in copies.keys() - deleted}

    @api.model
    def _mark_stale(self, messages):
        """Rewrite the notes that show these messages, after the commit."""
        # Lock the conversation first, as the cron does.
        messages.conversation_id._request_notes()
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


def _hash(text):
    return sha256(str(text).encode()).hexdigest()

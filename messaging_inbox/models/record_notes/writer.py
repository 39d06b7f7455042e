"""Writing the note of a window: anew, or a few lines more."""

from hashlib import sha256

from odoo import api, models
from odoo.tools import SQL, html_sanitize

# What a body ends with: lines are put in before it.
END = "</ul></div>"


class MessagingNoteWindow(models.Model):
    _inherit = "messaging.note.window"

    def _write_notes(self, new=()):
        """Bring the notes up to date, or write them for the first time.

        ``new`` are the messages that the notes lack, as {window: messages}. Nobody gets
        a mail.
        """
        anew, more = self.browse(), {}
        for windows in self.grouped("author_id").values():
            for window in windows._in_user_language():
                lacks = new[window] if window in new else ()
                if not window._only_grows(lacks):
                    anew += window
                elif lacks:
                    more[window] = lacks
        for window, messages in anew._shown().items():
            window._write_anew(messages)
        self._append(more)
        anew.union(*more)._publish()

    def _only_grows(self, lacks):
        """Whether the note is right but for ``lacks``, which come last."""
        if self.stale or self.head_hash != _hash(self._head()):
            return False
        return not lacks or self.latest_at and self.latest_at <= lacks[0].sent_at

    def _write_anew(self, messages):
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
        self._keep_files(messages)
        # The body was cleaned on its way: what came of it counts.
        body = self.mail_message_id.body
        self.write(
            {
                "body_hash": _hash(body),
                "head_hash": _hash(head),
                "latest_at": body.endswith(END) and messages[-1].sent_at,
                "stale": False,
            }
        )

    def _append(self, more):
        """Put {window: messages} below the last messages of their notes.

        In the database: what a message costs must not grow with its note.
        """
        if not more:
            return
        lines = [
            SQL("(%s, %s)", window.mail_message_id.id, window._clean_lines(messages))
            for window, messages in more.items()
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
        for window, messages in more.items():
            note = window.mail_message_id
            note.invalidate_recordset(["body", "write_date"])
            latest_at = messages[-1].sent_at
            window.write({"body_hash": hashes[note.id], "latest_at": latest_at})
            window._keep_files(messages)

    def _clean_lines(self, messages):
        return html_sanitize(messages.with_env(self.env)._lines(), silent=True)

    def _keep_files(self, messages):
        if files := self._copy_files(messages.attachment_ids):
            self.mail_message_id.attachment_ids += files

    def _copy_files(self, attachments):
        """Copy files that the record hasn't yet: they outlive the conversation."""
        copies = dict(self.copies or {})
        made = self.env["ir.attachment"]
        record = self._record()
        for file in attachments:
            if str(file.id) in copies:
                continue
            here = {"res_model": record._name, "res_id": record.id}
            as_it_is = {"image_no_postprocess": True, "messaging_keep_type": True}
            copy = file.with_context(**as_it_is).copy(here)
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

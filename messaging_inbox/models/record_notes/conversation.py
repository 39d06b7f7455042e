"""Notes on linked records.

The first note is written with the link. Later changes set ``notes_due`` and wake the
cron, once per burst of messages.
"""

import time
from operator import methodcaller

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import work_queue
from ...tools.transactions import commit, read_committed
from ..conversation.links import LINKS

CRON = "messaging_inbox.ir_cron_write_notes"
WRITE, ACTION = methodcaller("_write_notes"), "Writing notes"
FIRST_MESSAGES = 20
# Seconds between the starts of two rounds through all due conversations.
PACE = 1
# Conversations written in one transaction: they share their queries.
TOGETHER = 20
NOTED = Domain("direction", "in", ("inbound", "outbound"))


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    note_window_ids = fields.One2many(
        "messaging.note.window", "conversation_id", readonly=True
    )
    notes_due = fields.Boolean(
        readonly=True, help="The notes on linked records are waiting to be updated."
    )

    _notes_due_idx = models.Index("(id) WHERE notes_due")

    # ------------------------------------------------------------------
    # links
    # ------------------------------------------------------------------

    def _before_link_change(self, field):
        """Write pending messages to the old record's note, then close its window."""
        super()._before_link_change(field)
        # sudo: messaging.conversation - notes are written by our own code alone
        conversations = self.sudo()
        # The cron must not open another window on the old record.
        conversations._lock_windows(field)
        conversations.filtered("notes_due")._write_notes()
        conversations.note_window_ids.filtered(field)._unlinked()

    def _after_link_change(self, field):
        """Write the first note of a new link at once."""
        super()._after_link_change(field)
        # sudo: messaging.conversation - notes are written by our own code alone
        for conversation in self.sudo().filtered(field):
            conversation._first_note(field, self.env.user.partner_id)

    def _first_note(self, field, author):
        """Open a window now, with the latest messages of any age."""
        found = self.env["messaging.message"].search(
            Domain("conversation_id", "=", self.id) & NOTED,
            order="sent_at desc, id desc",
            limit=FIRST_MESSAGES,
        )
        window = self.note_window_ids._open(
            self,
            field,
            author,
            started_at=fields.Datetime.now(),
            message_ids=[fields.Command.set(found.ids)],
            message_count=len(found),
            last_message_id=self._last_noted_id(),
        )
        window._write_notes()

    def _last_noted_id(self):
        domain = Domain("conversation_id", "=", self.id)
        return self.env["messaging.message"].search(domain, limit=1).id

    def _before_unlink(self):
        """Complete the notes, which outlive the conversation."""
        super()._before_unlink()
        # A note that can't be written must not block the deletion.
        due = self.filtered("notes_due")
        work_queue.attempt(self.env, WRITE, due, ACTION)

    # ------------------------------------------------------------------
    # requesting notes
    # ------------------------------------------------------------------

    def _request_notes(self):
        """Update the notes of linked conversations after the commit.

        Set the flag without reading it first: the cron may be clearing it right now.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "UPDATE messaging_conversation SET notes_due = TRUE WHERE id = ANY(%s)"
                " AND (partner_id IS NOT NULL OR lead_id IS NOT NULL) RETURNING id",
                list(self.ids),
            )
        )
        self.invalidate_recordset(["notes_due"], flush=False)
        if rows:
            self._wake_notes()

    @api.model
    def _wake_notes(self, joins=False):
        self.env["messaging.bus"]._wake_cron(CRON, joins=joins)

    def _after_reply(self):
        super()._after_reply()
        self._request_notes()

    def _after_assignment_change(self):
        super()._after_assignment_change()
        self._request_notes()

    # ------------------------------------------------------------------
    # writing notes
    # ------------------------------------------------------------------

    @api.model
    def _cron_write_notes(self):
        """Write due notes in rounds, ``PACE`` seconds apart; the first starts at once.

        So several messages in quick succession are written once, and a customer who
        never stops writing doesn't hold up the others.
        """
        done = last = 0
        began = time.monotonic()
        end = self.env.context.get("cron_end_time", float("inf"))
        while not done or time.monotonic() < end:
            if written := self._write_next_notes(after=last):
                done, last = done + len(written), written.ids[-1]
            elif last and self._next_due(1):
                time.sleep(max(0, began + PACE - time.monotonic()))
                last, began = 0, time.monotonic()
            else:
                break
        if self._next_due(1):
            # Reschedule the notes cron ourselves, after the other crons: if we reported
            # remaining records, Odoo would run it ten times without a pause.
            self.env["messaging.bus"]._wake_cron(CRON)
        self.env["ir.cron"]._commit_progress(done)

    @api.model
    def _next_due(self, limit, after=0):
        """Return up to ``limit`` conversations with due notes, ordered by id.

        As ``{conversation: version of its row}``, only with ids above ``after``.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, ctid::text, xmin::text FROM messaging_conversation"
                " WHERE notes_due AND id > %s ORDER BY id LIMIT %s",
                after,
                limit,
            )
        )
        return {self.browse(id_): tuple(version) for id_, *version in rows}

    @api.model
    def _write_next_notes(self, after=0):
        """Write the notes of the next conversations by id, commit, and return them.

        Their rows stay unlocked: new messages don't wait for notes.
        """
        read_committed(self.env.cr)
        due = self._next_due(TOGETHER, after)
        conversations = self.union(*due)
        if conversations:
            self.env.invalidate_all()
            # After a failure, the next message will try again.
            work_queue.together_or_one_by_one(self.env, WRITE, conversations, ACTION)
            self._clear_notes_due(due)
            commit(self.env)
        return conversations

    @api.model
    def _clear_notes_due(self, due):
        """Clear the flags of the rows that are unlocked and still the same version.

        Another flag may stand for a message that isn't in the note yet: it stays for
        the next round.
        """
        # Not by write(), which triggers automation rules: those are for users' changes.
        self.env.flush_all()
        rows = [(conversation.id, *version) for conversation, version in due.items()]
        ids, ctids, xmins = map(list, zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                UPDATE messaging_conversation SET notes_due = FALSE
                 WHERE id IN (
                       SELECT c.id
                         FROM unnest(%s::int[], %s::tid[], %s::xid[])
                              AS seen (id, ctid, xmin)
                         JOIN messaging_conversation c
                           ON c.id = seen.id
                          AND c.ctid = seen.ctid AND c.xmin = seen.xmin
                          FOR NO KEY UPDATE OF c SKIP LOCKED)
                """,
                ids,
                ctids,
                xmins,
            )
        )
        self.union(*due).invalidate_recordset(["notes_due"], flush=False)

    def _write_notes(self):
        """Update the notes: new messages, assignee, files that have arrived."""
        for field in LINKS:
            self._write_notes_of(field)

    def _write_notes_of(self, field):
        newest, stale = self._lock_windows(field)
        # Under the locks: some conversations may be unlinked or deleted by now.
        self.invalidate_recordset([field])
        linked = self.search([("id", "in", self.ids), (field, "!=", False)])
        newest = newest.filtered(lambda window: window.conversation_id in linked)
        stale = stale.filtered(lambda window: window.conversation_id in linked)
        for conversation in linked - newest.conversation_id:
            conversation._first_late_note(field)
        intact = (newest | stale)._filter_intact()
        new = newest._assign_new_messages()
        touched = newest._running(fields.Datetime.now()).union(*new)
        writable = (touched - newest - stale) | (intact & (touched | stale))
        writable._write_notes(new)

    def _first_late_note(self, field):
        """Write the first note after a link made without our hooks, as in demo data."""
        self._lock()
        if self[field] and not self._lock_windows(field)[0]:
            author = self.user_id.partner_id or self.env.user.partner_id
            self._first_note(field, author)

    def _lock_windows(self, field):
        """Lock and return the newest window of each conversation, and all stale ones.

        They stay locked until the commit: two workers never write the same note.
        """
        self.env.flush_all()
        query = SQL(
            """
            SELECT id, stale, is_newest
              FROM messaging_note_window w, LATERAL (
                   SELECT NOT EXISTS (
                          SELECT FROM messaging_note_window newer
                           WHERE newer.conversation_id = w.conversation_id
                             AND newer.%(field)s IS NOT NULL AND newer.id > w.id)
                   ) AS newest (is_newest)
             WHERE conversation_id = ANY(%(ids)s) AND %(field)s IS NOT NULL
               AND (stale OR is_newest)
             ORDER BY id FOR NO KEY UPDATE OF w
            """,
            ids=list(self.ids),
            field=SQL.identifier(field),
        )
        # The transaction that we waited for may have opened another window.
        found, before = self.env.execute_query(query), None
        while found != before:
            found, before = self.env.execute_query(query), found
        windows = self.env["messaging.note.window"]
        newest = windows.browse(id_ for id_, _stale, is_newest in found if is_newest)
        return newest, windows.browse(id_ for id_, stale, _newest in found if stale)

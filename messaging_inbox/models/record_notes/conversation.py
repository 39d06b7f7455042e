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
# Conversations written in one transaction: they share their queries, but their rows
# are locked meanwhile, so new messages wait.
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
    def _next_due(self, limit, lock="", after=0):
        """Return up to ``limit`` conversations with due notes, ordered by id.

        ``lock`` is a locking clause of SQL; only ids above ``after`` are returned.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM messaging_conversation WHERE notes_due AND id > %s"
                " ORDER BY id LIMIT %s %s",
                after,
                limit,
                SQL(lock),
            )
        )
        return self.browse([row[0] for row in rows])

    @api.model
    def _write_next_notes(self, after=0):
        """Write the notes of the next conversations by id, commit, and return them.

        Their rows stay locked meanwhile, so two workers never write the same note.
        """
        read_committed(self.env.cr)
        conversations = self._lock_next_due(after)
        if conversations:
            self.env.invalidate_all()
            for failed in work_queue.together_or_one_by_one(
                self.env, WRITE, conversations, ACTION
            ):
                # The next message will try again.
                failed._clear_notes_due()
            commit(self.env)
        return conversations

    @api.model
    def _lock_next_due(self, after):
        """Lock the free rows or, when all are locked, wait for one.

        Don't skip locked rows altogether: their flag was already set, so nothing else
        wakes the cron for them. Wait for one at a time, to avoid deadlocks: its
        transaction may be waiting for another one.
        """
        found = self._next_due(TOGETHER, "FOR NO KEY UPDATE SKIP LOCKED", after)
        while not found and self._next_due(1, after=after):
            # Empty when the other transaction cleared the flag: try the next one.
            found = self._next_due(1, "FOR NO KEY UPDATE", after)
        return found

    def _write_notes(self):
        """Update the notes: new messages, assignee, files that have arrived."""
        for field in LINKS:
            if linked := self.filtered(field):
                linked._write_notes_of(field)
        self._clear_notes_due()

    def _clear_notes_due(self):
        # Not by write(), which triggers automation rules: those are for users' changes.
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE messaging_conversation SET notes_due = FALSE"
                " WHERE id = ANY(%s)",
                list(self.ids),
            )
        )
        self.invalidate_recordset(["notes_due"], flush=False)

    def _write_notes_of(self, field):
        newest, stale = self._newest_and_stale(field)
        for conversation in self - newest.conversation_id:
            # Linked without our hooks, as demo data are.
            author = conversation.user_id.partner_id or self.env.user.partner_id
            conversation._first_note(field, author)
        intact = (newest | stale)._filter_intact()
        new = newest._assign_new_messages()
        touched = newest._running(fields.Datetime.now()).union(*new)
        writable = (touched - newest - stale) | (intact & (touched | stale))
        writable._write_notes(new)

    def _newest_and_stale(self, field):
        """Return the newest window of each conversation, and all stale windows."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, is_newest, stale
                  FROM (SELECT id, stale,
                               id = max(id) OVER (PARTITION BY conversation_id)
                               AS is_newest
                          FROM messaging_note_window
                         WHERE conversation_id = ANY(%s) AND %s IS NOT NULL) w
                 WHERE is_newest OR stale
                """,
                list(self.ids),
                SQL.identifier(field),
            )
        )
        windows = self.env["messaging.note.window"]
        newest = windows.browse(id_ for id_, is_newest, _stale in rows if is_newest)
        return newest, windows.browse(id_ for id_, _newest, stale in rows if stale)

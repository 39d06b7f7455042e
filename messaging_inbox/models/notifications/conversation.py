"""Conversations with due notifications: their flag, and the cron that clears it."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import work_queue
from ...tools.transactions import commit, read_committed

# Small, since the rows are locked: new messages of these conversations wait.
BATCH = 20
CRON = "messaging_inbox.ir_cron_notify"


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    notifications_due = fields.Boolean(
        readonly=True, help="Notifications of this conversation are due."
    )
    notified_message_id = fields.Integer(
        readonly=True, help="The last message that users were notified of."
    )

    _notifications_due_idx = models.Index("(id) WHERE notifications_due")

    # ------------------------------------------------------------------
    # requesting notifications
    # ------------------------------------------------------------------

    def _after_assignment_change(self):
        """Notify again: the assignee decides who is notified of unread messages."""
        super()._after_assignment_change()
        self._request_notifications()

    def _after_snooze(self):
        """Notify assignees as of an assignment, in open tabs and by email and push."""
        super()._after_snooze()
        for assignee, of_assignee in self.grouped("user_id").items():
            if assignee:
                bus = self.env["messaging.bus"]
                bus._assigned(of_assignee.ids, assignee.id, by=False)
        self._request_notifications()

    def _request_notifications(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE messaging_conversation SET notifications_due = TRUE"
                " WHERE id = ANY(%s)",
                list(self.ids),
            )
        )
        self.invalidate_recordset(["notifications_due"], flush=False)
        self._wake_notifications()

    @api.model
    def _wake_notifications(self):
        """Wake the cron if pushes may be due; emails can wait for its next run."""
        if self.env.execute_query(SQL("SELECT FROM mail_push_device LIMIT 1")):
            self.env["messaging.bus"]._wake_cron(CRON)

    def _after_open(self):
        super()._after_open()
        self.env["messaging.notification"]._mark_assignment_seen(self)

    def _after_mark_unread(self):
        super()._after_mark_unread()
        self.env["messaging.notification"]._mark_emails_seen(self)

    def _before_unlink(self):
        super()._before_unlink()
        self.env["messaging.notification"]._drop_pushes(self.ids)

    # ------------------------------------------------------------------
    # notifying
    # ------------------------------------------------------------------

    @api.model
    def _cron_notify(self):
        """Notify users of new messages and assignments, then send the due emails."""
        done = self._notify_next()
        done += self.env["messaging.notification"]._send_next()
        remaining = 1 if done else 0
        self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    @api.model
    def _notify_next(self):
        """Notify users of the next conversations; return how many were processed.

        Their rows stay locked meanwhile, so two workers never notify of the same
        message.
        """
        read_committed(self.env.cr)
        due = self._notifications_due()
        pending = self._clear_notifications_due(due)
        notifications = self.env["messaging.notification"]

        def notify(ids):
            notifications._notify({id_: pending[id_] for id_ in ids})

        if pending:
            # The flag stays cleared after a failure, so that no error repeats for ever.
            work_queue.together_or_one_by_one(
                self.env, notify, list(pending), "Notifying of conversations"
            )
        commit(self.env)
        return len(due)

    def _notifications_due(self):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM messaging_conversation WHERE notifications_due"
                " ORDER BY id LIMIT %s",
                BATCH,
            )
        )
        return [row[0] for row in rows]

    def _clear_notifications_due(self, ids):
        """Clear the flags; return {id: the message last notified of} of those set.

        Wait for locked rows, and read only then: their flag was already set, so the
        transaction that adds a message may not wake the cron again.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id, coalesce(notified_message_id, 0)"
                " FROM messaging_conversation WHERE id = ANY(%s) AND notifications_due"
                " ORDER BY id FOR NO KEY UPDATE",
                ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE messaging_conversation c
                   SET notifications_due = FALSE, notified_message_id = (
                       SELECT max(id) FROM messaging_message m
                        WHERE m.conversation_id = c.id)
                 WHERE c.id = ANY(%s)
                """,
                [row[0] for row in rows],
            )
        )
        self.env.invalidate_all()
        return dict(rows)

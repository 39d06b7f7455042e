"""When to tell users of a conversation: its flag, and the cron that clears it."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import work_queue
from ...tools.transactions import commit, read_committed

# Few: customers who write meanwhile wait for these rows.
BATCH = 20
CRON = "messaging_inbox.ir_cron_notify"


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    notifications_due = fields.Boolean(
        readonly=True, help="Users will be notified of what is new here."
    )
    notified_message_id = fields.Integer(
        readonly=True, help="Users have been notified of everything up to this message."
    )

    _notifications_due_idx = models.Index("(id) WHERE notifications_due")

    # ------------------------------------------------------------------
    # asking for it
    # ------------------------------------------------------------------

    def _after_assignment_change(self):
        """Whose conversation it is decides who hears of what is unread in it."""
        super()._after_assignment_change()
        self._call_for_notifications()

    def _call_for_notifications(self):
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
        """Emails have minutes; only browsers that are closed hear of it at once."""
        if self.env.execute_query(SQL("SELECT FROM mail_push_device LIMIT 1")):
            self.env["messaging.bus"]._wake_cron(CRON)

    def _after_open(self):
        super()._after_open()
        self.env["messaging.notification"]._seen_by_me(self)

    def _after_mark_unread(self):
        super()._after_mark_unread()
        self.env["messaging.notification"]._read_by_me(self)

    def _before_unlink(self):
        super()._before_unlink()
        self.env["messaging.notification"]._drop_pushes(self.ids)

    # ------------------------------------------------------------------
    # doing it
    # ------------------------------------------------------------------

    @api.model
    def _cron_notify(self):
        """Tell of what is new, then send the emails that are due."""
        done = self._notify_next()
        done += self.env["messaging.notification"]._send_next()
        remaining = 1 if done else 0
        self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    @api.model
    def _notify_next(self):
        """Tell of some conversations; return how many were looked at.

        Their rows stay locked meanwhile: two workers never tell of the same message.
        """
        read_committed(self.env.cr)
        due = self._notifications_due()
        pending = self._clear_due(due)
        notifications = self.env["messaging.notification"]

        def notify(ids):
            notifications._notify({id_: pending[id_] for id_ in ids})

        if pending:
            # No flag is set again where it fails, so that no fault goes on.
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

    def _clear_due(self, ids):
        """Return {id: the last message that was told of} of those that are due still.

        Who writes to one of them holds its row, and may have woken nobody, the flag
        being set: so wait for it, and only then look at what there is.
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

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import work_queue
from ...tools.transactions import commit, read_committed

LONGEST = timedelta(days=366)
BATCH = 50
SECONDS = 5
NEXT_TRY = timedelta(minutes=10)
# What a customer's message, closing and the user's own action do.
AWAKE = {"is_snoozed": False, "snoozed_until": False, "snoozed_by_id": False}


class MessagingConversation(models.Model):
    """A snoozed conversation leaves its section until a time, or the next message."""

    _inherit = "messaging.conversation"

    is_snoozed = fields.Boolean(readonly=True)
    snoozed_until = fields.Datetime(
        readonly=True, help="Empty: until the customer writes."
    )
    snoozed_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    # The words of Odoo's domains: from them, PostgreSQL doesn't infer "is_snoozed".
    _snoozed_idx = models.Index("(last_message_id DESC) WHERE is_snoozed IS TRUE")
    _snooze_due_idx = models.Index("(snoozed_until) WHERE is_snoozed")

    def action_snooze(self, until=None):
        """Snooze until a time (UTC, a datetime or Odoo's string), or the next message.

        A message from the customer always ends it. Raise UserError for a time that
        isn't in the coming year, and for closed conversations.
        """
        self.check_access("write")
        until = self._check_until(until)
        self._lock()
        self._check_not_blank()
        if "closed" in self.mapped("state"):
            raise UserError(self.env._("A closed conversation can't be snoozed."))
        self._store(
            {
                "is_snoozed": True,
                "snoozed_until": until,
                "snoozed_by_id": self.env.uid,
            }
        )
        self._log_event("snoozed", data={"until": fields.Datetime.to_string(until)})
        if until:
            self._trigger_waking(until)
        return True

    def _check_until(self, until):
        """Return a naive datetime in UTC, False for none."""
        if not until:
            return False
        try:
            until = fields.Datetime.to_datetime(until)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Invalid value for “%s”.", "until")) from error
        now = fields.Datetime.now()
        if not now < until < now + LONGEST:
            raise UserError(self.env._("Choose a time within the coming year."))
        return until

    def action_unsnooze(self):
        """Bring snoozed conversations back."""
        self.check_access("write")
        self._lock()
        snoozed = self.filtered("is_snoozed")
        if snoozed:
            snoozed._store(AWAKE)
            snoozed._log_event("unsnoozed")
        return True

    # ------------------------------------------------------------------
    # coming back
    # ------------------------------------------------------------------

    @api.model
    def _trigger_waking(self, at=None):
        # sudo: ir.cron - agents set when it runs next
        self.env.ref("messaging_inbox.ir_cron_end_snoozes").sudo()._trigger(at)

    @api.model
    def _cron_end_snoozes(self):
        done = work_queue.run(self._end_next_snoozes, SECONDS)
        self.env["ir.cron"]._commit_progress(done)

    @api.model
    def _end_next_snoozes(self):
        """End some snoozes whose time has come; return how many were tried."""
        read_committed(self.env.cr)
        query = SQL(
            """
            SELECT q.id FROM messaging_conversation q
             WHERE q.is_snoozed AND q.snoozed_until <= %s ORDER BY q.id LIMIT %s
            """,
            fields.Datetime.now(),
            BATCH,
        )
        due = work_queue.due(self, query, lock=True)
        for failed in due and work_queue.together_or_one_by_one(
            self.env, lambda some: some._come_back(), due, "Ending snoozes"
        ):
            failed._store({"snoozed_until": fields.Datetime.now() + NEXT_TRY})
        commit(self.env)
        return len(due)

    def _come_back(self):
        """End the snooze: on top of the list, with an event, telling the assignee."""
        for assignee, of_assignee in self.grouped("user_id").items():
            of_assignee._store(AWAKE)
            events = of_assignee._log_event(
                "snooze_over", event_to=assignee, automatic=True
            )
            for event in events:
                # Lists are ordered by it.
                event.conversation_id._store({"last_message_id": event.id})
            of_assignee._after_snooze()

"""Our reactions to customers' messages, on their way to the provider.

We have at most one reaction to a message. What the provider has is in the message's
``data``: ``reactions.us``, and ``us_reacted_by`` if it was sent from here. A row of
``messaging.reaction`` is what an Agent wants instead: it disappears when the provider
has accepted it.

Repeating a reaction is harmless. So in contrast to a message, one without an answer is
sent again.
"""

import logging
import random
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ...providers.call import CONNECT_TIMEOUT, READ_TIMEOUT
from ...providers.errors import Reason, Refused, SendError, Unsettled
from ...providers.events import OutboundReaction
from ...tools import background, time_limit, work_queue
from ...tools.outcomes import outcome_of
from .outbox import MOST_HOLDS, MOST_SECONDS

_logger = logging.getLogger(__name__)

RETRY_DELAYS = [10, 60, 300]
# How long a request may take before it counts as cut off.
LEASE = timedelta(minutes=2)
SECONDS = CONNECT_TIMEOUT + READ_TIMEOUT
BATCH = 100


class MessagingReaction(models.Model):
    _name = "messaging.reaction"
    _description = "Reaction to be sent"
    _rec_name = "emoji"

    message_id = fields.Many2one("messaging.message", required=True, ondelete="cascade")
    emoji = fields.Char(help="Empty to take our reaction away.")
    author_id = fields.Many2one("res.users", ondelete="set null")
    state = fields.Selection(
        [
            ("queued", "Waiting to be sent"),
            ("sending", "Being sent"),
            ("failed", "Failed"),
        ],
        required=True,
        default="queued",
    )
    attempts = fields.Integer()
    next_try_at = fields.Datetime()
    reason = fields.Char()
    error_code = fields.Char()
    error_detail = fields.Char()

    _message_unique = models.UniqueIndex("(message_id)")
    _due_idx = models.Index("(next_try_at, id) WHERE state <> 'failed'")

    @api.model
    def _queue(self, message, emoji):
        """Queue a reaction of the current user, in place of one that waits or failed.

        One that is being sent is not overtaken: the new one follows it.
        """
        reaction = message._reaction()
        values = {"emoji": emoji, "author_id": self.env.uid, "attempts": 0}
        values.update(reason=False, error_code=False, error_detail=False)
        if reaction.state != "sending":
            values.update(state="queued", next_try_at=False)
        if reaction:
            reaction.write(values)
        else:
            reaction = self.create({**values, "message_id": message.id})
        reaction._publish()
        reaction._send_after_commit()

    def _publish(self):
        self.env["messaging.bus"]._changed([], self.message_id.ids)

    # ------------------------------------------------------------------
    # sending
    # ------------------------------------------------------------------

    def _send_after_commit(self):
        """Send in the background once the row is committed, else by the cron."""
        registry, ids = self.env.registry, self.ids

        def reactions(cr):
            return api.Environment(cr, api.SUPERUSER_ID, {})[self._name]

        @self.env.cr.postcommit.add
        def start():
            try:
                work = partial(_send_now, reactions, ids)
                if not background.start(registry, work):
                    with registry.cursor() as cr:
                        reactions(cr)._trigger_sending()
            except Exception:
                _logger.exception("Sending a reaction after the commit failed")

    @api.model
    def _trigger_sending(self, at=None):
        self.env.ref("messaging_inbox.ir_cron_send_reactions")._trigger(at)

    @api.model
    def _cron_send(self):
        sent = self._send_due(limit=BATCH)
        if self._next_due():
            self._trigger_sending()
        self.env["ir.cron"]._commit_progress(sent)

    @api.model
    def _send_due(self, ids=None, limit=None):
        """Send due reactions, one request each; return how many."""
        return work_queue.run(partial(self._send_next, ids), SECONDS, limit)

    @api.model
    def _send_next(self, ids):
        find = partial(self._next_due, ids, lock=True)
        reaction, request = work_queue.claim(self.env, find, lambda row: row._prepare())
        if not reaction:
            return False
        if request:
            provider, outbound = request
            outcome = outcome_of(
                partial(provider.react, outbound),
                partial(_logger.exception, "Sending reaction %s failed", reaction.id),
            )
            keep = partial(reaction._settle, outbound.emoji)
            unkept = partial(_unkept, reaction.id)
            work_queue.settle(self.env, keep, outcome, unkept)
        return True

    @api.model
    def _next_due(self, ids=None, lock=False):
        """Return a reaction that is due, also one whose process died in between.

        Those of a paused or archived account wait until it is connected again.
        """
        mine = SQL() if ids is None else SQL("AND q.id = ANY(%s)", list(ids))
        query = SQL(
            """
            SELECT q.id FROM messaging_reaction q
              JOIN messaging_message m ON m.id = q.message_id
              JOIN messaging_channel c ON c.id = m.channel_id
              JOIN messaging_account a ON a.id = c.account_id
             WHERE q.state <> 'failed' AND a.state = 'connected' AND a.active
               AND (q.next_try_at IS NULL OR q.next_try_at <= %s) %s
             ORDER BY q.next_try_at NULLS FIRST, q.id LIMIT 1
            """,
            fields.Datetime.now(),
            mine,
        )
        return work_queue.due(self, query, lock)

    def _prepare(self):
        """Count an attempt; return (provider, outbound), None if it has just failed."""
        message = self.message_id
        try:
            obstacle = message._reaction_obstacle()
            if self.attempts > len(RETRY_DELAYS):
                # The process died in each attempt.
                obstacle = obstacle or Reason.OTHER
            request = not obstacle and (message._channel_provider(), self._outbound())
        except Exception:
            # One bad row must not block the others.
            _logger.exception("Preparing reaction %s failed", self.id)
            obstacle, request = Reason.OTHER, None
        if obstacle:
            self._fail(Refused(obstacle))
            return None
        lease = fields.Datetime.now() + LEASE
        values = {"state": "sending", "attempts": self.attempts + 1}
        self.write({**values, "next_try_at": lease})
        return request

    def _outbound(self):
        message = self.message_id
        return OutboundReaction(
            channel=message.channel_id._provider_ref(),
            recipient=message.conversation_id._recipient().external_id,
            message_id=message.provider_message_id,
            emoji=self.emoji or "",
        )

    # ------------------------------------------------------------------
    # the outcome
    # ------------------------------------------------------------------

    def _settle(self, sent, outcome):
        """Store what became of the emoji that was sent.

        Meanwhile, the message may have been deleted, or another emoji wanted.
        """
        if not self._lock_wanted():
            return
        is_current = (self.emoji or "") == sent
        if not isinstance(outcome, SendError):
            self._accepted(sent, is_current)
        elif not is_current:
            self._send_again()
        elif outcome.reason is Reason.BAD_CREDENTIALS:
            self._hold_back(outcome)
        elif isinstance(outcome, Refused):
            self._fail(outcome)
        else:
            self._send_later(outcome)

    def _lock_wanted(self):
        """Lock the conversation, as an Agent's reaction does; return if it exists."""
        self.env.invalidate_all()
        self.env.execute_query(
            SQL(
                """
                SELECT c.id FROM messaging_reaction r
                  JOIN messaging_message m ON m.id = r.message_id
                  JOIN messaging_conversation c ON c.id = m.conversation_id
                 WHERE r.id = %s FOR NO KEY UPDATE OF c
                """,
                self.id,
            )
        )
        return bool(self.exists())

    def _accepted(self, sent, is_current):
        message = self.message_id
        message._set_our_reaction(sent, self.author_id if is_current else None)
        if is_current:
            self.unlink()
        else:
            self._send_again()

    def _send_again(self):
        self.write({"state": "queued", "next_try_at": False})
        self._trigger_sending()

    def _hold_back(self, error):
        """Pause the account and keep the reaction until a manager reconnects it."""
        account = self.message_id.channel_id.account_id
        account._set_error(account._connection_error(error))
        if self.attempts >= MOST_HOLDS:
            self._fail(error)
        else:
            self.write({"state": "queued", "next_try_at": False})

    def _send_later(self, error):
        if self.attempts > len(RETRY_DELAYS):
            self._fail(error)
            return
        delay = RETRY_DELAYS[self.attempts - 1] * random.uniform(0.8, 1.2)  # noqa: S311
        delay = max(delay, getattr(error, "retry_after", None) or 0)
        next_try_at = fields.Datetime.now() + timedelta(seconds=delay)
        self.write({"state": "queued", "next_try_at": next_try_at})
        self._trigger_sending(next_try_at)

    def _fail(self, error):
        self.write(
            {
                "state": "failed",
                "reason": error.reason.value,
                "error_code": error.code or False,
                "error_detail": error.detail or False,
            }
        )
        self._publish()
        if error.reason is Reason.OPTED_OUT:
            self.message_id.conversation_id._set_opted_out(True, "provider")

    def _failures(self):
        """Return {message id: why its reaction failed, in the reader's language}."""
        failed = self.filtered(lambda reaction: reaction.state == "failed")
        return {row.message_id.id: row._failure_sentence() for row in failed}

    def _failure_sentence(self):
        """Return why it failed, in the reader's language."""
        if self.reason != Reason.OTHER.value:
            channel = self.message_id.channel_id
            return self.env["messaging.reasons"]._sentence_on(self.reason, channel)
        sentence = self.env._("The provider didn't accept this reaction.")
        words = " ".join(filter(None, [self.error_code, self.error_detail]))
        return f"{sentence} ({words})" if words else sentence


def _send_now(reactions, ids, cr):
    with time_limit.limited(MOST_SECONDS):
        reactions(cr)._send_due(ids, limit=1)
        if reactions(cr)._next_due(ids):
            reactions(cr)._trigger_sending()


def _unkept(reaction_id, error):
    """Return the outcome of a reaction whose outcome couldn't be stored."""
    _logger.error("Reaction %s can't be settled", reaction_id, exc_info=error)
    return Unsettled(Reason.OTHER)


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    def _after_connect(self):
        """Send the reactions that waited while the account was paused."""
        super()._after_connect()
        self.env["messaging.reaction"]._trigger_sending()

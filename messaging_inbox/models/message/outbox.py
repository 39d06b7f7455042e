"""The outbox: send each message in one request, in order and never twice.

``reply()`` commits rows as ``queued``. A row is claimed by committing it as
``sending``, so that after a crash between request and response it becomes ``unknown``
instead of being sent again. Requests to different conversations leave side by side.
"""

import logging
import random
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ...providers.call import CONNECT_TIMEOUT, READ_TIMEOUT
from ...providers.errors import (
    Reason,
    Refused,
    Retryable,
    SendError,
    Unsettled,
)
from ...tools import background, time_limit, work_queue
from ...tools.outcomes import outcome_of
from ...tools.transactions import commit, read_committed
from ...tools.watched import log_event
from ..conversation.conversation import preview_text

_logger = logging.getLogger(__name__)

RETRY_DELAYS = [10, 60, 300, 900, 3600]
CRASHED_AFTER = timedelta(minutes=2)
BATCH = 100
MOST_HOLDS = 3
# Requests at a time: at 200 ms for each, 80 per second, as a number of WhatsApp may
# send. Where it may send fewer, the provider refuses and names a time to wait.
AT_ONCE = 16
# The longest request. Settling it has the other half of Odoo's time limit.
SECONDS = CONNECT_TIMEOUT + READ_TIMEOUT
# The longest time for one message: an upload and the request.
MOST_SECONDS = 60


def _messages(cr):
    return api.Environment(cr, api.SUPERUSER_ID, {})["messaging.message"]


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    def _send_after_commit(self):
        """Send in the background once the rows are committed.

        A failure here leaves the rows committed, so the cron sends them later.
        """
        registry, conversation_ids = self.env.registry, self.conversation_id.ids

        def send(cr):
            _messages(cr)._send_now(conversation_ids)

        @self.env.cr.postcommit.add
        def start():
            try:
                if not background.start(registry, send):
                    with registry.cursor() as cr:
                        _messages(cr)._trigger_sending()
            except Exception:
                _logger.exception("Sending right after the commit failed")

    @api.model
    def _send_now(self, conversation_ids):
        with time_limit.limited(MOST_SECONDS):
            self._send_queued(conversation_ids, limit=1)
        if self._next_queued(conversation_ids):
            self._trigger_sending()

    @api.model
    def _trigger_sending(self, at=None):
        self.env.ref("messaging_inbox.ir_cron_send_queued")._trigger(at)

    @api.model
    def _cron_send_queued(self):
        self._settle_crashed()
        sent = self._send_queued()
        is_late = not time_limit.has_time_for(SECONDS)
        remaining = len(self._next_queued(limit=BATCH)) if sent or is_late else 0
        if remaining and is_late:
            # Otherwise Odoo may wait up to a minute before the next run.
            self._trigger_sending()
        self.env["ir.cron"]._commit_progress(sent, remaining=remaining)

    @api.model
    def _send_queued(self, conversation_ids=None, limit=None):
        """Send due messages, oldest first; return the number of requests.

        Stop when Odoo could kill this process before the provider responds.
        """
        return work_queue.run_side_by_side(
            partial(self._claim, conversation_ids),
            self._settle_claimed,
            SECONDS,
            AT_ONCE,
            limit,
        )

    @api.model
    def _claim(self, conversation_ids=None, limit=1):
        """Set the next due messages to ``sending``; return [(message, request)].

        Messages that must no longer be sent fail here, before any request. That is why
        this isn't ``work_queue.claim()``, which counts an attempt of every due row.
        """
        # A customer may have written STOP since the last commit.
        read_committed(self.env.cr)
        while messages := self._next_queued(conversation_ids, limit, lock=True):
            claimed = []
            for message in messages:
                if request := message._prepare():
                    claimed.append((message, partial(message._request, *request)))
                    # Don't publish: open inboxes show the clock of a queued message,
                    # and the row of the bus would delay the request.
                    attempts = message.attempts + 1
                    message.write({"state": "sending", "attempts": attempts})
            commit(self.env)
            if claimed:
                return claimed
        return []

    def _prepare(self):
        """Return (provider, outbound); None if the message waits or has just failed."""
        account = self.channel_id.account_id
        if not account.active or account.state != "connected":
            # The account was paused since the query, so the message waits.
            return None
        try:
            obstacle = self._obstacle()
            if not obstacle:
                return self._channel_provider(), self._outbound()
        except Exception:
            # One bad row must not block the others.
            _logger.exception("Preparing message %s failed", self.id)
            obstacle = Reason.OTHER
        self._send_failed(Refused(obstacle))
        return None

    @api.model
    def _next_queued(self, conversation_ids=None, limit=1, lock=False):
        """Return due messages that are the first ones queued in their conversation.

        Messages of a paused or archived account wait until it is connected again, and
        those of a channel that was asked to wait for as long as that.
        """
        mine = SQL()
        if conversation_ids is not None:
            mine = SQL("AND q.conversation_id = ANY(%s)", list(conversation_ids))
        query = SQL(
            """
            SELECT q.id FROM messaging_message q
              JOIN messaging_channel c ON c.id = q.channel_id
              JOIN messaging_account a ON a.id = c.account_id
             WHERE q.state = 'queued' AND q.direction = 'outbound'
               AND a.state = 'connected' AND a.active
               AND (q.next_try_at IS NULL OR q.next_try_at <= %(now)s)
               AND (c.sending_paused_until IS NULL
                    OR c.sending_paused_until <= %(now)s)
               AND NOT EXISTS (
                   SELECT 1 FROM messaging_message earlier
                    WHERE earlier.conversation_id = q.conversation_id
                      AND earlier.id < q.id
                      AND earlier.state IN ('queued', 'sending'))
               %(mine)s
             ORDER BY q.id LIMIT %(limit)s
            """,
            now=fields.Datetime.now(),
            mine=mine,
            limit=limit,
        )
        return work_queue.due(self, query, lock)

    @api.model
    def _settle_crashed(self):
        """Set messages to ``unknown`` whose worker died while sending them.

        They may have been sent, so they are never resent automatically.
        """
        crashed = self.search(
            [
                ("state", "=", "sending"),
                ("write_date", "<", fields.Datetime.now() - CRASHED_AFTER),
            ]
        )
        crashed._store({"state": "unknown", "reason": Reason.OTHER.value})
        for message in crashed:
            message._log_end("message_unknown", Reason.OTHER.value)
        commit(self.env)

    def _request(self, provider, outbound):
        """Return the provider's response, or the error as a SendError.

        This runs in another thread, so it must not use the cursor.
        """
        return outcome_of(
            partial(provider.send, outbound),
            # One bad row must not block the others.
            partial(_logger.exception, "Sending message %s failed", self.id),
        )

    @api.model
    def _settle_claimed(self, outcomes):
        """Store the outcomes of several messages, by message."""

        def keep(outcomes):
            self.browse().union(*outcomes)._settle_all(
                {message.id: outcome for message, outcome in outcomes.items()}
            )

        work_queue.settle_many(self.env, keep, outcomes)

    def _settle(self, outcome):
        self._settle_all({self.id: outcome})

    def _settle_all(self, outcomes):
        """Store outcomes by id, unless an earlier status callback is further ahead."""
        self.env.invalidate_all()
        states = self._lock_states()
        messages = self.browse(states)
        echoes = messages._echoes(outcomes)
        taken = self.browse()
        for message in messages:
            state, outcome = states[message.id], outcomes[message.id]
            # Meanwhile, it may have been set to unknown or even queued again.
            if isinstance(outcome, SendError):
                is_certain = not isinstance(outcome, Unsettled)
                if state == "sending" or (state == "unknown" and is_certain):
                    message._record_error(outcome)
                continue
            echo = echoes.get((message.channel_id, outcome.message_id))
            if echo:
                message._take_over(echo)
            message._store_taken(state, outcome.message_id)
            taken += message
        if taken:
            taken._after_send()

    def _lock_states(self):
        """Lock the messages; return {id: state} of those that were not deleted.

        Lock the conversations first, as the processing of an echo does, in the order of
        everybody who locks several.
        """
        for query in (
            "SELECT id FROM messaging_conversation WHERE id IN (SELECT conversation_id"
            " FROM messaging_message WHERE id = ANY(%s)) ORDER BY id"
            " FOR NO KEY UPDATE",
            "SELECT id, state FROM messaging_message WHERE id = ANY(%s) ORDER BY id"
            " FOR NO KEY UPDATE",
        ):
            rows = self.env.execute_query(SQL(query, self.ids))
        return dict(rows)

    def _echoes(self, outcomes):
        """Return {(channel, provider's id): echo} of what the provider took."""
        taken = [
            outcome.message_id
            for outcome in outcomes.values()
            if not isinstance(outcome, SendError)
        ]
        domain = [
            ("channel_id", "in", self.channel_id.ids),
            ("provider_message_id", "in", taken),
            ("id", "not in", self.ids),
        ]
        found = self.search(domain) if taken else self.browse()
        return {(echo.channel_id, echo.provider_message_id): echo for echo in found}

    def _take_over(self, echo):
        """Delete an echo that arrived before the response and wasn't recognized."""
        echo.unlink()
        preview = preview_text(self.body)
        newest = {"last_message_id": self.id, "last_message_preview": preview}
        self.conversation_id._store(newest)

    def _store_taken(self, state, message_id):
        values = {"provider_message_id": message_id}
        if state in ("queued", "sending", "unknown"):
            values.update(state="sent", reason=False, error_code=False)
            values.update(error_detail=False, next_try_at=False)
        self._store(values)

    def _record_error(self, error):
        if isinstance(error, Unsettled):
            self._store({"state": "unknown", **self._error_values(error)})
            self._log_end("message_unknown", error.reason.value, error.code)
        elif error.reason is Reason.BAD_CREDENTIALS:
            self._hold_back(error)
        elif isinstance(error, Retryable):
            self._send_later(error)
        else:
            self._send_failed(error)

    def _error_values(self, error):
        return {
            "reason": error.reason.value,
            "error_code": error.code or False,
            "error_detail": error.detail or False,
        }

    def _send_later(self, error):
        if self.attempts > len(RETRY_DELAYS):
            self._send_failed(error)
            return
        delay = RETRY_DELAYS[self.attempts - 1]
        delay = max(delay * random.uniform(0.8, 1.2), error.retry_after or 0)  # noqa: S311
        next_try_at = fields.Datetime.now() + timedelta(seconds=delay)
        values = {"state": "queued", "next_try_at": next_try_at}
        self._store({**values, **self._error_values(error)})
        if error.reason is Reason.RATE_LIMITED and error.retry_after:
            self.channel_id._pause_sending(error.retry_after)
        self._trigger_sending(next_try_at)

    def _hold_back(self, error):
        """Pause the account and keep the message until a manager reconnects it.

        After MOST_HOLDS attempts the message fails, so that it can't pause the account
        for ever.
        """
        account = self.channel_id.account_id
        account._set_error(account._connection_error(error))
        if self.attempts >= MOST_HOLDS:
            self._send_failed(error)
        else:
            self._store({"state": "queued", **self._error_values(error)})

    def _send_failed(self, error):
        self._store({"state": "failed", **self._error_values(error)})
        self._log_end("message_given_up", error.reason.value, error.code)
        self._after_display_change()
        self._check_templates(error.reason.value)
        if error.reason is Reason.OPTED_OUT:
            self.conversation_id._set_opted_out(True, "provider")
        if error.reason is Reason.NOT_ON_CHANNEL:
            self.conversation_id._set_unreachable(self.sent_at)

    def _log_end(self, event, reason, code=""):
        facts = {"message": self.id, "account": self.channel_id.account_id.id}
        log_event(event, **facts, reason=reason, code=code)

    def _store(self, values):
        self.write(values)
        self._publish()

    def _publish(self):
        self.env["messaging.bus"]._changed(self.conversation_id.ids, self.ids)


class MessagingChannel(models.Model):
    _inherit = "messaging.channel"

    sending_paused_until = fields.Datetime(
        readonly=True,
        copy=False,
        help="The provider asked us to send nothing from this channel until then.",
    )

    def _pause_sending(self, seconds):
        """Send nothing for a while, as the provider refuses all messages until then.

        A statement of its own: several messages are refused at the same moment, and
        the latest time counts.
        """
        until = fields.Datetime.now() + timedelta(seconds=seconds)
        self.env.execute_query(
            SQL(
                "UPDATE messaging_channel SET sending_paused_until ="
                " GREATEST(sending_paused_until, %s) WHERE id = %s RETURNING id",
                until,
                self.id,
            )
        )
        self.invalidate_recordset(["sending_paused_until"])
        self.env["messaging.message"]._trigger_sending(until)


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    def _after_connect(self):
        """Send the messages that waited while the account was paused."""
        super()._after_connect()
        self.env["messaging.message"]._trigger_sending()

"""The outbox: send each message in one request, in order and never twice.

``reply()`` commits rows as ``queued``. A row is claimed by committing it as
``sending``, so that after a crash between request and response it becomes ``unknown``
instead of being sent again.
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
from ..conversation.conversation import preview_text

_logger = logging.getLogger(__name__)

RETRY_DELAYS = [10, 60, 300, 900, 3600]
CRASHED_AFTER = timedelta(minutes=2)
BATCH = 100
MOST_HOLDS = 3
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
        sent = self._send_queued(limit=BATCH)
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
        send_next = partial(self._send_next, conversation_ids)
        return work_queue.run(send_next, SECONDS, limit)

    @api.model
    def _send_next(self, conversation_ids):
        message, request = self._claim(conversation_ids)
        if not message:
            return False
        message._send_claimed(request)
        commit(self.env)
        return True

    @api.model
    def _claim(self, conversation_ids=None):
        """Set the next due message to ``sending``; return it and its request.

        Messages that must no longer be sent fail here, before any request. That is why
        this isn't ``work_queue.claim()``, which counts an attempt of every due row.
        """
        # A customer may have written STOP since the last commit.
        read_committed(self.env.cr)
        while message := self._next_queued(conversation_ids, limit=1, lock=True):
            request = message._prepare()
            if request:
                message.write({"state": "sending", "attempts": message.attempts + 1})
                message._publish()
                commit(self.env)
                return message, request
            commit(self.env)
        return message, None

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

        Messages of a paused or archived account wait until it is connected again.
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
        commit(self.env)

    def _send_claimed(self, request):
        """Make the request with no transaction open, then store its outcome."""
        self.ensure_one()
        outcome = self._call_provider(*request)
        read_committed(self.env.cr)
        self._settle(outcome)

    def _call_provider(self, provider, outbound):
        """Return the provider's response, or the error as a SendError."""
        return outcome_of(
            partial(provider.send, outbound),
            # One bad row must not block the others.
            partial(_logger.exception, "Sending message %s failed", self.id),
        )

    def _settle(self, outcome):
        """Store the outcome, unless an earlier status callback is further ahead."""
        self.env.invalidate_all()
        state = self._lock_state()
        if state is None:
            return
        # Meanwhile, it may have been set to unknown or even queued again.
        if isinstance(outcome, SendError):
            is_certain = not isinstance(outcome, Unsettled)
            if state == "sending" or (state == "unknown" and is_certain):
                self._record_error(outcome)
            return
        self._take_over_echo(outcome.message_id)
        values = {"provider_message_id": outcome.message_id}
        if state in ("queued", "sending", "unknown"):
            values.update(state="sent", reason=False, error_code=False)
            values.update(error_detail=False, next_try_at=False)
        self._store(values)
        self._after_send()

    def _lock_state(self):
        """Lock the message and return its state; None if it was deleted meanwhile.

        Lock the conversation first, as the processing of an echo does.
        """
        for query in (
            "SELECT c.id FROM messaging_message m JOIN messaging_conversation c"
            " ON c.id = m.conversation_id WHERE m.id = %s FOR NO KEY UPDATE OF c",
            "SELECT state FROM messaging_message WHERE id = %s FOR NO KEY UPDATE",
        ):
            rows = self.env.execute_query(SQL(query, self.id))
        return rows[0][0] if rows else None

    def _take_over_echo(self, message_id):
        """Delete an echo that arrived before the response and wasn't recognized."""
        echo = self.search(
            [
                ("channel_id", "=", self.channel_id.id),
                ("provider_message_id", "=", message_id),
                ("id", "!=", self.id),
            ]
        )
        if not echo:
            return
        echo.unlink()
        preview = preview_text(self.body)
        newest = {"last_message_id": self.id, "last_message_preview": preview}
        self.conversation_id._store(newest)

    def _record_error(self, error):
        if isinstance(error, Unsettled):
            self._store({"state": "unknown", **self._error_values(error)})
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
        self._after_display_change()
        self._check_templates(error.reason.value)
        if error.reason is Reason.OPTED_OUT:
            self.conversation_id._set_opted_out(True, "provider")
        if error.reason is Reason.NOT_ON_CHANNEL:
            self.conversation_id._set_unreachable(self.sent_at)

    def _store(self, values):
        self.write(values)
        self._publish()

    def _publish(self):
        self.env["messaging.bus"]._changed(self.conversation_id.ids, self.ids)


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    def _after_connect(self):
        """Send the messages that waited while the account was paused."""
        super()._after_connect()
        self.env["messaging.message"]._trigger_sending()

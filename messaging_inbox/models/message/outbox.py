"""Sending: one row is one request, order kept, and never the same thing twice.

``reply()`` commits rows as ``queued``. A row is claimed by turning it to ``sending``
and committing that, so that a crash between the request and its answer is seen later
(``unknown``) instead of being sent again.
"""

import logging
import random
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ...providers.call import CONNECT_TIMEOUT, READ_TIMEOUT
from ...providers.errors import (
    ProviderError,
    Reason,
    Refused,
    Retryable,
    SendError,
    Unsettled,
)
from ...tools import background, time_limit, work_queue
from ...tools.transactions import commit, read_committed
from ..conversation.conversation import preview_text

_logger = logging.getLogger(__name__)

RETRY_DELAYS = [10, 60, 300, 900, 3600]
CRASHED_AFTER = timedelta(minutes=2)
BATCH = 100
MOST_HOLDS = 3
# One request, at most; the settling after it has Odoo's other half of the time.
SECONDS = CONNECT_TIMEOUT + READ_TIMEOUT
# What a message takes at most: an upload, and the request.
MOST_SECONDS = 60


def _messages(cr):
    return api.Environment(cr, api.SUPERUSER_ID, {})["messaging.message"]


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    def _send_after_commit(self):
        """Send once the rows are committed, in the background; the cron does the rest.

        The rows are committed whatever happens: what isn't sent now the cron sends.
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
            # Odoo would come back within a minute.
            self._trigger_sending()
        self.env["ir.cron"]._commit_progress(sent, remaining=remaining)

    @api.model
    def _send_queued(self, conversation_ids=None, limit=None):
        """Send what is due, oldest first; return how many requests were made.

        It stops where Odoo could end this process before the provider answers.
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
        """Turn the next due message to ``sending``; return it and its request.

        What may not leave any more fails here, where nothing was requested yet: so not
        by ``work_queue.claim()``, which counts an attempt of whatever is due.
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
        """Return the (provider, outbound) to send; otherwise store why it can't be."""
        account = self.channel_id.account_id
        if not account.active or account.state != "connected":
            # Paused since it was looked for: it waits.
            return None
        try:
            obstacle = self.conversation_id._obstacle(self.author_id)
            if not obstacle:
                return self._channel_provider(), self._outbound()
        except Exception:
            # One bad row must not stop the others.
            _logger.exception("Preparing message %s failed", self.id)
            obstacle = Reason.OTHER
        self._send_failed(Refused(obstacle))
        return None

    @api.model
    def _next_queued(self, conversation_ids=None, limit=1, lock=False):
        """Return messages that are due and first in their conversation.

        Those of an account that is paused or archived wait until it is back.
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
        """What was being sent when a worker died may have left: never send it again."""
        crashed = self.search(
            [
                ("state", "=", "sending"),
                ("write_date", "<", fields.Datetime.now() - CRASHED_AFTER),
            ]
        )
        crashed._store({"state": "unknown", "reason": Reason.OTHER.value})
        commit(self.env)

    def _send_claimed(self, request):
        """Make the request with no transaction open, then keep what came of it."""
        self.ensure_one()
        outcome = self._call_provider(*request)
        read_committed(self.env.cr)
        self._settle(outcome)

    def _call_provider(self, provider, outbound):
        """Return what the provider answers, be it an error."""
        try:
            return provider.send(outbound)
        except SendError as error:
            return error
        except ProviderError as error:
            return Refused(Reason.OTHER, detail=str(error))
        except Exception:
            # One bad row must not stop the others; it may have left, so say so.
            _logger.exception("Sending message %s failed", self.id)
            return Unsettled(Reason.OTHER)

    def _settle(self, outcome):
        """Keep the outcome, unless a status callback came before it and knows more."""
        self.env.invalidate_all()
        state = self._lock_state()
        if state is None:
            return
        # It may have been given up as lost, or even been queued anew, in the meantime.
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
        """Return the state, locked; None when the message was deleted meanwhile.

        Its conversation first, which whoever processes an echo of it holds, too.
        """
        for query in (
            "SELECT c.id FROM messaging_message m JOIN messaging_conversation c"
            " ON c.id = m.conversation_id WHERE m.id = %s FOR NO KEY UPDATE OF c",
            "SELECT state FROM messaging_message WHERE id = %s FOR NO KEY UPDATE",
        ):
            rows = self.env.execute_query(SQL(query, self.id))
        return rows[0][0] if rows else None

    def _take_over_echo(self, message_id):
        """Drop the echo that came before the answer and couldn't be told as ours."""
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
        """Pause the account; the message leaves once a manager has connected it again.

        One that is refused so each time must not stop the account for ever.
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
        if error.reason is Reason.OPTED_OUT:
            self.conversation_id._set_opted_out(True)

    def _store(self, values):
        self.write(values)
        self._publish()

    def _publish(self):
        self.env["messaging.bus"]._changed(self.conversation_id.ids, self.ids)


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    def _after_connect(self):
        """Let leave what waited while the account was paused."""
        super()._after_connect()
        self.env["messaging.message"]._trigger_sending()

"""What customers see of us before we answer: that we have read, and that we type.

A setting of the channel decides (``shows_reading``). A conversation has one row, which
says what its customer is to be shown and, afterwards, what was shown last. It leaves in
the background, so that no page waits for it. What can't be shown is given up: it is no
message, and an Agent can do nothing about it.
"""

import logging
import random
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ...providers.call import CONNECT_TIMEOUT, READ_TIMEOUT
from ...providers.errors import Refused, SendError
from ...providers.events import OutboundRead
from ...tools import background, time_limit, work_queue
from ...tools.outcomes import outcome_of
from .outbox import MOST_SECONDS

_logger = logging.getLogger(__name__)

# A customer sees for so long that we type.
TYPING = timedelta(seconds=25)
RETRY_DELAYS = [10, 60]
# How long a request may take before it counts as cut off.
LEASE = timedelta(minutes=2)
SECONDS = CONNECT_TIMEOUT + READ_TIMEOUT
BATCH = 100


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def action_mark_read(self):
        """Mark all messages as read; show it to the customers, where wanted."""
        result = super().action_mark_read()
        for conversation in self:
            conversation._show_reading()
        return result

    def _show_reading(self, is_typing=False):
        """Show the customer that we have read everything and, if so, that we type.

        Only for those who could answer now.
        """
        # sudo: messaging.channel - a setting that isn't confidential
        channel = self.sudo().channel_id
        if not channel._shows_reading(channel.id) or not self.has_access("write"):
            return
        if not self._obstacle(self.env.user):
            # sudo: messaging.read.mark - only our own code writes them
            self.env["messaging.read.mark"].sudo()._ask(self, is_typing)


class MessagingReadMark(models.Model):
    _name = "messaging.read.mark"
    _description = "Read mark to be shown"
    _log_access = False

    conversation_id = fields.Many2one(
        "messaging.conversation", required=True, ondelete="cascade"
    )
    message_id = fields.Many2one(
        "messaging.message",
        required=True,
        index=True,
        ondelete="cascade",
        help="The customer's last message that we have read.",
    )
    typing_at = fields.Datetime(help="When we began to type, or typed on.")
    attempts = fields.Integer()
    next_try_at = fields.Datetime(help="Empty if the customer sees it already.")

    _conversation_unique = models.UniqueIndex("(conversation_id)")
    _due_idx = models.Index("(next_try_at, id) WHERE next_try_at IS NOT NULL")

    @api.model
    def _ask(self, conversation, is_typing):
        """Note what the customer is to see, unless it is seen already; show it soon."""
        now = fields.Datetime.now()
        asked = self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_read_mark AS a
                       (conversation_id, message_id, typing_at, attempts, next_try_at)
                SELECT m.conversation_id, m.id, %(typing_at)s, 0, %(now)s
                  FROM messaging_message m
                  JOIN messaging_conversation c ON c.last_inbound_message_id = m.id
                 WHERE c.id = %(conversation)s AND m.provider_message_id IS NOT NULL
                    ON CONFLICT (conversation_id) DO UPDATE
                   SET message_id = EXCLUDED.message_id,
                       typing_at = coalesce(EXCLUDED.typing_at, a.typing_at),
                       attempts = 0, next_try_at = EXCLUDED.next_try_at
                 WHERE a.message_id < EXCLUDED.message_id
                    OR EXCLUDED.typing_at > coalesce(a.typing_at, '-infinity')
                       + %(typing)s
                RETURNING a.id
                """,
                typing_at=now if is_typing else None,
                now=now,
                conversation=conversation.id,
                typing=TYPING,
            )
        )
        if asked:
            self.browse(asked[0][0])._show_after_commit()

    def _show_after_commit(self):
        """Show it in the background once the row is committed, else by the cron."""
        registry, ids = self.env.registry, self.ids

        def marks(cr):
            return api.Environment(cr, api.SUPERUSER_ID, {})[self._name]

        @self.env.cr.postcommit.add
        def start():
            try:
                work = partial(_show_now, marks, ids)
                if not background.start(registry, work):
                    with registry.cursor() as cr:
                        marks(cr)._trigger_showing()
            except Exception:
                _logger.exception("Showing a read mark after the commit failed")

    @api.model
    def _trigger_showing(self, at=None):
        self.env.ref("messaging_inbox.ir_cron_show_reading")._trigger(at)

    @api.model
    def _cron_show(self):
        shown = self._show_due(limit=BATCH)
        if self._next_due():
            self._trigger_showing()
        self.env["ir.cron"]._commit_progress(shown)

    @api.model
    def _show_due(self, ids=None, limit=None):
        """Show what is due, one request each; return how many."""
        return work_queue.run(partial(self._show_next, ids), SECONDS, limit)

    @api.model
    def _show_next(self, ids):
        find = partial(self._next_due, ids, lock=True)
        row, request = work_queue.claim(self.env, find, lambda row: row._prepare())
        if not row:
            return False
        if request:
            provider, outbound, asked = request
            outcome = outcome_of(
                partial(provider.show_read, outbound),
                partial(_logger.exception, "Showing read mark %s failed", row.id),
            )
            keep = partial(row._settle, asked)
            work_queue.settle(self.env, keep, outcome, lambda error: error)
        return True

    @api.model
    def _next_due(self, ids=None, lock=False):
        """Return a row that is due; those of a paused or archived account wait."""
        mine = SQL() if ids is None else SQL("AND q.id = ANY(%s)", list(ids))
        query = SQL(
            """
            SELECT q.id FROM messaging_read_mark q
              JOIN messaging_message m ON m.id = q.message_id
              JOIN messaging_channel c ON c.id = m.channel_id
              JOIN messaging_account a ON a.id = c.account_id
             WHERE q.next_try_at <= %s AND a.state = 'connected' AND a.active %s
             ORDER BY q.next_try_at, q.id LIMIT 1
            """,
            fields.Datetime.now(),
            mine,
        )
        return work_queue.due(self, query, lock)

    def _prepare(self):
        """Count an attempt; return (provider, outbound, what was asked for), or None.

        None if it was tried too often: the process died each time.
        """
        if self.attempts > len(RETRY_DELAYS):
            self.next_try_at = False
            return None
        now = fields.Datetime.now()
        self.write({"attempts": self.attempts + 1, "next_try_at": now + LEASE})
        message = self.message_id
        recipient = message.conversation_id._recipient()
        outbound = OutboundRead(
            channel=message.channel_id._provider_ref(),
            recipient=recipient.external_id or "",
            message_id=message.provider_message_id,
            is_typing=bool(self.typing_at) and self.typing_at > now - TYPING,
        )
        return message._channel_provider(), outbound, self._asked()

    def _asked(self):
        return self.message_id.id, self.typing_at

    def _settle(self, asked, outcome):
        """Store that it was shown, or when to try again.

        Meanwhile the conversation may have been deleted, or more may have been asked.
        """
        self.env.invalidate_all()
        if not self.exists() or self._asked() != asked:
            return
        is_over = isinstance(outcome, Refused) or self.attempts > len(RETRY_DELAYS)
        if not isinstance(outcome, Exception) or is_over:
            if isinstance(outcome, SendError):
                _logger.info("Read mark %s can't be shown: %s", self.id, outcome)
            self.next_try_at = False
            return
        delay = RETRY_DELAYS[self.attempts - 1] * random.uniform(0.8, 1.2)  # noqa: S311
        self.next_try_at = fields.Datetime.now() + timedelta(seconds=delay)
        self._trigger_showing(self.next_try_at)


def _show_now(marks, ids, cr):
    with time_limit.limited(MOST_SECONDS):
        marks(cr)._show_due(ids, limit=1)
        if marks(cr)._next_due(ids):
            marks(cr)._trigger_showing()

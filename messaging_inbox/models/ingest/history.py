"""Past messages, fetched from the provider when a channel is connected or on request.

They only complete conversations: they don't notify, reopen or start a reply window, and
they count as read. New conversations are closed.

A thread is ordered by id. So a channel reserves a block of ids before its messages are
fetched, and fills it from the end, the newest message first: whatever arrives meanwhile
stands below.
"""

import json
import logging
from datetime import datetime, timedelta
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from ...providers.errors import ProviderError
from ...providers.provider import Provider
from ...tools import time_limit, work_queue
from ...tools.client_values import expects, is_id
from ...tools.transactions import commit, read_committed
from ..conversation.conversation import preview_text
from .ingest import Incoming
from .messages import direction_of

_logger = logging.getLogger(__name__)

MOST_DAYS = 365
MOST_MESSAGES = 10_000
BATCH = 100
# One page of the provider's list, and the requests for its files.
SECONDS = 20
NEXT_TRY = timedelta(minutes=10)
MAX_ATTEMPTS = 5

# Store the messages under the newest free ids of the block, in the order given.
INSERT_HISTORY = """
    WITH incoming (
        position, provider_message_id, hash, conversation_id, direction, state, kind,
        body, data, sent_at, error_code, reason, preview
    ) AS (VALUES %(incoming)s),
    wanted AS (
        SELECT *, row_number() OVER (ORDER BY position) AS nth FROM incoming
         WHERE NOT EXISTS (
               SELECT FROM messaging_tombstone t WHERE t.hash = incoming.hash)
           AND NOT EXISTS (
               SELECT FROM messaging_message m
                WHERE m.channel_id = %(channel)s
                  AND m.provider_message_id = incoming.provider_message_id)),
    free AS (
        SELECT id, row_number() OVER (ORDER BY id DESC) AS nth
          FROM generate_series(%(first)s::int, %(last)s::int) AS block(id)
         WHERE NOT EXISTS (
               SELECT FROM messaging_message m WHERE m.id = block.id)),
    inserted AS (
        INSERT INTO messaging_message (
            id, channel_id, provider_message_id, conversation_id, direction, state,
            kind, body, data, sent_at, error_code, reason, create_date, write_date)
        SELECT free.id, %(channel)s, provider_message_id, conversation_id, direction,
               state, kind, body, data::jsonb, sent_at, error_code, reason, %(now)s,
               %(now)s
          FROM wanted JOIN free USING (nth)
        ON CONFLICT (channel_id, provider_message_id)
              WHERE provider_message_id IS NOT NULL
           DO NOTHING
        RETURNING *),
    newest AS (
        SELECT conversation_id, max(id) AS id, min(sent_at) AS since
          FROM inserted GROUP BY conversation_id),
    updated AS (
        UPDATE messaging_conversation c
           SET state = CASE WHEN coalesce(c.last_message_id, 0) = 0 THEN 'closed'
                            ELSE c.state END,
               create_date = least(c.create_date, newest.since),
               history_message_id = CASE
                   WHEN coalesce(c.last_inbound_message_id, newest.id + 1) > newest.id
                   THEN greatest(c.history_message_id, newest.id)
                   ELSE c.history_message_id END,
               last_message_at = CASE WHEN coalesce(c.last_message_id, 0) = 0
                   THEN m.sent_at ELSE c.last_message_at END,
               last_message_preview = CASE WHEN coalesce(c.last_message_id, 0) = 0
                   THEN incoming.preview ELSE c.last_message_preview END,
               last_message_id = CASE WHEN coalesce(c.last_message_id, 0) = 0
                   THEN newest.id ELSE c.last_message_id END
          FROM newest
          JOIN inserted m ON m.id = newest.id
          JOIN incoming USING (provider_message_id)
         WHERE c.id = newest.conversation_id)
    SELECT id, provider_message_id, conversation_id FROM inserted
"""


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    history_days = fields.Integer(
        string="Past messages to fetch (days)",
        default=30,
        help=(
            "How far back to fetch messages from the provider when a channel is"
            " connected. 0 fetches none."
        ),
    )
    has_history = fields.Boolean(compute="_compute_has_history")

    @api.depends("provider")
    def _compute_has_history(self):
        for account in self:
            account.has_history = (
                account._provider_class().history is not Provider.history
            )

    @api.constrains("history_days")
    def _check_history_days(self):
        for account in self:
            if not 0 <= account.history_days <= MOST_DAYS:
                raise UserError(
                    self.env._("Enter between 0 and %(most)s days.", most=MOST_DAYS)
                )

    def _after_channels_made(self, channels):
        super()._after_channels_made(channels)
        if self.has_history and self.history_days:
            channels._ask_history(self.history_days)
        elif self._provider_class().posts_history:
            channels._take_block()


class MessagingChannel(models.Model):
    _inherit = "messaging.channel"

    has_history = fields.Boolean(related="account_id.has_history")
    history_fetched_at = fields.Datetime(
        string="Past messages fetched on", readonly=True, copy=False
    )
    history_count = fields.Integer(
        string="Past messages fetched", readonly=True, copy=False
    )
    history_error = fields.Char(
        string="Problem with past messages", readonly=True, copy=False
    )
    # What remains to be fetched: from the end of the period back to its start. Empty if
    # nothing does.
    history_since = fields.Datetime(groups=NO_ACCESS, copy=False)
    history_until = fields.Datetime(groups=NO_ACCESS, copy=False)
    history_asked_at = fields.Datetime(groups=NO_ACCESS, copy=False)
    history_first_id = fields.Integer(groups=NO_ACCESS, copy=False)
    history_last_id = fields.Integer(groups=NO_ACCESS, copy=False)
    history_attempts = fields.Integer(groups=NO_ACCESS, copy=False)
    history_next_at = fields.Datetime(groups=NO_ACCESS, copy=False)

    _history_idx = models.Index("(id) WHERE history_since IS NOT NULL")

    @expects(days=is_id)
    def action_fetch_history(self, days=None):
        """Fetch the messages of the last days from the provider, in the background.

        Without ``days``, as far back as when a channel is connected.
        """
        self.check_access("write")
        days = days or self.account_id[:1].history_days
        if not 0 < days <= MOST_DAYS:
            raise UserError(
                self.env._("Enter between 1 and %(most)s days.", most=MOST_DAYS)
            )
        if not all(self.mapped("has_history")):
            raise UserError(self.env._("The provider keeps no messages to fetch."))
        self._ask_history(days)
        return self.account_id[:1]._notification(
            self.env._("Past messages are being fetched. This can take a few minutes."),
            "success",
        )

    def _ask_history(self, days):
        """Let the cron fetch the messages of the last days."""
        now = fields.Datetime.now()
        # sudo: messaging.channel - the cron's own fields
        for channel in self.sudo():
            first, last = channel._reserve_ids()
            since = channel._kept_since("messages") or datetime.min
            channel.write(
                {
                    "history_since": max(since, now - timedelta(days=days)),
                    "history_asked_at": now,
                    "history_until": now,
                    "history_first_id": first,
                    "history_last_id": last,
                    "history_attempts": 0,
                    "history_next_at": False,
                    "history_count": 0,
                    "history_error": False,
                    "history_fetched_at": False,
                }
            )
        if self:
            self.env.ref("messaging_inbox.ir_cron_fetch_history")._trigger()

    def _take_block(self):
        """Reserve ids for past messages, below all that arrive from now on."""
        # sudo: messaging.channel - only our own code uses the block
        for channel in self.sudo():
            first, last = channel._reserve_ids()
            channel.write({"history_first_id": first, "history_last_id": last})

    @api.model
    def _reserve_ids(self):
        """Return the first and last id of a new block.

        Messages that arrive at the same moment may take some between them.
        """
        query = SQL(
            "SELECT min(id), max(id) FROM (SELECT nextval(pg_get_serial_sequence("
            "'messaging_message', 'id')) AS id FROM generate_series(1, %s)) AS block",
            MOST_MESSAGES + BATCH,
        )
        return self.env.execute_query(query)[0]

    # ------------------------------------------------------------------
    # the cron
    # ------------------------------------------------------------------

    @api.model
    def _cron_fetch_history(self):
        fetched = work_queue.run(self._fetch_next_history, SECONDS)
        remaining = len(self._next_history())
        self.env["ir.cron"]._commit_progress(fetched, remaining=remaining)

    @api.model
    def _next_history(self, lock=False):
        query = SQL(
            """
            SELECT q.id FROM messaging_channel q
              JOIN messaging_account a ON a.id = q.account_id
             WHERE q.history_since IS NOT NULL AND q.active AND a.active
               AND a.state = 'connected'
               AND (q.history_next_at IS NULL OR q.history_next_at <= %s)
             ORDER BY q.history_next_at NULLS FIRST, q.id LIMIT 1
            """,
            fields.Datetime.now(),
        )
        return work_queue.due(self, query, lock)

    @api.model
    def _fetch_next_history(self):
        """Fetch one channel's messages; return False if none is due."""

        def find():
            return self._next_history(lock=True)

        def prepare(channel):
            attempts = channel.history_attempts + 1
            next_at = fields.Datetime.now() + NEXT_TRY
            channel.write({"history_attempts": attempts, "history_next_at": next_at})
            return channel.account_id._provider(), channel._provider_ref()

        channel, request = work_queue.claim(self.env, find, prepare)
        if not channel:
            return False
        try:
            channel._fetch_history(*request)
        except ProviderError as error:
            channel._history_failed(channel.account_id._connection_error(error))
        except Exception as error:
            # One channel must not block the others.
            _logger.exception("Fetching past messages of %s failed", channel.id)
            sentence = self.env["messaging.ingest"]._internal_error_sentence(error)
            read_committed(self.env.cr)
            channel._history_failed(sentence)
        commit(self.env)
        return True

    def _fetch_history(self, provider, ref):
        """Fetch and store messages, newest first, until the job must end."""
        since, until = self.history_since, self.history_until
        found = provider.history(ref, since, until or None)
        # What is sent from now on comes by webhooks, which would find it stored.
        asked_at = self.history_asked_at
        events = (event for event in found if event.sent_at < asked_at)
        while batch := list(islice(events, BATCH)):
            read_committed(self.env.cr)
            stored = self.env["messaging.ingest"]._store_history(self, batch)
            reached = min(event.sent_at for event in batch)
            self.write(
                {
                    "history_count": self.history_count + stored,
                    "history_until": reached,
                    "history_attempts": 0,
                }
            )
            commit(self.env)
            if self.history_count >= MOST_MESSAGES:
                break
            if not time_limit.has_time_for(SECONDS):
                self.write({"history_next_at": False})
                return
        self._history_done()

    def _history_done(self):
        self.write(
            {
                "history_since": False,
                "history_error": False,
                "history_fetched_at": fields.Datetime.now(),
            }
        )

    def _history_failed(self, sentence):
        values = {"history_error": sentence}
        if self.history_attempts >= MAX_ATTEMPTS:
            values["history_since"] = False
        self.write(values)


class MessagingIngest(models.AbstractModel):
    _inherit = "messaging.ingest"

    @api.model
    def _store_history(self, channel, events):
        """Store past messages of a channel, newest first; return how many are new."""
        messages = [self._normalize(Incoming(channel.id, event)) for event in events]
        customers = self._find_or_create_customers(messages)
        arrivals = self._arrivals(messages, customers)
        if not arrivals:
            return 0
        rows = self.env.execute_query(
            SQL(
                INSERT_HISTORY,
                incoming=SQL(", ").join(
                    SQL("%s", values) for values in self._history_values(arrivals)
                ),
                channel=channel.id,
                first=channel.history_first_id,
                last=channel.history_last_id,
                now=fields.Datetime.now(),
            )
        )
        by_id = {each.incoming.event.message_id: each for each in arrivals.values()}
        written = [(id_, by_id[sid].incoming.event) for id_, sid, _id in rows]
        self._link_quotes(written)
        self._insert_media(written)
        self.env["messaging.bus"]._changed(
            sorted({conversation_id for *_ids, conversation_id in rows})
        )
        return len(rows)

    def _history_values(self, arrivals):
        """Yield a tuple with the columns of ``incoming`` for each message."""
        hash_of = self.env["messaging.tombstone"]._hash
        for position, (key, (incoming, customer)) in enumerate(arrivals.items()):
            event = incoming.event
            direction, state = direction_of(event).values()
            state = getattr(event, "status", "") or state
            yield (
                *(position, event.message_id, hash_of(*key), customer.conversation_id),
                *(direction, state, event.kind, event.text or None),
                json.dumps({**event.data, "history": True}),
                event.sent_at,
                getattr(event, "error_code", "") or None,
                getattr(event, "reason", "") or None,
                preview_text(event.text),
            )

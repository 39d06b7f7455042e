"""Messages that never reached us, found by comparing with the provider's list.

While this server, its network or its secrets are broken, a provider gives up webhooks.
So the cron asks each provider that keeps a list for what has come since the last
comparison. What isn't known yet is processed like a late webhook: it is unread, reopens
and notifies. Known messages are told by the provider's id, and nothing comes twice.
"""

import logging
from datetime import timedelta
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from ...providers.errors import ProviderError
from ...providers.events import MessageReceived
from ...providers.provider import Provider
from ...tools import work_queue
from ...tools.moments import moment_words
from ...tools.transactions import commit, read_committed
from ...tools.watched import log_event

_logger = logging.getLogger(__name__)

CRON = "messaging_inbox.ir_cron_fetch_missed"
INTERVAL = timedelta(minutes=10)
# The webhook of a message that is younger may still be under way.
UNDER_WAY = timedelta(minutes=2)
# Providers' lists lag, and early states of our messages change.
OVERLAP = timedelta(minutes=10)
# A long downtime is caught up in pieces, each of which is kept.
PIECE = timedelta(hours=6)
LONGEST = timedelta(days=7)
BATCH = 100
SECONDS = 20
# The provider's clock isn't ours, and some lists have whole seconds.
SAME_MOMENT = timedelta(seconds=1)

KNOWN = """
    SELECT e.id FROM unnest(%(ids)s::varchar[], %(customers)s::varchar[],
                            %(times)s::timestamp[], %(texts)s::varchar[])
           AS e (id, customer, sent_at, text)
     WHERE EXISTS (
           SELECT FROM messaging_message m
            WHERE m.channel_id = %(channel)s AND m.provider_message_id = e.id)
        OR e.text <> '' AND EXISTS (
           SELECT FROM messaging_identity i
             JOIN messaging_message m ON m.conversation_id = i.conversation_id
            WHERE i.channel_id = %(channel)s AND i.external_id = e.customer
              AND m.direction = 'inbound' AND m.body = e.text
              AND m.sent_at BETWEEN e.sent_at - %(same)s AND e.sent_at + %(same)s)
"""


class MessagingChannel(models.Model):
    _inherit = "messaging.channel"

    # Up to when the provider's list was compared. What was sent before the channel was
    # made belongs to its history.
    compared_until = fields.Datetime(
        groups=NO_ACCESS, copy=False, default=fields.Datetime.now
    )
    compare_at = fields.Datetime(
        groups=NO_ACCESS,
        copy=False,
        default=lambda self: fields.Datetime.now() + INTERVAL,
    )
    compare_error = fields.Char(groups=NO_ACCESS, copy=False)
    missed_count = fields.Integer(groups=NO_ACCESS, copy=False)
    missed_at = fields.Datetime(groups=NO_ACCESS, copy=False)

    @api.model
    def _cron_fetch_missed(self):
        done = work_queue.run(self._fetch_next_missed, SECONDS)
        remaining = len(self._next_to_compare())
        self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    @api.model
    def _next_to_compare(self, lock=False):
        query = SQL(
            """
            SELECT q.id FROM messaging_channel q
              JOIN messaging_account a ON a.id = q.account_id
             WHERE q.active AND a.active AND a.state = 'connected'
               AND (q.compare_at IS NULL OR q.compare_at <= %s)
             ORDER BY q.compare_at NULLS FIRST, q.id LIMIT 1
            """,
            fields.Datetime.now(),
        )
        return work_queue.due(self, query, lock)

    @api.model
    def _fetch_next_missed(self):
        """Compare one channel for one period; return False if none is due."""

        def find():
            return self._next_to_compare(lock=True)

        def prepare(channel):
            # Also if the process dies: the others get their turn first.
            channel.compare_at = fields.Datetime.now() + INTERVAL
            period = channel._period_to_compare()
            return channel.account_id._provider(), channel._provider_ref(), *period

        channel, request = work_queue.claim(self.env, find, prepare)
        if not channel:
            return False
        try:
            channel._fetch_missed(*request)
        except ProviderError as error:
            channel.compare_error = channel.account_id._connection_error(error)
        except Exception as error:
            # One channel must not block the others.
            _logger.exception("Fetching missed messages of %s failed", channel.id)
            sentence = self.env["messaging.ingest"]._internal_error_sentence(error)
            read_committed(self.env.cr)
            channel.compare_error = sentence
        commit(self.env)
        return True

    def _period_to_compare(self):
        """Return (since, until) of the next period."""
        now = fields.Datetime.now()
        since = max(self.compared_until or self.create_date, now - LONGEST)
        return since - OVERLAP, min(since + PIECE, now - UNDER_WAY)

    def _fetch_missed(self, provider, ref, since, until):
        """Process what is missing of a period, and store how far it was compared."""
        found = provider.missed(ref, since, until)
        # What is older belongs to the history of the channel.
        events = (each for each in found if not self._is_history(each))
        missing = []
        while batch := list(islice(events, BATCH)):
            # No transaction is open while the next page is fetched.
            read_committed(self.env.cr)
            missing += self.env["messaging.ingest"]._missing_of(self.id, batch)
            commit(self.env)
        received = [each for each in missing if isinstance(each, MessageReceived)]
        received.sort(key=lambda event: event.sent_at)
        others = [each for each in missing if not isinstance(each, MessageReceived)]
        self._process_missing(received + others)
        values = {"compared_until": until, "compare_error": False}
        if received:
            values["missed_count"] = self.missed_count + len(received)
            values["missed_at"] = fields.Datetime.now()
            facts = {"account": self.account_id.id, "channel": self.id}
            log_event("missed_fetched", **facts, count=len(received))
        if until < fields.Datetime.now() - INTERVAL:
            values["compare_at"] = False
        read_committed(self.env.cr)
        self.write(values)

    def _is_history(self, event):
        sent_at = getattr(event, "sent_at", None)
        return sent_at and sent_at < self.create_date.replace(microsecond=0)

    def _process_missing(self, events):
        for start in range(0, len(events), BATCH):
            read_committed(self.env.cr)
            # Those that fail are in the log.
            batch = events[start : start + BATCH]
            self.env["messaging.ingest"]._ingest(self.account_id.id, batch)
            commit(self.env)


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    has_missed = fields.Boolean(compute="_compute_has_missed")
    missed = fields.Char(
        string="Missed messages", compute="_compute_missed", compute_sudo=True
    )

    @api.depends("provider")
    def _compute_has_missed(self):
        for account in self:
            account.has_missed = account._provider_class().missed is not Provider.missed

    def _after_connect(self):
        super()._after_connect()
        self._wake_comparison()

    @api.depends("provider", "channel_ids")
    def _compute_missed(self):
        for account in self:
            account.missed = account._missed_sentence(account.channel_ids)

    def _missed_sentence(self, channels):
        if not self.has_missed:
            return self.env._(
                "The provider keeps no list of messages: what it couldn't deliver here,"
                " and gave up, can't be fetched."
            )
        if error := next(filter(None, channels.mapped("compare_error")), None):
            return self.env._("The comparison failed: %(error)s", error=error)
        compared = min(filter(None, channels.mapped("compared_until")), default=None)
        if not compared:
            return self.env._("Nothing to compare yet.")
        words = {"moment": moment_words(self.env, compared)}
        if number := sum(channels.mapped("missed_count")):
            last = max(filter(None, channels.mapped("missed_at")))
            return self.env._(
                "Compared with the provider until %(moment)s. %(number)s messages were"
                " missed and fetched, the last on %(last)s.",
                number=number,
                last=moment_words(self.env, last),
                **words,
            )
        return self.env._(
            "Compared with the provider until %(moment)s: nothing was missed.", **words
        )

    def action_fetch_missed(self):
        """Compare the last days with the provider, in the background.

        Raise UserError if the provider keeps no list of messages.
        """
        self.check_access("write")
        if not all(self.mapped("has_missed")):
            raise UserError(self.env._("The provider keeps no messages to fetch."))
        start = fields.Datetime.now() - LONGEST
        # sudo: messaging.channel - the cron's own fields
        for channel in self.sudo().channel_ids:
            since = min(channel.compared_until or start, start)
            since = max(since, channel.create_date)
            channel.write({"compared_until": since, "compare_at": False})
        self._wake_comparison()
        return self[:1]._notification(
            self.env._("The last %(days)s days are being compared.", days=LONGEST.days),
            "success",
        )

    def _wake_comparison(self):
        # sudo: ir.cron - managers may wake it
        self.env.ref(CRON).sudo()._trigger()


class MessagingIngest(models.AbstractModel):
    _inherit = "messaging.ingest"

    @api.model
    def _missing_of(self, channel_id, events):
        """Return the events that a webhook would still have an effect with."""
        received = [each for each in events if isinstance(each, MessageReceived)]
        statuses = [each for each in events if not isinstance(each, MessageReceived)]
        known = self._known_of(channel_id, received)
        found = [each for each in received if each.message_id not in known]
        return found + self._news_of(channel_id, statuses)

    def _known_of(self, channel_id, events):
        """Return the ids of messages that are stored, or were deleted here.

        A message with the same text at the same moment is the same, in case a provider
        lists it under another id than its webhook had.
        """
        if not events:
            return set()
        query = SQL(
            KNOWN,
            ids=[each.message_id for each in events],
            customers=[next(iter(each.external_ids), "") for each in events],
            times=[each.sent_at for each in events],
            texts=[each.text for each in events],
            channel=channel_id,
            same=SAME_MOMENT,
        )
        stored = {row[0] for row in self.env.execute_query(query)}
        keys = [(channel_id, each.message_id) for each in events]
        deleted = self.env["messaging.tombstone"]._find_deleted(keys)
        return stored | {message_id for _channel_id, message_id in deleted}

    def _news_of(self, channel_id, statuses):
        """Return the statuses of known messages that go beyond their state."""
        if not statuses:
            return []
        Message = self.env["messaging.message"]
        query = SQL(
            """
            SELECT e.id FROM unnest(%s::varchar[], %s::varchar[]) AS e (id, status)
              JOIN messaging_message m
                ON m.channel_id = %s AND m.provider_message_id = e.id
             WHERE m.direction = 'outbound' AND %s > %s
            """,
            [each.message_id for each in statuses],
            [_at_least_sent(each.status) for each in statuses],
            channel_id,
            Message._state_rank(SQL("e.status")),
            Message._state_rank(SQL("m.state")),
        )
        ids = {row[0] for row in self.env.execute_query(query)}
        return [each for each in statuses if each.message_id in ids]


def _at_least_sent(status):
    return "sent" if status in ("queued", "sending") else status

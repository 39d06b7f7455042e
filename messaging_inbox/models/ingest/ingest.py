"""Processing the events of a webhook request: few statements, no network, no partner.

The webhook works at READ COMMITTED: two requests for one conversation wait for each
other on its row. Duplicates die on unique indexes, never on check-then-insert.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timezone

import psycopg2

from odoo import api, models

from ...providers.events import (
    BadEvent,
    ChannelNotice,
    Event,
    MessageEdited,
    MessageReceived,
    MessageSent,
    MessageUnsent,
    Reacted,
    ReadUpTo,
    StatusChanged,
)
from ...tools.transactions import undone_on_failure

_logger = logging.getLogger(__name__)

MESSAGES = (MessageReceived, MessageSent)
# What is applied one by one; messages are stored many at a time.
HANDLERS = {
    StatusChanged: "_change_status",
    ReadUpTo: "_read_up_to",
    Reacted: "_react",
    MessageEdited: "_edit",
    MessageUnsent: "_unsend",
    ChannelNotice: "_take_notice",
}


@dataclass(frozen=True)
class Failure:
    """An event that could not be processed; ``parked`` when it only came too early."""

    event: Event
    error: str
    parked: bool = False

    @property
    def awaited(self):
        """Ids of the messages, or of the customer, without which it came too early."""
        if not self.parked:
            return set()
        if isinstance(self.event, ReadUpTo):
            return {*self.event.message_ids, *self.event.external_ids}
        reference = getattr(self.event, "reference", "")
        return {self.event.message_id, reference} - {""}


class NotProcessed(Exception):
    """The event is understood, but can't be applied; the message says why.

    Raised instead of a half-done change: what was done before it may stay.
    """


class TooEarly(NotProcessed):
    """It is about a message that we don't know (yet)."""


class MessagingIngest(models.AbstractModel):
    _name = "messaging.ingest"
    _description = "Webhook processing"

    @api.model
    def _receive_request(self, account_id, request, events):
        """Process a verified request; keep it when something of it could not be."""
        # Nothing came before it that should stay: a savepoint is spared.
        undoing = undone_on_failure(self.env.cr) if len(events) == 1 else None
        failures = self._ingest(account_id, events, undoing)
        if not failures:
            return
        kind = "status" if all(failure.parked for failure in failures) else "request"
        receipts = self.env["messaging.receipt"]
        awaited = set().union(*(failure.awaited for failure in failures))
        receipts._keep(account_id, request, failures[0].error, kind, awaited)
        if kind == "status":
            receipts._wake_replay()

    @api.model
    def _ingest(self, account_id, events, undoing=None):
        """Apply the events in their order; return the failures.

        All go together in one savepoint; when it fails, each goes in its own, so that
        the good ones stand.
        """
        located, failures = self._locate(account_id, events)
        # Before the savepoint, so that undoing it doesn't release them.
        self._lock_rows(located)
        try:
            with undoing or self.env.cr.savepoint(flush=False):
                return failures + self._apply(located)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            self.env["messaging.bus"]._discard_values()
            if len(located) == 1:
                return [*failures, self._fault(located[0][1], error)]
        for _channel_id, event in located:
            failures += self._ingest(account_id, [event])
        return failures

    def _locate(self, account_id, events):
        """Return [(channel id, event)], and a failure for each event without one."""
        located, failures = [], []
        for event in events:
            try:
                located.append((self._channel_id(account_id, event), event))
            except NotProcessed as error:
                parked = isinstance(error, TooEarly)
                failures.append(Failure(event, str(error), parked))
        return located, failures

    def _channel_id(self, account_id, event):
        if isinstance(event, BadEvent):
            raise NotProcessed(event.error)
        channel_id = event.channel and self.env["messaging.channel"]._id_by_address(
            account_id, event.channel.kind, event.channel.address
        )
        if not channel_id and isinstance(event, StatusChanged):
            channel_id = self._channel_of_status(account_id, event)
        if channel_id:
            return channel_id
        raise NotProcessed(
            self.env._(
                "%(kind)s %(address)s isn't a channel of this account.",
                kind=event.channel.kind,
                address=event.channel.address,
            )
        )

    def _apply(self, located):
        """Apply events of known channels; return those that can't be applied yet."""
        failures = []
        for run in _runs(located):
            if _is_message(run[0]):
                self._process_messages(run)
            else:
                failures += [self._apply_one(*one) for one in run]
        return [failure for failure in failures if failure]

    def _apply_one(self, channel_id, event):
        try:
            getattr(self, HANDLERS[type(event)])(channel_id, event)
        except NotProcessed as error:
            return Failure(event, str(error), parked=isinstance(error, TooEarly))
        return None

    def _fault(self, event, error):
        kind = type(event).__name__
        _logger.exception("An event of the kind %s could not be processed", kind)
        # The error's own words may quote the customer, and managers read the reason.
        return Failure(event, self._fault_sentence(error))

    @api.model
    def _fault_sentence(self, error):
        return self.env._(
            "Internal error (%(name)s). Details are in the server log.",
            name=type(error).__name__,
        )


def moment_of(said):
    """Return when it happened: now where nobody says it, or names a time to come.

    A clock that is fast must not keep a reply window open, nor what follows out.
    """
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    return min(said, now) if said else now.replace(microsecond=0)


def _is_message(one):
    _channel_id, event = one
    return isinstance(event, MESSAGES)


def _runs(located):
    """Return the events in runs of messages and of others, their order kept."""
    runs = []
    for one in located:
        if not runs or _is_message(runs[-1][-1]) != _is_message(one):
            runs.append([])
        runs[-1].append(one)
    return runs

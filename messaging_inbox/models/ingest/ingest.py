"""Processing the events of a webhook request: few statements, no network, no partner.

``_ingest`` is the whole of it: locate the channels, lock rows in one order, apply the
events in theirs. Messages take these steps (``_process_messages``): settle our own
echoes, find or create the customers, insert, follow up. Every other event goes to its
handler.

The webhook works at READ COMMITTED: two requests for one conversation wait for each
other on its row. Duplicates die on unique indexes, never on check-then-insert.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import groupby
from typing import NamedTuple

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


class Incoming(NamedTuple):
    """An event, and the id of our channel that it is about."""

    channel_id: int
    event: Event

    @property
    def key(self):
        """Return what a message is known by: (channel id, the provider's id)."""
        return self.channel_id, self.event.message_id

    @property
    def identities(self):
        """Return all that the event names the customer by: [(channel id, external id)].

        The phone number stands first.
        """
        return [(self.channel_id, each) for each in self.event.external_ids]


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

    # ------------------------------------------------------------------
    # the pipeline
    # ------------------------------------------------------------------

    @api.model
    def _ingest(self, account_id, events, undoing=None):
        """Apply the events in their order; return the failures.

        All go together in one savepoint, or in ``undoing``, a context that undoes what
        fails in it. When that fails, each goes in its own, so that the good ones stand.
        A conflict with another transaction (psycopg2.OperationalError) is raised.
        """
        incoming, failures = self._locate(account_id, events)
        # Before the savepoint, so that undoing it doesn't release them.
        self._lock_in_order(incoming)
        try:
            with undoing or self.env.cr.savepoint(flush=False):
                return failures + self._apply(incoming)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            self.env["messaging.bus"]._discard_values()
            if len(incoming) == 1:
                return [*failures, self._fault(incoming[0].event, error)]
        for each in incoming:
            failures += self._ingest(account_id, [each.event])
        return failures

    def _apply(self, incoming):
        """Apply events of known channels; return the failures of those that can't be.

        Messages that follow each other are stored together.
        """
        failures = []
        # Not Odoo's groupby, which would put all messages before all else.
        runs = groupby(incoming, _is_message)  # pylint: disable=bad-builtin-groupby
        for are_messages, run in runs:
            if are_messages:
                self._process_messages(run)
            else:
                failures += filter(None, map(self._apply_one, run))
        return failures

    def _process_messages(self, incoming):
        """Store messages that customers wrote, and that were written outside Odoo."""
        messages = [
            self._normal(each)
            for each in incoming
            if not (isinstance(each.event, MessageSent) and self._is_our_echo(*each))
        ]
        customers = self._find_or_create_customers(messages) if messages else {}
        arrivals = self._arrivals(messages, customers)
        if not arrivals:
            return
        stored = self._insert_messages(arrivals)
        known = arrivals.keys() - {each.key for each in stored}
        if known:
            self._complete_announced([arrivals[key].incoming for key in sorted(known)])
        self._follow_up(stored)

    def _apply_one(self, incoming):
        """Hand an event to its handler; return the Failure, or None."""
        channel_id, event = incoming
        try:
            getattr(self, HANDLERS[type(event)])(channel_id, event)
        except NotProcessed as error:
            return _failure(event, error)
        return None

    # ------------------------------------------------------------------
    # locating
    # ------------------------------------------------------------------

    def _locate(self, account_id, events):
        """Return [Incoming], and a Failure for each event without a channel."""
        incoming, failures = [], []
        for event in events:
            try:
                incoming.append(Incoming(self._channel_id(account_id, event), event))
            except NotProcessed as error:
                failures.append(_failure(event, error))
        return incoming, failures

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

    # ------------------------------------------------------------------
    # faults
    # ------------------------------------------------------------------

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

    A naive time in UTC. A clock that is fast must not keep a reply window open, nor
    what follows out.
    """
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    return min(said, now) if said else now.replace(microsecond=0)


def _is_message(incoming):
    return isinstance(incoming.event, MESSAGES)


def _failure(event, error):
    return Failure(event, str(error), parked=isinstance(error, TooEarly))

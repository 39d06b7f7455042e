"""Processes the events of a webhook request: few statements, no network, no contacts.

``_ingest`` is the pipeline: locate the channels, lock rows by id, apply the events in
the order received. Messages take these steps (``_process_messages``): settle our own
echoes, find or create the customers, insert, follow up. All other events go to their
handlers.

The webhook runs at READ COMMITTED: two requests for the same conversation wait for each
other on its row. Unique indexes reject duplicates; there is no check-then-insert.
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
    CustomerMoved,
    CustomerNamed,
    Event,
    HistoryReceived,
    MessageEdited,
    MessageReceived,
    MessageSent,
    MessageUnsent,
    Occurred,
    Reacted,
    ReadUpTo,
    StandingChanged,
    StatusChanged,
    TemplatesChanged,
)
from ...tools.transactions import undone_on_failure

_logger = logging.getLogger(__name__)

MESSAGES = (MessageReceived, MessageSent)
# Without a channel, these are about all channels of the account.
ABOUT_ACCOUNTS = (ChannelNotice, StandingChanged, TemplatesChanged)
# Events that are applied one by one; messages are stored in batches.
HANDLERS = {
    StatusChanged: "_change_status",
    ReadUpTo: "_read_up_to",
    Reacted: "_react",
    MessageEdited: "_edit",
    MessageUnsent: "_unsend",
    ChannelNotice: "_store_notice",
    StandingChanged: "_store_standing",
    TemplatesChanged: "_renew_templates",
    HistoryReceived: "_receive_history",
    CustomerMoved: "_move_customer",
    CustomerNamed: "_name_customer",
    Occurred: "_log_occurrence",
}


class Incoming(NamedTuple):
    """An event, and the id of our channel that it is about."""

    channel_id: int
    event: Event

    @property
    def key(self):
        """Return a message's unique key: (channel id, the provider's id)."""
        return self.channel_id, self.event.message_id

    @property
    def identities(self):
        """Return the customer's ids as [(channel id, external id)], the phone first."""
        return [(self.channel_id, each) for each in self.event.external_ids]


@dataclass(frozen=True)
class Failure:
    """An event that could not be processed; ``parked`` if it only came too early."""

    event: Event
    error: str
    parked: bool = False

    @property
    def awaited(self):
        """Ids of the messages or the customer that a parked event waits for."""
        if not self.parked:
            return set()
        if isinstance(self.event, ReadUpTo):
            return {*self.event.message_ids, *self.event.external_ids}
        reference = getattr(self.event, "reference", "")
        return {self.event.message_id, reference} - {""}


class NotProcessed(Exception):
    """The event was read but can't be applied; the exception's text says why.

    It is raised only where no change is half-done, so earlier changes may stay.
    """


class TooEarly(NotProcessed):
    """The event is about a message that isn't known (yet)."""


class MessagingIngest(models.AbstractModel):
    _name = "messaging.ingest"
    _description = "Webhook processing"

    @api.model
    def _receive_request(self, account_id, request, events):
        """Process a verified request; store it if an event could not be processed."""
        # A single event needs no savepoint: there are no earlier changes to keep.
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
        """Apply the events in the order received; return the failures as [Failure].

        Apply all in one savepoint, or in ``undoing``, a context manager that rolls back
        on an error. If that fails, apply each in its own, so that the good ones stay.
        Raise psycopg2.OperationalError on a conflict with another transaction.
        """
        incoming, failures = self._locate(account_id, events)
        # Before the savepoint, whose rollback would release the locks.
        self._lock_in_order(incoming)
        try:
            with undoing or self.env.cr.savepoint(flush=False):
                return failures + self._apply(incoming)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            self.env["messaging.bus"]._discard_values()
            if len(incoming) == 1:
                return [*failures, self._internal_failure(incoming[0].event, error)]
        for each in incoming:
            failures += self._ingest(account_id, [each.event])
        return failures

    def _apply(self, incoming):
        """Apply events of known channels; return the failures.

        Consecutive messages are stored together.
        """
        failures = []
        # Not Odoo's groupby, which would move all messages to the front.
        runs = groupby(incoming, _is_message)  # pylint: disable=bad-builtin-groupby
        for are_messages, run in runs:
            if are_messages:
                self._process_messages(run)
            else:
                failures += filter(None, map(self._apply_one, run))
        return failures

    def _process_messages(self, incoming):
        """Store customers' messages, and messages sent outside Odoo."""
        messages = [
            self._normalize(each)
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
        """Call the handler of an event; return its Failure, or None."""
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
        """Return [Incoming], and a Failure for each event without a channel.

        One about the whole account becomes one for each channel.
        """
        incoming, failures = [], []
        for event in events:
            try:
                ids = self._channel_ids(account_id, event)
                incoming += [Incoming(id_, event) for id_ in ids]
            except NotProcessed as error:
                failures.append(_failure(event, error))
        return incoming, failures

    def _channel_ids(self, account_id, event):
        is_of_account = isinstance(event, ABOUT_ACCOUNTS) and event.channel is None
        if not is_of_account:
            return [self._channel_id(account_id, event)]
        # sudo: messaging.channel - webhooks have no user
        channels = self.env["messaging.channel"].sudo()
        return channels.search([("account_id", "=", account_id)], order="id").ids

    def _channel_id(self, account_id, event):
        if isinstance(event, BadEvent):
            raise NotProcessed(event.error)
        ref = event.channel
        channel_id = ref and self.env["messaging.channel"]._id_of(
            account_id, ref.kind, ref.address, ref.reference
        )
        if not channel_id and isinstance(event, StatusChanged):
            channel_id = self._channel_of_status(account_id, event)
        if channel_id:
            return channel_id
        raise NotProcessed(
            self.env._(
                "%(kind)s %(address)s isn't a channel of this account.",
                kind=ref.kind,
                address=ref.address or ref.reference,
            )
        )

    # ------------------------------------------------------------------
    # internal errors
    # ------------------------------------------------------------------

    def _internal_failure(self, event, error):
        kind = type(event).__name__
        _logger.exception("An event of the kind %s could not be processed", kind)
        # The error's text may quote the customer, and managers read this sentence.
        return Failure(event, self._internal_error_sentence(error))

    @api.model
    def _internal_error_sentence(self, error):
        return self.env._(
            "Internal error (%(name)s). Details are in the server log.",
            name=type(error).__name__,
        )


def moment_of(timestamp):
    """Return the provider's time as naive UTC; clamp a missing or future one to now.

    A provider's fast clock must not keep a reply window open, or make later events look
    outdated.
    """
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    return min(timestamp, now) if timestamp else now.replace(microsecond=0)


def _is_message(incoming):
    return isinstance(incoming.event, MESSAGES)


def _failure(event, error):
    return Failure(event, str(error), parked=isinstance(error, TooEarly))

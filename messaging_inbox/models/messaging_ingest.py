"""Digesting the events of a webhook request: few statements, no network, no partner.

The webhook works at READ COMMITTED: two requests for one conversation wait for each
other on its row. Duplicates die on unique indexes, never on check-then-insert.
"""

import logging
from dataclasses import dataclass

import psycopg2

from odoo import api, models

from ..providers.events import BadEvent, Event, MessageReceived, StatusChanged
from .transactions import undone_on_failure

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """An event that could not be digested; ``parked`` when it only came too early."""

    event: Event
    error: str
    parked: bool = False


class NotDigested(Exception):
    """The event is understood, but can't be applied; the message says why."""


class TooEarly(NotDigested):
    """A status of a message that we don't know (yet)."""


class MessagingIngest(models.AbstractModel):
    _name = "messaging.ingest"
    _description = "Digesting webhooks"

    @api.model
    def _ingest(self, account_id, events):
        """Apply the events in their order; return the failures.

        Several go in one savepoint first; when one fails, each goes in its own, so that
        the good ones stand.
        """
        if len(events) > 1 and not self._apply_all(account_id, events):
            return []
        failures = [self._apply_all(account_id, [event]) for event in events]
        return [failure for failure in failures if failure]

    def _apply_all(self, account_id, events, undoing=None):
        """Apply all of the events, or none and return why."""
        event = None
        try:
            with undoing or self.env.cr.savepoint(flush=False):
                for event in events:
                    self._apply(account_id, event)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            self.env["messaging.bus"]._distrust_values()
            return self._failure(event, error)
        return None

    def _failure(self, event, error):
        if isinstance(error, NotDigested):
            return Failure(event, str(error), parked=isinstance(error, TooEarly))
        kind = type(event).__name__
        _logger.exception("An event of the kind %s could not be digested", kind)
        # The error's own words may quote the customer, and managers read the reason.
        return Failure(event, self._fault_sentence(error))

    @api.model
    def _fault_sentence(self, error):
        return self.env._(
            "A fault of ours, see the server's log: %(name)s.",
            name=type(error).__name__,
        )

    def _apply(self, account_id, event):
        if isinstance(event, BadEvent):
            raise NotDigested(event.error)
        channel_id = self.env["messaging.channel"]._id_by_address(
            account_id, event.channel.kind, event.channel.address
        )
        if not channel_id:
            raise NotDigested(
                self.env._(
                    "%(kind)s %(address)s is no channel of this account.",
                    kind=event.channel.kind,
                    address=event.channel.address,
                )
            )
        if isinstance(event, MessageReceived):
            self._receive(channel_id, event)
        elif isinstance(event, StatusChanged):
            self._change_status(channel_id, event)

    @api.model
    def _receive_request(self, account_id, request, events):
        """Digest a verified request; keep it when something of it could not be."""
        if len(events) == 1:
            undoing = undone_on_failure(self.env.cr)
            failure = self._apply_all(account_id, events, undoing)
            failures = [failure] if failure else []
        else:
            failures = self._ingest(account_id, events)
        if not failures:
            return
        kind = "status" if all(failure.parked for failure in failures) else "request"
        receipts = self.env["messaging.receipt"]
        receipts._keep(account_id, request, failures[0].error, kind)

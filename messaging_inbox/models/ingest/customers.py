from dataclasses import dataclass
from itertools import chain

from odoo import models
from odoo.tools import SQL

from ...providers.events import (
    ChannelNotice,
    MessageReceived,
    ReadUpTo,
    StandingChanged,
    StatusChanged,
)
from ...tools.phone_numbers import variants
from .ingest import MESSAGES

# Events that change the row of a channel.
OF_CHANNELS = (ChannelNotice, StandingChanged)


@dataclass(slots=True)
class Customer:
    """A customer's conversation, as it was when this request locked its row.

    ``is_closed``: the customer's next message reopens it. ``wakes_notes`` and
    ``wakes_notifications``: a message must wake the cron, since no flag is set yet.
    """

    conversation_id: int
    is_closed: bool = False
    wakes_notes: bool = False
    wakes_notifications: bool = True


class MessagingIngest(models.AbstractModel):
    """Locks, finds and creates the conversations of events.

    ``customers`` is {(channel id, external id): Customer}; all ids of a customer map to
    the same object.
    """

    _inherit = "messaging.ingest"

    # ------------------------------------------------------------------
    # locking: channels, then conversations, then messages, each by id
    # ------------------------------------------------------------------

    def _lock_in_order(self, incoming):
        """Lock the rows of these events, unless their handlers lock in order anyway.

        Events are applied in the order received: without this, two requests that touch
        the same rows in opposite orders would deadlock.
        """
        if not _needs_order(incoming):
            return
        notices = [id_ for id_, event in incoming if isinstance(event, OF_CHANNELS)]
        if notices:
            self._lock_by_id("messaging_channel", SQL("SELECT unnest(%s)", notices))
        named = _named_query(incoming)
        conversations = SQL(
            """
            SELECT conversation_id FROM messaging_identity
             WHERE channel_id = ANY(%s) AND external_id = ANY(%s)
             UNION SELECT conversation_id FROM (%s) AS named
            """,
            *_ids(incoming, "external_ids"),
            named,
        )
        self._lock_by_id("messaging_conversation", conversations)
        self._lock_by_id("messaging_message", SQL("SELECT id FROM (%s) AS n", named))
        self._lock_new_customers(
            [each for each in incoming if isinstance(each.event, MESSAGES)]
        )

    def _lock_by_id(self, table, ids):
        self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id IN (%s) ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(table),
                ids,
            )
        )

    def _lock_new_customers(self, messages):
        """Lock the ids of all unknown customers at once, before any run is stored."""
        customers = self._find_customers(messages) if messages else {}
        unknown = [each for each in messages if not customer_of(customers, each)]
        self._lock_identities(unknown)

    def _lock_identities(self, messages):
        """Let other requests about the same new customers wait, then find them."""
        pairs = [pair for each in messages for pair in each.identities]
        self.env["messaging.identity"]._lock_customers(pairs)

    # ------------------------------------------------------------------
    # finding or creating
    # ------------------------------------------------------------------

    def _find_or_create_customers(self, messages):
        """Return the customers of messages; create the missing ones.

        The redelivery of a message that was stored or deleted here creates none: its
        customer may have other ids by now.
        """
        customers = self._find_customers(messages)
        unknown = [each for each in messages if not customer_of(customers, each)]
        settled = self._settled_keys(unknown) if unknown else ()
        unknown = [each for each in unknown if each.key not in settled]
        if unknown:
            self._lock_identities(unknown)
            customers.update(self._find_customers(unknown, by_phone=True))
        for each in messages:
            customer = customer_of(customers, each)
            if customer or each.key not in settled:
                customer = customer or self._insert_conversation(*each)
                self._link_identities(customers, customer, each)
        return customers

    def _settled_keys(self, messages):
        """Return the keys of those messages that were stored or deleted here."""
        keys = [each.key for each in messages]
        stored = self.env.execute_query(
            SQL(
                "SELECT channel_id, provider_message_id FROM messaging_message"
                " WHERE (channel_id, provider_message_id) IN %s",
                tuple(keys),
            )
        )
        return {*stored, *self.env["messaging.tombstone"]._find_deleted(keys)}

    def _find_customers(self, messages, by_phone=False):
        """Return the known customers, in one statement for all messages.

        ``by_phone``: also by the other numbers of the same phone. Lock their
        conversations by id, so that two requests can't deadlock.
        """
        identities = {pair for each in messages for pair in each.identities}
        if by_phone:
            identities.update(pair for each in messages for pair in others_of(each))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.channel_id, i.external_id, c.id, c.state = 'closed',
                       NOT c.notes_due IS TRUE
                       AND (c.partner_id IS NOT NULL OR c.lead_id IS NOT NULL),
                       c.notifications_due IS NOT TRUE
                       AND EXISTS (SELECT FROM mail_push_device)
                  FROM messaging_identity i
                  JOIN messaging_conversation c ON c.id = i.conversation_id
                 WHERE (i.channel_id, i.external_id) IN %s
                 ORDER BY c.id FOR NO KEY UPDATE OF c
                """,
                tuple(identities),
            )
        )
        customers = {row[2]: Customer(*row[2:]) for row in rows}
        return {(row[0], row[1]): customers[row[2]] for row in rows}

    def _insert_conversation(self, channel_id, event):
        """Create a new customer's conversation and return the Customer."""
        phone, name = phone_of(event), self._contact_name(event)
        Conversation = self.env["messaging.conversation"]
        return Customer(Conversation._insert(channel_id, name, phone))

    def _contact_name(self, event):
        """Return the event's name or number, else one made of the id's last digits."""
        name = getattr(event, "name", "") or phone_of(event)
        if name:
            return name
        kinds = self.env["messaging.channel"]._fields["kind"]
        return self.env._(
            "%(kind)s customer %(digits)s",
            kind=dict(kinds._description_selection(self.env))[event.channel.kind],
            digits=event.external_ids[0][-4:],
        )

    def _link_identities(self, customers, customer, message):
        """Link all ids of the message to the customer's conversation.

        An id that was linked to another conversation moves; that conversation stays as
        it is, since conversations are never merged.
        """
        misplaced = [
            pair for pair in message.identities if customers.get(pair) is not customer
        ]
        if not misplaced:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_identity
                       (channel_id, conversation_id, external_id)
                SELECT %s, %s, unnest(%s)
                ON CONFLICT (channel_id, external_id)
                   DO UPDATE SET conversation_id = EXCLUDED.conversation_id
                RETURNING id
                """,
                message.channel_id,
                customer.conversation_id,
                [external_id for _channel_id, external_id in misplaced],
            )
        )
        customers.update(dict.fromkeys(misplaced, customer))


def customer_of(customers, incoming):
    """Return the Customer of the first known id, or None.

    A customer may have been written to at one number of their phone, and answer from
    another.
    """
    pairs = chain(incoming.identities, others_of(incoming))
    return next(filter(None, map(customers.get, pairs)), None)


def others_of(incoming):
    """Yield the other numbers of the customer's phone as (channel id, external id)."""
    for channel_id, external_id in incoming.identities:
        for other in variants(external_id)[1:]:
            yield channel_id, other


def phone_of(event):
    """Return the customer's number or public address, None if the provider hides it."""
    numbers = (i for i in event.external_ids if i.startswith("+"))
    return next(numbers, getattr(event, "address", "") or None)


def _needs_order(incoming):
    """Return whether the handlers would lock rows in the order of the events.

    Storing customers' messages locks rows by id anyway. Of single events, only a
    watermark and an opt-out change several rows, starting with the message's.
    """
    if len(incoming) == 1:
        event = incoming[0].event
        is_opt_out = isinstance(event, StatusChanged) and event.reason == "opted_out"
        return is_opt_out or isinstance(event, ReadUpTo)
    return not all(isinstance(each.event, MessageReceived) for each in incoming)


def _named_query(incoming):
    """Return SQL for the (id, conversation_id) of the messages that events name."""
    channel_ids, names = _ids(incoming, "message_ids")
    references = [getattr(event, "reference", "") for _id, event in incoming]
    uuids = [reference.rpartition(".")[0] for reference in references if reference]
    return SQL(
        """
        SELECT id, conversation_id FROM messaging_message
         WHERE channel_id = ANY(%s) AND provider_message_id = ANY(%s)
         UNION
        SELECT id, conversation_id FROM messaging_message
         WHERE channel_id = ANY(%s) AND client_uuid = ANY(%s)
        """,
        channel_ids,
        names,
        channel_ids,
        uuids,
    )


def _ids(incoming, name):
    """Return (channel ids, all ids in the events' attribute ``name``), each sorted."""
    found = {each for _id, event in incoming for each in getattr(event, name, ())}
    if name == "message_ids":
        found |= {getattr(event, "message_id", "") for _id, event in incoming} - {""}
    else:
        found |= {
            i for _id, event in incoming for i in getattr(event, "former_ids", ())
        }
    return sorted({channel_id for channel_id, _event in incoming}), sorted(found)

from dataclasses import dataclass

from odoo import fields, models
from odoo.tools import SQL

from ...providers.events import ChannelNotice, MessageReceived, ReadUpTo, StatusChanged
from .ingest import MESSAGES


@dataclass(slots=True)
class Customer:
    """A customer's conversation, as it was when this request locked its row.

    ``is_closed``: the next message of the customer reopens it. ``wakes_notes`` and
    ``wakes_notifications``: a message must wake their cron, as none is pending.
    """

    conversation_id: int
    is_closed: bool = False
    wakes_notes: bool = False
    wakes_notifications: bool = True


class MessagingIngest(models.AbstractModel):
    """Whose conversations events are about: locking them, finding and making them.

    ``customers`` is {(channel id, external id): Customer}; the ids of one customer
    share one object.
    """

    _inherit = "messaging.ingest"

    # ------------------------------------------------------------------
    # locking: channels, then conversations, then messages, each by id
    # ------------------------------------------------------------------

    def _lock_in_order(self, incoming):
        """Lock what these events are about, unless their handlers do so in order.

        Events are applied in their own order: two requests whose events touch the same
        rows in opposite orders would deadlock.
        """
        if not _needs_order(incoming):
            return
        notices = [id_ for id_, event in incoming if isinstance(event, ChannelNotice)]
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
        """Lock the ids of all unknown customers; storing would lock them run by run."""
        customers = self._find_customers(messages) if messages else {}
        unknown = [each for each in messages if not customer_of(customers, each)]
        self._lock_identities(unknown)

    def _lock_identities(self, messages):
        """Let one request make a new customer's conversation; others then find it."""
        keys = {
            (f"messaging.identity:{external_id}", channel_id)
            for each in messages
            for channel_id, external_id in each.identities
        }
        for name, channel_id in sorted(keys):
            self.env.cr.execute(
                SQL(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
                    name,
                    channel_id,
                )
            )

    # ------------------------------------------------------------------
    # finding or creating
    # ------------------------------------------------------------------

    def _find_or_create_customers(self, messages):
        """Return the customers of messages, those made for whom there were none.

        A message that was deleted makes none: its redelivery stays without.
        """
        customers = self._find_customers(messages)
        unknown = [each for each in messages if not customer_of(customers, each)]
        buried = self._buried(unknown) if unknown else ()
        unknown = [each for each in unknown if each.key not in buried]
        if unknown:
            self._lock_identities(unknown)
            customers.update(self._find_customers(unknown))
        for each in messages:
            customer = customer_of(customers, each)
            if customer or each.key not in buried:
                customer = customer or self._insert_conversation(*each)
                self._point_identities(customers, customer, each)
        return customers

    def _buried(self, messages):
        keys = [each.key for each in messages]
        return self.env["messaging.tombstone"]._find_buried(keys)

    def _find_customers(self, messages):
        """Return the customers that are known, by one statement for all messages.

        Locked in the order of their ids, so that no two requests wait for each other.
        """
        identities = {pair for each in messages for pair in each.identities}
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
        """Return the Customer of a conversation that is made for an unknown one."""
        has_profiles = self.env["messaging.channel"]._has_profiles(channel_id)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_conversation (
                    channel_id, contact_name, contact_phone, state, opted_out,
                    profile_due, create_date, write_date, last_message_at)
                VALUES (%s, %s, %s, 'open', FALSE, %s, %s, %s, %s) RETURNING id
                """,
                channel_id,
                self._contact_name(event),
                phone_of(event),
                has_profiles,
                *[fields.Datetime.now()] * 3,
            )
        )
        if has_profiles:
            self.env["messaging.bus"]._wake_cron(
                "messaging_inbox.ir_cron_fetch_profiles"
            )
        return Customer(rows[0][0])

    def _contact_name(self, event):
        """Return the best name that the event gives; an id alone names nobody."""
        name = getattr(event, "name", "") or phone_of(event)
        if name:
            return name
        kinds = self.env["messaging.channel"]._fields["kind"]
        return self.env._(
            "%(kind)s customer %(digits)s",
            kind=dict(kinds._description_selection(self.env))[event.channel.kind],
            digits=event.external_ids[0][-4:],
        )

    def _point_identities(self, customers, customer, message):
        """Let all ids of the customer lead here, also one that led elsewhere before.

        The conversation that it led to stays as it is: two are never merged.
        """
        astray = [
            pair for pair in message.identities if customers.get(pair) is not customer
        ]
        if not astray:
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
                [external_id for _channel_id, external_id in astray],
            )
        )
        customers.update(dict.fromkeys(astray, customer))


def customer_of(customers, incoming):
    """Return the Customer by the first id that is known, None when none is."""
    return next(filter(None, map(customers.get, incoming.identities)), None)


def phone_of(event):
    """Return the customer's number, or the address by which people know the customer;
    None where the provider hides it."""
    numbers = (i for i in event.external_ids if i.startswith("+"))
    return next(numbers, getattr(event, "address", "") or None)


def _needs_order(incoming):
    """Tell whether the handlers would lock in the order of the events.

    Storing messages of customers locks in order by itself. Of a single event, only a
    watermark and an opt-out change several rows, the message's before others.
    """
    if len(incoming) == 1:
        event = incoming[0].event
        is_opt_out = isinstance(event, StatusChanged) and event.reason == "opted_out"
        return is_opt_out or isinstance(event, ReadUpTo)
    return not all(isinstance(each.event, MessageReceived) for each in incoming)


def _named_query(incoming):
    """SQL: the (id, conversation_id) of the messages that the events name."""
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
    """Return (channel ids, what the events name under this name)."""
    found = {each for _id, event in incoming for each in getattr(event, name, ())}
    if name == "message_ids":
        found |= {getattr(event, "message_id", "") for _id, event in incoming} - {""}
    return sorted({channel_id for channel_id, _event in incoming}), sorted(found)

from odoo import models
from odoo.tools import SQL

from ...providers.events import ChannelNotice, MessageReceived, ReadUpTo, StatusChanged
from .customers import conversation_of
from .ingest import MESSAGES


class MessagingIngest(models.AbstractModel):
    """Locking the rows of a body before any of them is changed, in one order.

    Events are applied in their own order. Two requests whose events touch the same rows
    in opposite orders would deadlock. So lock channels first, then conversations, then
    messages, each by id.
    """

    _inherit = "messaging.ingest"

    def _lock_rows(self, located):
        """Lock what these events are about, unless their handlers do so in order."""
        if not _needs_order(located):
            return
        notices = [id_ for id_, event in located if isinstance(event, ChannelNotice)]
        if notices:
            self._lock_by_id("messaging_channel", SQL("SELECT unnest(%s)", notices))
        named = _named_query(located)
        conversations = SQL(
            """
            SELECT conversation_id FROM messaging_identity
             WHERE channel_id = ANY(%s) AND external_id = ANY(%s)
             UNION SELECT conversation_id FROM (%s) AS named
            """,
            *_ids(located, "external_ids"),
            named,
        )
        self._lock_by_id("messaging_conversation", conversations)
        self._lock_by_id("messaging_message", SQL("SELECT id FROM (%s) AS n", named))
        self._lock_new_customers(
            [one for one in located if isinstance(one[1], MESSAGES)]
        )

    def _lock_by_id(self, table, ids):
        self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id IN (%s) ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(table),
                ids,
            )
        )

    def _lock_new_customers(self, located):
        """Lock the ids of all unknown customers; storing would lock them run by run."""
        customers = self._find_customers(located) if located else {}
        unknown = [one for one in located if not conversation_of(customers, *one)]
        self._lock_identities(unknown)


def _needs_order(located):
    """Tell whether the handlers would lock in the order of the events.

    Storing messages of customers locks in order by itself. Of a single event, only a
    watermark and an opt-out change several rows, the message's before others.
    """
    if len(located) == 1:
        event = located[0][1]
        is_opt_out = isinstance(event, StatusChanged) and event.reason == "opted_out"
        return is_opt_out or isinstance(event, ReadUpTo)
    return not all(isinstance(event, MessageReceived) for _id, event in located)


def _named_query(located):
    """SQL: the (id, conversation_id) of the messages that the events name."""
    channel_ids, names = _ids(located, "message_ids")
    references = [getattr(event, "reference", "") for _id, event in located]
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


def _ids(located, name):
    """Return (channel ids, what the events name under this name)."""
    found = {each for _id, event in located for each in getattr(event, name, ())}
    if name == "message_ids":
        found |= {getattr(event, "message_id", "") for _id, event in located} - {""}
    return sorted({channel_id for channel_id, _event in located}), sorted(found)

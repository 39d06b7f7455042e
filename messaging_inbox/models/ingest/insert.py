"""Inserts messages, by a function in the database that keeps its plan.

PostgreSQL parses and plans each statement of psycopg2 anew. For this one, that takes
longer than its execution; in a function, it happens once per connection.
"""

import json
from datetime import datetime
from hashlib import sha1
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ...providers.events import MessageReceived
from ..conversation.conversation import preview_text
from ..conversation.profile import PROFILE_KEPT
from .customers import phone_of
from .messages import Stored, direction_of

FUNCTION = "messaging_insert"
# What the function gets of each message, by column.
INCOMING = {
    "position": "int",
    "channel_id": "int",
    "provider_message_id": "varchar",
    "hash": "varchar",
    "conversation_id": "int",
    "direction": "varchar",
    "state": "varchar",
    "kind": "varchar",
    "body": "text",
    "data": "jsonb",
    "sent_at": "timestamp",
    "latest_at": "timestamp",
    "inbound_at": "timestamp",
    "preview": "varchar",
    "name": "varchar",
    "phone": "varchar",
    "username": "varchar",
}
PARAMETERS = "p_incoming jsonb, p_notifies boolean, p_now timestamp, p_stale timestamp"
# JSON has them as text.
TIMES = ("last_message_at", "waiting_since", "snoozed_until", "window_start")

# Duplicates and messages deleted here are not inserted. Each conversation is updated
# from its newest inserted message, and returned as a row of the inbox with
# ``messages``: [[provider's id, id]].
INSERT_MESSAGES = """
    WITH incoming AS (
        SELECT * FROM jsonb_to_recordset(p_incoming) AS given (%(columns)s)),
    inserted AS (
        INSERT INTO messaging_message (
            channel_id, provider_message_id, conversation_id, direction, state, kind,
            body, data, sent_at, create_date, write_date)
        SELECT channel_id, provider_message_id, conversation_id, direction, state, kind,
               body, data, sent_at, p_now, p_now
          FROM incoming
         WHERE NOT EXISTS (
               SELECT FROM messaging_tombstone t WHERE t.hash = incoming.hash)
         ORDER BY position
        ON CONFLICT (channel_id, provider_message_id)
              WHERE provider_message_id IS NOT NULL
           DO NOTHING
        RETURNING *),
    newest AS (
        SELECT conversation_id, max(id) AS id,
               max(id) FILTER (WHERE direction = 'inbound') AS inbound_id,
               max(id) FILTER (WHERE direction = 'outbound') AS answer_id,
               min(id) FILTER (WHERE direction = 'inbound') AS question_id,
               min(sent_at) FILTER (WHERE direction = 'inbound') AS question_at,
               bool_or(direction = 'inbound') AND p_notifies AS notifies,
               json_agg(json_build_array(provider_message_id, id)
                        ORDER BY id) AS messages
          FROM inserted GROUP BY conversation_id),
    updated AS (
        UPDATE messaging_conversation c
           SET state = CASE WHEN newest.inbound_id IS NULL THEN c.state
                            ELSE 'open' END,
               last_message_id = newest.id,
               last_inbound_message_id = coalesce(
                   newest.inbound_id, c.last_inbound_message_id),
               is_snoozed = c.is_snoozed AND newest.inbound_id IS NULL,
               snoozed_until = CASE WHEN newest.inbound_id IS NULL
                                    THEN c.snoozed_until END,
               waiting_message_id = CASE
                   WHEN newest.answer_id IS NULL
                   THEN coalesce(nullif(c.waiting_message_id, 0), newest.question_id)
                   WHEN newest.answer_id < newest.inbound_id THEN newest.id END,
               waiting_since = CASE
                   WHEN newest.answer_id IS NULL
                   THEN coalesce(c.waiting_since, newest.question_at)
                   WHEN newest.answer_id < newest.inbound_id THEN inserted.sent_at END,
               last_message_at = greatest(c.last_message_at, incoming.latest_at),
               last_inbound_at = greatest(c.last_inbound_at, incoming.inbound_at),
               last_message_preview = incoming.preview,
               contact_name = coalesce(incoming.name, c.contact_name),
               contact_phone = coalesce(c.contact_phone, incoming.phone),
               contact_username = coalesce(incoming.username, c.contact_username),
               profile_due = c.profile_due IS TRUE
                   OR coalesce(c.profile_at < p_stale, FALSE),
               notes_due = c.partner_id IS NOT NULL OR c.lead_id IS NOT NULL,
               notifications_due = c.notifications_due IS TRUE OR newest.notifies,
               notified_message_id = CASE
                   WHEN c.notifications_due IS TRUE OR newest.notifies
                   THEN c.notified_message_id ELSE newest.id END,
               write_date = p_now
          FROM newest
          JOIN inserted ON inserted.id = newest.id
          JOIN incoming USING (channel_id, provider_message_id)
         WHERE c.id = newest.conversation_id
        RETURNING c.*)
    SELECT to_jsonb(inbox) || jsonb_build_object('messages', newest.messages)
      FROM (%(inbox)s) AS inbox
      JOIN newest ON newest.conversation_id = inbox.id
"""


class ConversationValues(NamedTuple):
    """A conversation's new values, from a message and those before it in the request.

    Times are naive UTC; ``inbound_at`` is None without a message from the customer.
    """

    latest_at: datetime
    inbound_at: datetime | None
    preview: str
    name: str | None
    phone: str | None
    username: str | None


class MessagingIngest(models.AbstractModel):
    _inherit = "messaging.ingest"

    def init(self):
        self._create_insert_function()

    def _register_hook(self):
        super()._register_hook()
        # Another addon may have extended the rows of the inbox.
        self._create_insert_function()

    def _create_insert_function(self):
        """Create the function, unless it is there; its name changes with its body.

        While the addon is upgraded, processes with the former code use the former one.
        """
        name, body = self._insert_function()
        execute = self.env.cr.execute
        execute("SELECT to_regproc(%s)", [name])
        if self.env.cr.fetchone()[0]:
            return
        # Processes that start at the same time create it one after the other.
        execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [FUNCTION])
        # A function's body takes no query parameters; this one has constants only.
        execute(  # pylint: disable=sql-injection
            f"CREATE OR REPLACE FUNCTION {name}({PARAMETERS}) RETURNS SETOF jsonb"
            f" LANGUAGE plpgsql AS $body$ BEGIN RETURN QUERY {body}; END $body$"
        )

    @api.model
    @tools.ormcache()
    def _insert_function(self):
        """Return the function's name and its statement."""
        columns = (f"{name} {type_}" for name, type_ in INCOMING.items())
        Conversation = self.env["messaging.conversation"]
        statement = SQL(
            INSERT_MESSAGES,
            columns=SQL(", ".join(columns)),
            inbox=Conversation._inbox_query(
                SQL("updated"), SQL("inserted"), SQL("p_now")
            ),
        )
        body = self.env.cr.mogrify(statement.code, statement.params).decode()
        digest = sha1(body.encode(), usedforsecurity=False).hexdigest()[:12]
        return f"{FUNCTION}_{digest}", body

    def _insert_messages(self, arrivals):
        """Insert messages and update their conversations in one statement.

        ``arrivals`` is {(channel id, provider's id): Arrival}. Return [Stored], without
        duplicates and messages that were deleted here.
        """
        name, _body = self._insert_function()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                "SELECT %s(%s, %s, %s, %s)",
                SQL.identifier(name),
                json.dumps(list(self._values_of(arrivals)), default=datetime.isoformat),
                not self.env.context.get("messaging_replay"),
                now,
                now - PROFILE_KEPT,
            )
        )
        stored = []
        for (row,) in rows:
            self._inbox_row(row)
            for provider_id, message_id in row.pop("messages"):
                incoming, customer = arrivals[row["channel_id"], provider_id]
                stored.append(Stored(row, message_id, customer, incoming.event))
        return stored

    def _inbox_row(self, row):
        """Convert a row of the function to the client's values."""
        for name in TIMES:
            row[name] = row[name] and datetime.fromisoformat(row[name])
        return self.env["messaging.conversation"]._inbox_value(row)

    def _values_of(self, arrivals):
        """Yield {column: value} as in ``INCOMING`` for each message."""
        hash_of = self.env["messaging.tombstone"]._hash
        # Replayed messages never notify, even after a later assignment.
        flag = {"replayed": True} if self.env.context.get("messaging_replay") else {}
        conversations = {}
        for position, (key, (incoming, customer)) in enumerate(arrivals.items()):
            event, id_ = incoming.event, customer.conversation_id
            conversations[id_] = _conversation_values(conversations.get(id_), event)
            channel_id, provider_message_id = key
            yield {
                "position": position,
                "channel_id": channel_id,
                "provider_message_id": provider_message_id,
                "hash": hash_of(*key),
                "conversation_id": id_,
                **direction_of(event),
                "kind": event.kind,
                "body": event.text or None,
                "data": {**event.data, **flag} or None,
                "sent_at": event.sent_at,
                **conversations[id_]._asdict(),
            }


def _conversation_values(before, event):
    """Return ConversationValues, ``before`` being those of the messages before it."""
    is_inbound = isinstance(event, MessageReceived)
    before = before or ConversationValues(event.sent_at, None, "", None, None, None)
    return ConversationValues(
        latest_at=max(before.latest_at, event.sent_at),
        inbound_at=event.sent_at if is_inbound else before.inbound_at,
        preview=preview_text(event.text),
        name=getattr(event, "name", "") or before.name,
        phone=phone_of(event) or before.phone,
        username=getattr(event, "username", "") or before.username,
    )

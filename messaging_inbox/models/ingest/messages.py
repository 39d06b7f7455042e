import json
from dataclasses import replace

from odoo import fields, models
from odoo.tools import SQL

from ...providers.events import MessageReceived
from ...providers.text import clean_name
from ..conversation.conversation import preview_text
from ..conversation.profile import PROFILE_KEPT
from .customers import conversation_of, key_of, phone_of
from .ingest import moment_of


class MessagingIngest(models.AbstractModel):
    """Processing messages: as many statements for a hundred as for one."""

    _inherit = "messaging.ingest"

    def _process_messages(self, located):
        """Store what customers wrote, and what was written to them outside."""
        located = [
            (channel_id, _normal(event))
            for channel_id, event in located
            if not self._is_our_echo(channel_id, event)
        ]
        if not located:
            return
        customers = self._customers(located)
        entries = self._entries(located, customers)
        if not entries:
            return
        rows = self._insert_messages(entries)
        known = entries.keys() - {
            (row["channel_id"], message_id)
            for row in rows
            for message_id, _id in row["messages"]
        }
        self._complete([(key[0], entries[key][1]) for key in sorted(known)])
        self._follow(rows, entries)

    def _entries(self, located, customers):
        """Return {(channel id, message id): (conversation, event)}.

        A body may hold the same message twice, and one of them may only announce it.
        """
        entries = {}
        for one in located:
            conversation = conversation_of(customers, *one)
            superfluous = key_of(*one) in entries and one[1].data.get("announced")
            if conversation and not superfluous:
                entries[key_of(*one)] = conversation, one[1]
        return entries

    def _insert_messages(self, entries):
        """Insert messages and bring their conversations up to them, in one statement.

        Return the conversations as the inbox knows them, each with its new
        ``messages``, [(provider's id, id)]; duplicates and deleted ones are passed by.
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH m AS (%(insert)s), new AS (
                    SELECT conversation_id, max(id) AS last_id,
                           max(id) FILTER (WHERE direction = 'inbound') AS inbound_id,
                           json_agg(json_build_array(provider_message_id, id)
                                    ORDER BY id) AS messages
                      FROM m GROUP BY conversation_id)
                %(update)s RETURNING %(columns)s, new.messages
                """,
                insert=self._insert_query(entries),
                update=self._update_query(entries),
                columns=self.env["messaging.conversation"]._inbox_columns(),
            )
        )
        return [self.env["messaging.conversation"]._inbox_value(row) for row in rows]

    def _update_query(self, entries):
        """SQL: what ``new`` messages change in their conversations."""
        changes = self._conversation_changes(entries)
        return SQL(
            """
            UPDATE messaging_conversation c
               SET state = CASE WHEN new.inbound_id IS NULL THEN c.state
                                ELSE 'open' END,
                   last_message_id = new.last_id,
                   last_inbound_message_id = coalesce(
                       new.inbound_id, c.last_inbound_message_id),
                   last_message_at = greatest(c.last_message_at, change.sent_at),
                   last_inbound_at = greatest(
                       c.last_inbound_at, change.inbound_at::timestamp),
                   last_message_preview = change.preview,
                   contact_name = coalesce(change.name, c.contact_name),
                   contact_phone = coalesce(c.contact_phone, change.phone),
                   profile_due = c.profile_due IS TRUE
                       OR coalesce(c.profile_at < %(stale)s, FALSE),
                   notes_due = c.partner_id IS NOT NULL OR c.lead_id IS NOT NULL,
                   notifications_due = c.notifications_due IS TRUE
                       OR (%(calls)s AND new.inbound_id IS NOT NULL),
                   notified_message_id = CASE
                       WHEN c.notifications_due IS TRUE
                       OR (%(calls)s AND new.inbound_id IS NOT NULL)
                       THEN c.notified_message_id ELSE new.last_id END,
                   write_date = %(now)s
              FROM new, m, (VALUES %(changes)s) AS change(%(names)s),
                   messaging_channel channel
             WHERE c.id = new.conversation_id AND m.id = new.last_id
               AND change.conversation_id = c.id
               AND change.provider_message_id = m.provider_message_id
               AND channel.id = c.channel_id
            """,
            changes=_values(change.values() for change in changes),
            names=SQL(", ").join(map(SQL.identifier, changes[0])),
            calls=not self.env.context.get("messaging_replay"),
            now=fields.Datetime.now(),
            stale=fields.Datetime.now() - PROFILE_KEPT,
        )

    def _insert_query(self, entries):
        """SQL: the insert that duplicates and deleted messages pass by."""
        hash_of = self.env["messaging.tombstone"]._hash
        # Nobody is told of it, whoever is given the conversation afterwards.
        flag = {"replayed": True} if self.env.context.get("messaging_replay") else {}
        rows = (
            (
                *(position, *key, hash_of(*key), conversation["id"]),
                *(*direction_of(event).values(), event.kind, event.text or None),
                json.dumps({**event.data, **flag}) if event.data or flag else None,
                event.sent_at,
            )
            for position, (key, (conversation, event)) in enumerate(entries.items())
        )
        return SQL(
            """
            INSERT INTO messaging_message (
                channel_id, provider_message_id, conversation_id, direction, state,
                kind, body, data, sent_at, create_date, write_date)
            SELECT channel_id, provider_message_id, conversation_id, direction, state,
                   kind, body, data::jsonb, sent_at, %(now)s, %(now)s
              FROM (VALUES %(rows)s) AS v(
                   position, channel_id, provider_message_id, hash, conversation_id,
                   direction, state, kind, body, data, sent_at)
             WHERE NOT EXISTS (
                   SELECT FROM messaging_tombstone t WHERE t.hash = v.hash)
             ORDER BY position
            ON CONFLICT (channel_id, provider_message_id)
                  WHERE provider_message_id IS NOT NULL
               DO NOTHING
            RETURNING id, conversation_id, provider_message_id, direction, kind, state,
                      body, author_id, data
            """,
            now=fields.Datetime.now(),
            rows=_values(rows),
        )

    def _conversation_changes(self, entries):
        """Return what each message brings to its conversation, with those before it.

        The one that is the last to be new is applied.
        """
        changes, latest = [], {}
        for (_channel_id, message_id), (conversation, event) in entries.items():
            before = latest.get(conversation["id"], {})
            change = {
                "conversation_id": conversation["id"],
                "provider_message_id": message_id,
                **_change(before, event),
            }
            latest[conversation["id"]] = change
            changes.append(change)
        return changes


def _normal(event):
    """Return the event with a time and a name that can be shown.

    What is ours by no message of ours says so.
    """
    event = replace(event, sent_at=moment_of(event.sent_at))
    if isinstance(event, MessageReceived):
        names = {"name": event.name, "address": event.address}
        names = {key: clean_name(value) for key, value in names.items()}
        return replace(event, **names)
    return replace(event, data={**event.data, "sent_outside": True})


def direction_of(event):
    if isinstance(event, MessageReceived):
        return {"direction": "inbound", "state": "received"}
    return {"direction": "outbound", "state": "sent"}


def _values(rows):
    return SQL(", ").join(SQL("%s", tuple(row)) for row in rows)


def _change(before, event):
    """Return what a conversation takes over from a message and those before it.

    Every time with all names in the same order: they become the columns of a list.
    """
    inbound = isinstance(event, MessageReceived)
    return {
        "sent_at": max(before.get("sent_at", event.sent_at), event.sent_at),
        "inbound_at": event.sent_at if inbound else before.get("inbound_at"),
        "preview": preview_text(event.text),
        "name": getattr(event, "name", "") or before.get("name"),
        "phone": phone_of(event) or before.get("phone"),
    }

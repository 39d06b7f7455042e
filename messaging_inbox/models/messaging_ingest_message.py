import json
from dataclasses import replace

from odoo import fields, models
from odoo.tools import SQL

from ..providers.events import MessageReceived
from .messaging_conversation import preview_text
from .messaging_ingest_customer import conversation_of, key_of, phone_of


class MessagingIngest(models.AbstractModel):
    """Digesting messages: as many statements for a hundred as for one."""

    _inherit = "messaging.ingest"

    def _store_messages(self, located):
        """Store what customers wrote, and what was written to them outside."""
        located = [one for one in located if not self._is_our_echo(*one)]
        if not located:
            return
        customers = self._customers(located)
        # By the message's id: a body may hold the same one twice.
        entries = {
            key_of(*one): (conversation, _normal(one[1]))
            for one in located
            if (conversation := conversation_of(customers, *one))
        }
        if entries:
            self._follow(self._insert_messages(entries), entries)

    def _follow(self, rows, entries):
        """Do what new messages bring about: quotes, files, events, notes, live news."""
        stored = [
            (row, message_id, *entries[row["channel_id"], provider_message_id])
            for row in rows
            for provider_message_id, message_id in row.pop("messages")
        ]
        self._link_quotes(stored)
        self._insert_media(stored)
        for row, message_id, _conversation, event in stored:
            self._tell(row, message_id, event)
        self._note_changes(stored)
        if any(one["wakes_notes"] for _row, _id, one, _event in stored):
            self.env["messaging.conversation"]._wake_notes()
        if any(
            c["wakes_notifications"] and self._is_call(e) for _r, _id, c, e in stored
        ):
            self.env["messaging.conversation"]._wake_notifications()

    def _is_call(self, event):
        """Whether users are to be told: a replay can be found, but calls nobody."""
        is_replay = self.env.context.get("messaging_replay")
        return isinstance(event, MessageReceived) and not is_replay

    def _tell(self, row, message_id, event):
        """Tell open inboxes: a plain message is known without reading it again."""
        bus = self.env["messaging.bus"]
        if self._is_call(event):
            bus._arrived(message_id)
        if event.media or event.reply_to:
            bus._changed_values(row)
            bus._changed([], [message_id])
        else:
            bus._changed_values(row, self._message_value(row, message_id, event))

    def _message_value(self, row, message_id, event):
        return self.env["messaging.message"]._inbox_value(
            {
                "id": message_id,
                "conversation_id": row["id"],
                "channel_id": row["channel_id"],
                "access_epoch": row["access_epoch"],
                **_direction(event),
                "kind": event.kind,
                "body": event.text,
                "data": dict(event.data),
                "sent_at": event.sent_at,
            }
        )

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
        )

    def _insert_query(self, entries):
        """SQL: the insert that duplicates and deleted messages pass by."""
        digest = self.env["messaging.tombstone"]._digest
        rows = (
            (
                *(position, *key, digest(*key), conversation["id"]),
                *(*_direction(event).values(), event.kind, event.text or None),
                json.dumps(dict(event.data)) if event.data else None,
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
                   position, channel_id, provider_message_id, digest, conversation_id,
                   direction, state, kind, body, data, sent_at)
             WHERE NOT EXISTS (
                   SELECT FROM messaging_tombstone t WHERE t.digest = v.digest)
             ORDER BY position
            ON CONFLICT (channel_id, provider_message_id)
                  WHERE provider_message_id IS NOT NULL
               DO NOTHING
            RETURNING id, conversation_id, provider_message_id, direction, kind, state,
                      body, author_id
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

    def _link_quotes(self, stored):
        """Let messages point to those that they answer, of this body or earlier."""
        quotes = [
            (id_, event.reply_to) for _r, id_, _c, event in stored if event.reply_to
        ]
        if quotes:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE messaging_message m SET reply_to_id = quoted.id
                      FROM unnest(%s::int[], %s::varchar[]) AS q(id, quoted),
                           messaging_message quoted
                     WHERE m.id = q.id AND quoted.channel_id = m.channel_id
                       AND quoted.provider_message_id = q.quoted
                    """,
                    *map(list, zip(*quotes, strict=True)),
                )
            )

    def _insert_media(self, stored):
        rows = [
            SQL("(%s, %s, %s, %s, %s, 'pending', 0)", message_id, position, *values)
            for _row, message_id, _conversation, event in stored
            for position, media in enumerate(event.media)
            for values in [(media.url, media.content_type, media.filename)]
        ]
        if not rows:
            return
        self.env.execute_query(
            SQL(
                "INSERT INTO messaging_media (message_id, position, url, content_type,"
                " name, state, attempts) VALUES %s RETURNING id",
                SQL(", ").join(rows),
            )
        )
        self.env["messaging.media"]._trigger_download()

    def _note_changes(self, stored):
        """Keep in events what these messages change: opened again, opted out or in."""
        for row, _message_id, conversation, event in stored:
            is_inbound = isinstance(event, MessageReceived)
            if is_inbound and conversation["state"] == "closed":
                conversation["state"] = "open"
                self._insert_event(row, "reopened")
            if is_inbound and event.opt:
                self._opt(row, conversation, event.opt == "out")

    def _opt(self, row, conversation, opted_out):
        """Close or open the gate for what we send, as the customer's words ask."""
        if conversation["opted_out"] == opted_out:
            return
        conversation["opted_out"] = opted_out
        self.env["messaging.conversation"].browse(row["id"])._store(
            {"opted_out": opted_out}
        )
        self._insert_event(row, "opted_out" if opted_out else "opted_in")

    def _insert_event(self, row, event_type):
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_message (
                    conversation_id, channel_id, direction, kind, event_type, data,
                    sent_at, create_date, write_date)
                VALUES (%s, %s, 'event', 'text', %s, '{"automatic": true}', %s, %s, %s)
                RETURNING id
                """,
                row["id"],
                row["channel_id"],
                event_type,
                *[now] * 3,
            )
        )
        self.env["messaging.bus"]._changed([], [rows[0][0]])


def _normal(event):
    """Return the event with a time; what is ours by no message of ours says so."""
    if event.sent_at is None:
        event = replace(event, sent_at=fields.Datetime.now())
    if isinstance(event, MessageReceived):
        return event
    return replace(event, data={**event.data, "sent_outside": True})


def _direction(event):
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

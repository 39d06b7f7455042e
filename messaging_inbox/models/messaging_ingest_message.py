import json
from dataclasses import replace

from odoo import fields, models
from odoo.tools import SQL

from .messaging_conversation import preview_text


class MessagingIngest(models.AbstractModel):
    """Digesting a customer's message."""

    _inherit = "messaging.ingest"

    def _receive(self, channel_id, event):
        conversation = self._conversation(channel_id, event)
        if conversation is None:
            return
        if event.sent_at is None:
            event = replace(event, sent_at=fields.Datetime.now())
        row = self._store_message(channel_id, conversation["id"], event)
        if row is None:
            return
        if conversation.get("wakes_notes"):
            self.env["messaging.conversation"]._wake_notes()
        self._insert_media(row["seq"], event)
        event_ids = self._note_changes(channel_id, conversation, event)
        self._tell(row, event, event_ids)

    def _tell(self, row, event, event_ids):
        """Tell open inboxes: a plain message is known without reading it again."""
        bus = self.env["messaging.bus"]
        if not self.env.context.get("messaging_replay"):
            bus._arrived(row["seq"])
        if event.media or event.reply_to:
            bus._changed_values(row)
            bus._changed([], [row["seq"]])
        else:
            bus._changed_values(row, self._message_value(row, event))
        bus._changed([], event_ids)

    def _message_value(self, row, event):
        return self.env["messaging.message"]._inbox_value(
            {
                "id": row["seq"],
                "conversation_id": row["id"],
                "channel_id": row["channel_id"],
                "access_epoch": row["access_epoch"],
                "direction": "inbound",
                "kind": event.kind,
                "state": "received",
                "body": event.text,
                "data": dict(event.data),
                "sent_at": event.sent_at,
            }
        )

    def _conversation(self, channel_id, event):
        """Return the customer's conversation, locked, made where there is none.

        None for a message that was deleted: its redelivery makes no conversation.
        """
        found = self._find_conversation(channel_id, event.external_ids)
        if found is None and self._is_buried(channel_id, event.message_id):
            return None
        if found is None:
            self._lock_identities(channel_id, event.external_ids)
            found = self._find_conversation(channel_id, event.external_ids)
        if found is None:
            found = self._insert_conversation(channel_id, event)
        if len(event.external_ids) > 1 or not found["known"]:
            self._point_identities(channel_id, found["id"], event.external_ids)
        return found

    def _is_buried(self, channel_id, provider_message_id):
        digest = self.env["messaging.tombstone"]._digest(
            channel_id, provider_message_id
        )
        query = SQL("SELECT 1 FROM messaging_tombstone WHERE digest = %s", digest)
        return bool(self.env.execute_query(query))

    def _find_conversation(self, channel_id, external_ids):
        """Find by the first id that is known: the phone number stands first."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT c.id, c.state, c.opted_out, TRUE AS known, NOT c.notes_due
                       IS TRUE AND (c.partner_id IS NOT NULL OR c.lead_id IS NOT NULL)
                       AS wakes_notes
                  FROM messaging_identity i
                  JOIN messaging_conversation c ON c.id = i.conversation_id
                 WHERE i.channel_id = %(channel)s AND i.external_id = ANY(%(ids)s)
                 ORDER BY array_position(%(ids)s, i.external_id)
                 LIMIT 1 FOR NO KEY UPDATE OF c
                """,
                channel=channel_id,
                ids=SQL("%s::varchar[]", list(external_ids)),
            )
        )
        return rows[0] if rows else None

    def _lock_identities(self, channel_id, external_ids):
        """Let one request make a new customer's conversation; others then find it."""
        for external_id in sorted(external_ids):
            self.env.cr.execute(
                SQL(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
                    f"messaging.identity:{external_id}",
                    channel_id,
                )
            )

    def _insert_conversation(self, channel_id, event):
        phone = _phone(event)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_conversation (
                    channel_id, contact_name, contact_phone, state, opted_out,
                    create_date, write_date, last_message_at)
                VALUES (%s, %s, %s, 'open', FALSE, %s, %s, %s) RETURNING id
                """,
                channel_id,
                event.name or phone or event.external_ids[0],
                phone,
                *[fields.Datetime.now()] * 3,
            )
        )
        return {"id": rows[0][0], "state": "open", "opted_out": False, "known": False}

    def _point_identities(self, channel_id, conversation_id, external_ids):
        """Let all ids of the customer lead here, also one that led elsewhere before.

        The conversation that it led to stays as it is: two are never merged.
        """
        self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_identity
                       (channel_id, conversation_id, external_id)
                SELECT %s, %s, unnest(%s)
                ON CONFLICT (channel_id, external_id)
                   DO UPDATE SET conversation_id = EXCLUDED.conversation_id
                   WHERE messaging_identity.conversation_id
                         <> EXCLUDED.conversation_id
                RETURNING id
                """,
                channel_id,
                conversation_id,
                list(external_ids),
            )
        )

    def _store_message(self, channel_id, conversation_id, event):
        """Insert the message and bring its conversation up to it, in one statement.

        Return the conversation as the inbox knows it, its ``seq`` the id of the new
        message; None for a duplicate or a deleted message.
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH m AS (%(insert)s)
                UPDATE messaging_conversation c
                   SET state = 'open', last_message_id = m.id,
                       last_inbound_message_id = m.id,
                       last_message_at = greatest(c.last_message_at, %(sent_at)s),
                       last_inbound_at = greatest(c.last_inbound_at, %(sent_at)s),
                       last_message_preview = %(preview)s,
                       contact_name = coalesce(%(name)s, c.contact_name),
                       contact_phone = coalesce(c.contact_phone, %(phone)s),
                       opted_out = coalesce(%(opted_out)s, c.opted_out),
                       notes_due = c.partner_id IS NOT NULL OR c.lead_id IS NOT NULL,
                       write_date = %(now)s
                  FROM m, messaging_channel channel
                 WHERE c.id = %(id)s AND channel.id = c.channel_id
                RETURNING %(columns)s
                """,
                insert=self._insert_message(channel_id, conversation_id, event),
                id=conversation_id,
                sent_at=event.sent_at,
                preview=preview_text(event.text),
                name=event.name or None,
                phone=_phone(event),
                opted_out={"out": True, "in": False}.get(event.opt),
                now=fields.Datetime.now(),
                columns=self.env["messaging.conversation"]._inbox_columns(),
            )
        )
        if not rows:
            return None
        return self.env["messaging.conversation"]._inbox_value(rows[0])

    def _insert_message(self, channel_id, conversation_id, event):
        """SQL: the insert that a duplicate or a deleted message passes by."""
        tombstones = self.env["messaging.tombstone"]
        return SQL(
            """
            INSERT INTO messaging_message (
                conversation_id, channel_id, direction, kind, state, body, data,
                provider_message_id, sent_at, reply_to_id, create_date, write_date)
            SELECT %(conversation)s, %(channel)s, 'inbound', %(kind)s, 'received',
                   %(body)s, %(data)s::jsonb, %(provider_id)s, %(sent_at)s,
                   (%(reply_to)s), %(now)s, %(now)s
             WHERE NOT EXISTS (
                   SELECT 1 FROM messaging_tombstone WHERE digest = %(digest)s)
            ON CONFLICT (channel_id, provider_message_id)
                  WHERE provider_message_id IS NOT NULL
               DO NOTHING
            RETURNING id, direction, kind, state, body, author_id
            """,
            conversation=conversation_id,
            channel=channel_id,
            kind=event.kind,
            body=event.text or None,
            data=json.dumps(dict(event.data)) if event.data else None,
            provider_id=event.message_id,
            sent_at=event.sent_at,
            reply_to=self._reply_to(channel_id, event),
            now=fields.Datetime.now(),
            digest=tombstones._digest(channel_id, event.message_id),
        )

    def _reply_to(self, channel_id, event):
        if not event.reply_to:
            return SQL("NULL")
        return SQL(
            "SELECT id FROM messaging_message"
            " WHERE channel_id = %s AND provider_message_id = %s",
            channel_id,
            event.reply_to,
        )

    def _insert_media(self, message_id, event):
        if not event.media:
            return
        rows = [
            SQL("(%s, %s, %s, %s, %s, 'pending', 0)", message_id, position, *values)
            for position, media in enumerate(event.media)
            for values in [(media.url, media.content_type, media.filename)]
        ]
        self.env.execute_query(
            SQL(
                "INSERT INTO messaging_media (message_id, position, url, content_type,"
                " name, state, attempts) VALUES %s RETURNING id",
                SQL(", ").join(rows),
            )
        )
        self.env["messaging.media"]._trigger_download()

    def _note_changes(self, channel_id, conversation, event):
        """Write the events that this message brings about; return their ids."""
        kinds = []
        if conversation["state"] == "closed":
            kinds.append("reopened")
        if event.opt == "out" and not conversation["opted_out"]:
            kinds.append("opted_out")
        if event.opt == "in" and conversation["opted_out"]:
            kinds.append("opted_in")
        return [
            self._insert_event(channel_id, conversation["id"], kind) for kind in kinds
        ]

    def _insert_event(self, channel_id, conversation_id, event_type):
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
                conversation_id,
                channel_id,
                event_type,
                *[now] * 3,
            )
        )
        return rows[0][0]


def _phone(event):
    """Return the customer's number, None where the provider hides it."""
    return next((i for i in event.external_ids if i.startswith("+")), None)

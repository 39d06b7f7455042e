"""Digesting the events of a webhook request: few statements, no network, no partner.

The webhook works at READ COMMITTED: two requests for one conversation wait for each
other on its row. Duplicates die on unique indexes, never on check-then-insert.
"""

import json
import logging
from dataclasses import dataclass

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ..providers.events import Event, MessageReceived, StatusChanged
from .messaging_conversation import preview_text

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

        All go in one savepoint; when one fails, each goes in its own, so that the good
        ones stand.
        """
        if not events:
            return []
        try:
            with self.env.cr.savepoint(flush=False):
                for event in events:
                    self._apply(account_id, event)
            return []
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            if len(events) == 1:
                return [self._failure(events[0], error)]
        return [
            failure
            for event in events
            for failure in [self._apply_alone(account_id, event)]
            if failure
        ]

    def _apply_alone(self, account_id, event):
        try:
            with self.env.cr.savepoint(flush=False):
                self._apply(account_id, event)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            return self._failure(event, error)
        return None

    def _failure(self, event, error):
        if isinstance(error, NotDigested):
            return Failure(event, str(error), parked=isinstance(error, TooEarly))
        _logger.exception("An event of %s could not be digested", event.message_id)
        return Failure(event, f"{type(error).__name__}: {error}")

    def _apply(self, account_id, event):
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

    # ------------------------------------------------------------------
    # a customer's message
    # ------------------------------------------------------------------

    def _receive(self, channel_id, event):
        conversation = self._conversation(channel_id, event)
        if conversation is None:
            return
        message_id = self._insert_message(channel_id, conversation["id"], event)
        if not message_id:
            return
        self._insert_media(message_id, event)
        event_ids = self._note_changes(channel_id, conversation, event)
        self._touch_conversation(conversation["id"], message_id, event)
        self.env["messaging.bus"]._changed([conversation["id"]], [*event_ids, message_id])

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
                SELECT c.id, c.state, c.opted_out, TRUE AS known
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
        """Let one request make a new customer's conversation; the others then find it."""
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
                INSERT INTO messaging_identity (channel_id, conversation_id, external_id)
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

    def _insert_message(self, channel_id, conversation_id, event):
        """Return the id of the new row; None for a duplicate or a deleted message."""
        tombstone = self.env["messaging.tombstone"]._digest(channel_id, event.message_id)
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_message (
                    conversation_id, channel_id, direction, kind, state, body, data,
                    provider_message_id, sent_at, reply_to_id, create_date, write_date)
                SELECT %(conversation)s, %(channel)s, 'inbound', %(kind)s, 'received',
                       %(body)s, %(data)s::jsonb, %(provider_id)s, %(sent_at)s,
                       (%(reply_to)s), %(now)s, %(now)s
                 WHERE NOT EXISTS (
                       SELECT 1 FROM messaging_tombstone WHERE digest = %(tombstone)s)
                ON CONFLICT (channel_id, provider_message_id)
                      WHERE provider_message_id IS NOT NULL
                   DO NOTHING
                RETURNING id
                """,
                conversation=conversation_id,
                channel=channel_id,
                kind=event.kind,
                body=event.text or None,
                data=json.dumps(dict(event.data)) if event.data else None,
                provider_id=event.message_id,
                sent_at=event.sent_at or now,
                reply_to=self._reply_to(channel_id, event),
                now=now,
                tombstone=tombstone,
            )
        )
        return rows[0][0] if rows else None

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

    def _touch_conversation(self, conversation_id, message_id, event):
        """Bring the row of the conversation up to its newest message."""
        sent_at = event.sent_at or fields.Datetime.now()
        opted_out = {"out": True, "in": False}.get(event.opt)
        self.env.cr.execute(
            SQL(
                """
                UPDATE messaging_conversation
                   SET state = 'open', last_message_id = %(message)s,
                       last_inbound_message_id = %(message)s,
                       last_message_at = greatest(last_message_at, %(sent_at)s),
                       last_inbound_at = greatest(last_inbound_at, %(sent_at)s),
                       last_message_preview = %(preview)s,
                       contact_name = coalesce(%(name)s, contact_name),
                       contact_phone = coalesce(contact_phone, %(phone)s),
                       opted_out = coalesce(%(opted_out)s, opted_out),
                       write_date = %(now)s
                 WHERE id = %(id)s
                """,
                id=conversation_id,
                message=message_id,
                sent_at=sent_at,
                preview=preview_text(event.text),
                name=event.name or None,
                phone=_phone(event),
                opted_out=opted_out,
                now=fields.Datetime.now(),
            )
        )

    # ------------------------------------------------------------------
    # a status of ours
    # ------------------------------------------------------------------

    def _change_status(self, channel_id, event):
        row = self._find_message(channel_id, event)
        if row is None:
            self._unknown_message(channel_id, event)
            return
        # The provider speaks of it, so it has it: at least sent.
        status = "sent" if event.status in ("queued", "sending") else event.status
        Message = self.env["messaging.message"]
        moved = self.env.execute_query(
            SQL(
                """
                UPDATE messaging_message
                   SET state = %(state)s, reason = %(reason)s, error_code = %(code)s,
                       error_detail = %(detail)s, next_try_at = NULL,
                       provider_message_id = %(provider_id)s, write_date = %(now)s
                 WHERE id = %(id)s AND %(rank)s > %(present)s RETURNING conversation_id
                """,
                id=row["id"],
                state=status,
                reason=event.reason or None,
                code=event.error_code or None,
                detail=event.error_detail or None,
                provider_id=event.message_id,
                rank=Message._state_rank(status),
                present=Message._state_rank(SQL("state")),
                now=fields.Datetime.now(),
            )
        )
        if moved:
            self._status_changed(moved[0][0], row["id"], event)

    def _find_message(self, channel_id, event):
        """Find by the provider's id, or by our own reference while that isn't known."""
        uuid, _dot, part = event.reference.rpartition(".")
        by_reference = SQL()
        if uuid and part.isdecimal() and len(part) < 5:
            by_reference = SQL(
                "OR (client_uuid = %s AND part = %s AND provider_message_id IS NULL)",
                uuid,
                int(part),
            )
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT id FROM messaging_message
                 WHERE channel_id = %s AND direction = 'outbound'
                   AND (provider_message_id = %s %s)
                 LIMIT 1 FOR NO KEY UPDATE
                """,
                channel_id,
                event.message_id,
                by_reference,
            )
        )
        return rows[0] if rows else None

    def _unknown_message(self, channel_id, event):
        if not self._is_buried(channel_id, event.message_id):
            raise TooEarly(
                self.env._(
                    "A status of message %(id)s, which isn't known (yet).",
                    id=event.message_id,
                )
            )

    def _status_changed(self, conversation_id, message_id, event):
        changed = []
        if event.reason == "opted_out":
            conversation = self.env["messaging.conversation"].browse(conversation_id)
            conversation._set_opted_out(True)
            changed = [conversation_id]
        self.env["messaging.bus"]._changed(changed, [message_id])

    @api.model
    def _receive_request(self, account_id, request, events):
        """Digest a verified request; keep it when something of it could not be."""
        failures = self._ingest(account_id, events)
        if not failures:
            return
        kind = "status" if all(failure.parked for failure in failures) else "request"
        receipts = self.env["messaging.receipt"]
        receipts._keep(account_id, request, failures[0].error, kind)


def _phone(event):
    """Return the customer's number, None where the provider hides it."""
    return next((i for i in event.external_ids if i.startswith("+")), None)

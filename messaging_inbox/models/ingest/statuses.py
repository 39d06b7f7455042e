import json
import logging

from odoo import fields, models
from odoo.tools import SQL

from ...providers.events import StatusChanged
from ...tools.watched import log_event
from .ingest import TooEarly


class MessagingIngest(models.AbstractModel):
    """Processes statuses, echoes and watermarks of outbound messages."""

    _inherit = "messaging.ingest"

    def _channel_of_status(self, account_id, event):
        """Return the id of the message's channel, for a status that doesn't name it.

        Search only this account, since the id is the provider's. Raise TooEarly if the
        message is unknown.
        """
        conditions = [SQL("m.provider_message_id = %s", event.message_id)]
        if by_reference := _is_reference(event.reference):
            conditions.append(SQL("%s AND provider_message_id IS NULL", by_reference))
        for condition in conditions:
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT m.channel_id FROM messaging_message m
                     WHERE m.direction = 'outbound' AND %s AND m.channel_id IN (
                           SELECT id FROM messaging_channel WHERE account_id = %s)
                     LIMIT 1
                    """,
                    condition,
                    account_id,
                )
            )
            if rows:
                return rows[0][0]
        if event.channel is None:
            raise self._unknown_message_error(event.message_id)
        return None

    def _unknown_message_error(self, message_id):
        return TooEarly(
            self.env._(
                "It refers to message %(id)s, which isn't known yet.", id=message_id
            )
        )

    def _change_status(self, channel_id, event):
        message_id = self._find_message(channel_id, event)
        if message_id is None:
            self._check_was_deleted(channel_id, event.message_id)
            return
        self._move_forward(message_id, event)
        if event.data:
            self._keep_data(message_id, event.data)

    def _keep_data(self, message_id, data):
        """Keep what the provider says beside a status, even if it comes late."""
        added = json.dumps(dict(data))
        kept = self.env.execute_query(
            SQL(
                """
                UPDATE messaging_message
                   SET data = coalesce(data, '{}') || %(added)s::jsonb
                 WHERE id = %(id)s AND (data ? 'erased') IS NOT TRUE
                   AND (coalesce(data, '{}') @> %(added)s::jsonb) IS NOT TRUE
                RETURNING id
                """,
                id=message_id,
                added=added,
            )
        )
        if kept:
            self.env["messaging.bus"]._changed([], [message_id])

    def _move_forward(self, message_id, event):
        """Move a message forward to the state of a StatusChanged, never backward."""
        # A message that the provider knows is at least sent.
        status = "sent" if event.status in ("queued", "sending") else event.status
        Message = self.env["messaging.message"]
        moved = self.env.execute_query(
            SQL(
                """
                UPDATE messaging_message
                   SET state = %(state)s, reason = %(reason)s, error_code = %(code)s,
                       error_detail = CASE WHEN (data ? 'erased') IS NOT TRUE
                                           THEN %(detail)s END,
                       next_try_at = NULL,
                       provider_message_id = %(provider_id)s, write_date = %(now)s
                 WHERE id = %(id)s AND %(rank)s > %(present)s
                RETURNING conversation_id, (
                    SELECT c.id FROM messaging_conversation c
                     WHERE c.id = conversation_id
                       AND c.last_message_id = messaging_message.id)
                """,
                id=message_id,
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
        if moved and status == "failed":
            facts = {"message": message_id, "reason": event.reason}
            log_event(
                "message_undelivered", logging.INFO, **facts, code=event.error_code
            )
        for conversation_id, row_id in moved:
            self._status_changed(conversation_id, message_id, event, row_id)

    def _find_message(self, channel_id, event):
        """Return the id of a message, or None.

        Search by the provider's id, then by our reference among messages without one.
        These are two queries because no index serves both.
        """
        by_id = SQL("provider_message_id = %s", event.message_id)
        found = self._find_outbound(channel_id, by_id)
        by_reference = _is_reference(event.reference)
        if found or not by_reference:
            return found
        # A late status of a failed attempt doesn't apply to the next attempt.
        if self._was_deleted(channel_id, event.message_id):
            return None
        unnamed = SQL("%s AND provider_message_id IS NULL", by_reference)
        return self._find_outbound(channel_id, unnamed, event.external_ids)

    def _find_outbound(self, channel_id, condition, external_ids=()):
        """Return the id of an outbound message, or None; prefer this customer's.

        Messages in two conversations may have the same ``client_uuid``.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM messaging_message
                 WHERE channel_id = %(channel)s AND direction = 'outbound'
                   AND %(condition)s
                 ORDER BY conversation_id IN (
                       SELECT conversation_id FROM messaging_identity
                        WHERE channel_id = %(channel)s
                          AND external_id = ANY(%(ids)s)) DESC
                 LIMIT 1 FOR NO KEY UPDATE
                """,
                channel=channel_id,
                condition=condition,
                ids=list(external_ids),
            )
        )
        return rows[0][0] if rows else None

    def _check_was_deleted(self, channel_id, message_id):
        """Raise TooEarly unless the unknown message was deleted here."""
        if not self._was_deleted(channel_id, message_id):
            raise self._unknown_message_error(message_id)

    def _was_deleted(self, channel_id, provider_message_id):
        key = channel_id, provider_message_id
        return bool(self.env["messaging.tombstone"]._find_deleted([key]))

    def _status_changed(self, conversation_id, message_id, event, row_id):
        """Run the effects of a new state and publish it to open inboxes.

        ``row_id`` is the conversation if its row shows this message, else None.
        """
        changed = [row_id] if row_id else []
        if event.reason == "opted_out":
            conversation = self.env["messaging.conversation"].browse(conversation_id)
            conversation._set_opted_out(True, "provider")
            changed = [conversation_id]
        if event.status == "failed":
            message = self.env["messaging.message"].browse(message_id)
            message._check_templates(event.reason or "other")
            message._after_display_change()
            if event.reason == "not_on_channel":
                conversation = message.conversation_id
                conversation._set_unreachable(message.sent_at, event.external_ids)
        self.env["messaging.bus"]._changed(changed, [message_id])

    # ------------------------------------------------------------------
    # echoes
    # ------------------------------------------------------------------

    def _is_our_echo(self, channel_id, event):
        """Return whether a MessageSent is our own message; if so, mark it sent.

        The echo may arrive before the response to our request, and then settles it.
        """
        message_id = self._find_message(channel_id, event)
        if message_id:
            confirmed = StatusChanged(event.channel, event.message_id, "sent")
            self._move_forward(message_id, confirmed)
            return True
        return self._was_our_echo(channel_id, event.reference)

    def _was_our_echo(self, channel_id, reference):
        """Return whether we sent it with another id, or have deleted it since."""
        by_reference = _is_reference(reference)
        return bool(by_reference) and bool(
            self._find_outbound(channel_id, by_reference)
            or self._was_deleted(channel_id, reference)
        )

    # ------------------------------------------------------------------
    # watermarks
    # ------------------------------------------------------------------

    def _read_up_to(self, channel_id, event):
        """Move forward the customer's messages up to a time, and those named.

        By time, only move messages that are known to be sent.
        """
        Message = self.env["messaging.message"]
        is_early = self._is_early(channel_id, event)
        rows = self.env.execute_query(
            SQL(
                """
                WITH named AS (
                    SELECT id FROM messaging_message
                     WHERE channel_id = %(channel)s
                       AND provider_message_id = ANY(%(names)s)),
                earlier AS (
                    SELECT m.id FROM messaging_identity i
                      JOIN messaging_message m ON m.conversation_id = i.conversation_id
                     WHERE i.channel_id = %(channel)s AND i.external_id = ANY(%(ids)s)
                       AND m.state IN ('sent', 'delivered') AND m.sent_at <= %(until)s)
                UPDATE messaging_message
                   SET state = %(status)s, reason = NULL, error_code = NULL,
                       error_detail = NULL, next_try_at = NULL, write_date = %(now)s
                 WHERE id IN (TABLE named UNION ALL TABLE earlier)
                   AND direction = 'outbound' AND %(rank)s > %(present)s
                RETURNING id, (
                    SELECT c.id FROM messaging_conversation c
                     WHERE c.id = conversation_id
                       AND c.last_message_id = messaging_message.id)
                """,
                channel=channel_id,
                names=list(event.message_ids),
                ids=list(event.external_ids),
                until=event.until,
                status=event.status,
                now=fields.Datetime.now(),
                rank=Message._state_rank(event.status),
                present=Message._state_rank(SQL("state")),
            )
        )
        self.env["messaging.bus"]._changed(
            [row_id for _id, row_id in rows if row_id], [id_ for id_, _row in rows]
        )
        if is_early:
            words = self.env._("It refers to a message that is being sent right now.")
            raise TooEarly(words)

    def _is_early(self, channel_id, event):
        """Return whether it may be about a message that is still being sent.

        Check before moving messages forward, so that none settles in between unmoved.
        """
        # The second condition on the state makes the outbox's index usable.
        sending = self.env.execute_query(
            SQL(
                """
                SELECT 1 FROM messaging_identity i
                  JOIN messaging_message m ON m.conversation_id = i.conversation_id
                 WHERE i.channel_id = %s AND i.external_id = ANY(%s)
                   AND m.state = 'sending' AND m.state IN ('queued', 'sending')
                 LIMIT 1
                """,
                channel_id,
                list(event.external_ids),
            )
        )
        return bool(sending) or self._is_unknown(channel_id, event)

    def _is_unknown(self, channel_id, event):
        if not event.message_ids:
            return False
        known = self.env.execute_query(
            SQL(
                "SELECT id FROM messaging_message"
                " WHERE channel_id = %s AND provider_message_id = ANY(%s)",
                channel_id,
                list(event.message_ids),
            )
        )
        return not known and not self._was_deleted(channel_id, event.message_ids[0])


def _is_reference(reference):
    """Return SQL that matches our ``<client_uuid>.<part>``; None for other text."""
    uuid, _dot, part = reference.rpartition(".")
    if not (uuid and part.isascii() and part.isdecimal() and len(part) < 5):
        return None
    return SQL("client_uuid = %s AND part = %s", uuid, int(part))

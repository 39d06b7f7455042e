from odoo import fields, models
from odoo.tools import SQL

from ...providers.events import StatusChanged
from .ingest import TooEarly


class MessagingIngest(models.AbstractModel):
    """Processing what became of our messages: statuses, echoes, watermarks."""

    _inherit = "messaging.ingest"

    def _channel_of_status(self, account_id, event):
        """Return the channel by the message, where the status doesn't name it.

        The id is the provider's own, so it is looked for in this account alone.
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
            raise self._unknown_message(event.message_id)
        return None

    def _unknown_message(self, message_id):
        return TooEarly(
            self.env._(
                "It refers to message %(id)s, which isn't known yet.", id=message_id
            )
        )

    def _change_status(self, channel_id, event):
        message_id = self._find_message(channel_id, event)
        if message_id is None:
            self._check_buried(channel_id, event.message_id)
        else:
            self._move_forward(message_id, event)

    def _move_forward(self, message_id, event):
        """Bring a message to the state of a StatusChanged, unless it is further."""
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
        for conversation_id, row_id in moved:
            self._status_changed(conversation_id, message_id, event, row_id)

    def _find_message(self, channel_id, event):
        """Return the id of a message, or None.

        By the provider's id, or by our own reference while that isn't known.
        One after the other: no index serves both.
        """
        by_id = SQL("provider_message_id = %s", event.message_id)
        found = self._find_outbound(channel_id, by_id)
        by_reference = _is_reference(event.reference)
        if found or not by_reference:
            return found
        # A late word on a try that failed says nothing of the one after it.
        if self._is_buried(channel_id, event.message_id):
            return None
        unnamed = SQL("%s AND provider_message_id IS NULL", by_reference)
        return self._find_outbound(channel_id, unnamed, event.external_ids)

    def _find_outbound(self, channel_id, condition, external_ids=()):
        """Return the id of a message of ours, of this customer before any other.

        Two conversations may have got messages of one ``client_uuid``.
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

    def _check_buried(self, channel_id, message_id):
        """Accept that we don't know a message that was deleted; any other may come."""
        if not self._is_buried(channel_id, message_id):
            raise self._unknown_message(message_id)

    def _is_buried(self, channel_id, provider_message_id):
        key = channel_id, provider_message_id
        return bool(self.env["messaging.tombstone"]._find_buried([key]))

    def _status_changed(self, conversation_id, message_id, event, row_id):
        """Tell open inboxes; ``row_id`` is the conversation whose row shows it."""
        changed = [row_id] if row_id else []
        if event.reason == "opted_out":
            conversation = self.env["messaging.conversation"].browse(conversation_id)
            conversation._set_opted_out(True)
            changed = [conversation_id]
        if event.status == "failed":
            message = self.env["messaging.message"].browse(message_id)
            message._after_display_change()
        self.env["messaging.bus"]._changed(changed, [message_id])

    # ------------------------------------------------------------------
    # echoes
    # ------------------------------------------------------------------

    def _is_our_echo(self, channel_id, event):
        """Tell whether a MessageSent is one of ours; if so, it is sent by now.

        The echo may come before the answer to our request, and settles it then.
        """
        message_id = self._find_message(channel_id, event)
        if message_id:
            confirmed = StatusChanged(event.channel, event.message_id, "sent")
            self._move_forward(message_id, confirmed)
            return True
        return self._was_ours(channel_id, event.reference)

    def _was_ours(self, channel_id, reference):
        """Tell whether we sent it under another id before, or deleted it meanwhile."""
        by_reference = _is_reference(reference)
        return bool(by_reference) and bool(
            self._find_outbound(channel_id, by_reference)
            or self._is_buried(channel_id, reference)
        )

    # ------------------------------------------------------------------
    # watermarks
    # ------------------------------------------------------------------

    def _read_up_to(self, channel_id, event):
        """Move forward what the customer got or saw until a moment, and what is named.

        A moment alone says nothing of a message that we don't know to be sent.
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
        """Tell whether some of it is about a message whose sending isn't settled yet.

        Asked before anything is moved: what is settled by then is moved, too.
        """
        # Both conditions on the state: the second one finds the outbox's index.
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
        return not known and not self._is_buried(channel_id, event.message_ids[0])


def _is_reference(reference):
    """SQL: what our own ``<client_uuid>.<part>`` finds; None for any other words."""
    uuid, _dot, part = reference.rpartition(".")
    if not (uuid and part.isascii() and part.isdecimal() and len(part) < 5):
        return None
    return SQL("client_uuid = %s AND part = %s", uuid, int(part))

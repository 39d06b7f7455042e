from odoo import fields, models
from odoo.tools import SQL

from .messaging_ingest import TooEarly


class MessagingIngest(models.AbstractModel):
    """Digesting the status of a message of ours."""

    _inherit = "messaging.ingest"

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
        """Find by the provider's id, or by our own reference while that isn't known.

        One after the other: no index serves both.
        """
        by_id = SQL("provider_message_id = %s", event.message_id)
        found = self._find_outbound(channel_id, by_id)
        uuid, _dot, part = event.reference.rpartition(".")
        if found or not (uuid and part.isdecimal() and len(part) < 5):
            return found
        # A late word on a try that failed says nothing of the one after it.
        if self._is_buried(channel_id, event.message_id):
            return None
        by_reference = SQL(
            "client_uuid = %s AND part = %s AND provider_message_id IS NULL",
            uuid,
            int(part),
        )
        return self._find_outbound(channel_id, by_reference)

    def _find_outbound(self, channel_id, condition):
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT id FROM messaging_message
                 WHERE channel_id = %s AND direction = 'outbound' AND %s
                 LIMIT 1 FOR NO KEY UPDATE
                """,
                channel_id,
                condition,
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
        if event.status == "failed":
            message = self.env["messaging.message"].browse(message_id)
            self.env["messaging.note.window"]._mark_stale(message)
        self.env["messaging.bus"]._changed(changed, [message_id])

from odoo import models
from odoo.tools import SQL

BATCH = 500


class MessagingChannel(models.Model):
    """Failed webhooks that a channel no longer keeps."""

    _inherit = "messaging.channel"

    def _erase_some(self):
        return super()._erase_some() or self._erase_webhooks()

    def _erase_webhooks(self):
        """Delete the content of old failed webhooks; return whether there was any.

        They hold messages, so they are kept no longer than those.
        """
        since = self._kept_since("webhooks", "messages")
        if not since:
            return False
        erased = self.env.execute_query(
            SQL(
                """
                UPDATE messaging_receipt
                   SET state = 'done', body_stored = NULL, awaited = NULL,
                       next_try_at = NULL, error = %s
                 WHERE id IN (
                       SELECT id FROM messaging_receipt
                        WHERE account_id = %s AND state = 'failed' AND create_date < %s
                        ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING id
                """,
                self.env._("Erased: failed webhooks are kept for a limited time."),
                self.account_id.id,
                since,
                BATCH,
            )
        )
        self.env["messaging.receipt"].invalidate_model()
        return bool(erased)

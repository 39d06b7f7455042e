from odoo import models


class MessagingMessage(models.Model):
    """A customer waits again if our answer failed, and no longer for what is unsent."""

    _inherit = "messaging.message"

    _failed_idx = models.Index(
        "(conversation_id, id) WHERE state = 'failed' AND direction = 'outbound'"
    )

    def _after_display_change(self):
        super()._after_display_change()
        # Not by state: webhooks write it in SQL, behind the cache.
        perhaps_lost = self.filtered(
            lambda m: (
                not m._is_erased()
                and (m.direction == "outbound" or (m.data or {}).get("unsent"))
            )
        )
        perhaps_lost.conversation_id._update_waiting()

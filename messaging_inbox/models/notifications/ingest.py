from odoo import models


class MessagingIngest(models.AbstractModel):
    """New messages wake the cron of notifications."""

    _inherit = "messaging.ingest"

    def _after_messages(self, stored):
        super()._after_messages(stored)
        if any(
            was["wakes_notifications"] and self._is_call(event)
            for _row, _id, was, event in stored
        ):
            self.env["messaging.conversation"]._wake_notifications()

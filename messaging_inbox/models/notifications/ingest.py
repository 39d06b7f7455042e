from odoo import models


class MessagingIngest(models.AbstractModel):
    """New messages wake the cron of notifications."""

    _inherit = "messaging.ingest"

    def _after_messages(self, stored):
        super()._after_messages(stored)
        if any(
            each.customer.wakes_notifications and self._notifies(each)
            for each in stored
        ):
            self.env["messaging.conversation"]._wake_notifications()

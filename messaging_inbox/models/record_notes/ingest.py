from odoo import models


class MessagingIngest(models.AbstractModel):
    """New messages wake the cron of notes."""

    _inherit = "messaging.ingest"

    def _after_messages(self, stored):
        super()._after_messages(stored)
        if any(each.customer.wakes_notes for each in stored):
            self.env["messaging.conversation"]._wake_notes(joins=True)

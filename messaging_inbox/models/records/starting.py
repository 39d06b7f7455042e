from odoo import api, fields, models


class MessagingStarting(models.AbstractModel):
    """Adds the button that starts a conversation with a contact, a lead or a deal."""

    _name = "messaging.starting"
    _description = "Records to start a conversation from"

    messaging_can_start = fields.Boolean(
        compute="_compute_messaging_can_start",
        groups="messaging_inbox.group_messaging_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_messaging_can_start(self):
        channels = self.env["messaging.conversation"]._channels_to_start()
        self.messaging_can_start = bool(channels)

    def action_messaging_start(self):
        """Open the dialog that writes to the customer first."""
        return self.env["messaging.conversation"]._action_start(self)

from odoo import api, fields, models, tools


class MessagingChannel(models.Model):
    """Whether customers see that we read and type, before we answer."""

    _inherit = "messaging.channel"

    shows_reading = fields.Boolean(
        string="Show customers that we read and type",
        help=(
            "Customers see when an Agent opens the conversation and while one types an"
            " answer. Who sees this expects an answer soon."
        ),
    )
    can_show_reading = fields.Boolean(compute="_compute_can_show_reading")

    @api.depends("kind", "account_id.provider")
    def _compute_can_show_reading(self):
        for channel in self:
            provider = channel.account_id._provider_class()
            channel.can_show_reading = channel.kind in provider.read_marks

    def write(self, vals):
        result = super().write(vals)
        if "shows_reading" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("channel_id")
    def _shows_reading(self, channel_id):
        """Return whether customers of a channel see that we read and type."""
        # sudo: messaging.channel - a setting that isn't confidential
        channel = self.sudo().browse(channel_id)
        return channel.shows_reading and channel.can_show_reading

from odoo import fields, models

QUALITIES = [("high", "High"), ("medium", "Medium"), ("low", "Low")]
NAME_STATES = [
    ("approved", "Approved"),
    ("pending", "In review"),
    ("declined", "Declined"),
]


class MessagingChannel(models.Model):
    """How the provider rates a channel: reported by it, and read by the daily check."""

    _inherit = "messaging.channel"

    quality = fields.Selection(
        QUALITIES,
        readonly=True,
        copy=False,
        help="How the provider rates what customers say about the channel's messages.",
    )
    daily_limit = fields.Integer(
        readonly=True,
        copy=False,
        help=(
            "To how many customers the channel may write first within 24 hours."
            " -1 is without limit, 0 is unknown."
        ),
    )
    name_state = fields.Selection(
        NAME_STATES,
        string="Name that customers see",
        readonly=True,
        copy=False,
    )

    def _take_standing(self, standing):
        """Store what the provider said, where it changed; what is empty stays."""
        self.ensure_one()
        said = {
            "quality": standing.quality,
            "daily_limit": standing.daily_limit,
            "name_state": standing.name_state,
        }
        # sudo: messaging.channel - the fields are written by our own code only
        channel = self.sudo()
        changed = {
            name: value
            for name, value in said.items()
            if value and channel[name] != value
        }
        if changed:
            channel.write(changed)

    def _take_info(self, info):
        super()._take_info(info)
        self._take_standing(info.standing)

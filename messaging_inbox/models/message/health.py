from odoo import models


class MessagingMessage(models.Model):
    """The indexes that a channel's health is read from.

    The first costs an entry per inbound message, the other none before it settles.
    """

    _inherit = "messaging.message"

    _channel_inbound_idx = models.Index("(channel_id, id) WHERE direction = 'inbound'")
    _channel_settled_idx = models.Index(
        "(channel_id, state, write_date) WHERE state IN ('delivered', 'read', 'failed')"
    )

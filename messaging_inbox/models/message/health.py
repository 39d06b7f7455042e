from odoo import models


class MessagingMessage(models.Model):
    """Indexes for a channel's health figures.

    The first costs one entry per inbound message. The second costs nothing until an
    outbound message is delivered, read or failed.
    """

    _inherit = "messaging.message"

    _channel_inbound_idx = models.Index("(channel_id, id) WHERE direction = 'inbound'")
    _channel_settled_idx = models.Index(
        "(channel_id, state, write_date) WHERE state IN ('delivered', 'read', 'failed')"
    )

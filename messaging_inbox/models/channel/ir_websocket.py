from odoo import models

SUBSCRIPTION = "messaging_inbox"


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Replace our subscription name with the bus targets that the user may see."""
        channels = list(channels)
        if SUBSCRIPTION in channels:
            channels.remove(SUBSCRIPTION)
            channels.extend(self.env["messaging.channel"]._inbox_bus_targets())
        return super()._build_bus_channel_list(channels)

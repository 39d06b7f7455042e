from odoo import api, models

from .res_users import AGENT


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @api.model
    def lazy_session_info(self):
        """Bring the badge of the systray along with Odoo's own late load."""
        info = super().lazy_session_info()
        if self.env.user.has_group(AGENT):
            info["messaging_inbox"] = self.env[
                "messaging.conversation"
            ].inbox_counters()
            # What the bus repeats to a new page is no news.
            # sudo: bus.bus - how far it has come, nothing of it
            info["messaging_inbox_bus_id"] = self.env["bus.bus"].sudo()._bus_last_id()
        return info

from odoo import api, models

from .res_users import AGENT


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Say how far the bus has come: what it repeats to a new page is no news.

        With the page itself, so that whatever comes while it loads is news.
        """
        info = super().session_info()
        if self.env.user.has_group(AGENT):
            # sudo: bus.bus - how far it has come, nothing of it
            info["messaging_inbox_bus_id"] = self.env["bus.bus"].sudo()._bus_last_id()
        return info

    @api.model
    def lazy_session_info(self):
        """Bring the badge of the systray along with Odoo's own late load."""
        info = super().lazy_session_info()
        if self.env.user.has_group(AGENT):
            info["messaging_inbox"] = self.env[
                "messaging.conversation"
            ].inbox_counters()
        return info

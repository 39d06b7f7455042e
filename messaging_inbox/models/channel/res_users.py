from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _messaging_after_access_change(self):
        """Make every open inbox subscribe again after a change of access rights."""
        super()._messaging_after_access_change()
        # sudo: messaging.channel - the editing user may not see the channels
        channels = self.env["messaging.channel"].sudo()
        channels.search([("active", "=", True)])._access_changed()

from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        if "user_ids" in vals:
            self.env["res.users"]._messaging_signal_first()
        result = super().write(vals)
        if "user_ids" in vals:
            self.env["messaging.availability"]._sync()
            self.env["res.users"]._messaging_access_changed()
        return result

from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        if "user_ids" in vals:
            self.env["res.users"]._messaging_signal_first()
        result = super().write(vals)
        if "user_ids" in vals:
            self.env["messaging.availability"]._sync()
            self.env["res.users"]._messaging_after_access_change()
        return result

    def _messaging_sender(self):
        """Return the sender of emails to users: OdooBot without a company address."""
        self.ensure_one()
        robot = self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root")
        partners = self.env["res.partner"]
        return self.email_formatted or partners.browse(robot).email_formatted

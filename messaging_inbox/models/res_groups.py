from odoo import api, models


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        # A new group may imply Agent, and have members at once.
        self.env["messaging.availability"]._sync()
        return groups

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"user_ids", "implied_ids", "implied_by_ids"}:
            self.env["messaging.availability"]._sync()
            self.env["res.users"]._messaging_access_changed()
        return result

from odoo import api, models

from .res_users import AGENT


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        # A new group may imply Agent and have members from the start.
        self.env["messaging.availability"]._add_missing()
        return groups

    def unlink(self):
        users = self.env["res.users"]
        users._messaging_signal_first()
        before = users._messaging_agents() if self.env.ref(AGENT, False) else users
        result = super().unlink()
        # It may have implied Agent. During uninstall, that group is gone, too.
        if self.env.ref(AGENT, False):
            self.env["messaging.availability"]._sync()
            users._messaging_after_access_change()
            (before - users._messaging_agents())._bus_send_messaging_subscribe()
        return result

    def write(self, vals):
        decides = vals.keys() & {"user_ids", "implied_ids", "implied_by_ids"}
        if not decides:
            return super().write(vals)
        users = self.env["res.users"]
        users._messaging_signal_first()
        before = users._messaging_agents()
        result = super().write(vals)
        self.env["messaging.availability"]._sync()
        users._messaging_after_access_change()
        after = users._messaging_agents()
        (before - after | after - before)._bus_send_messaging_subscribe()
        return result

from odoo import api, models

from ...tools.transactions import lock_names


class PhoneBlacklist(models.Model):
    """Keeps the opt-outs of conversations in step with Odoo's phone blacklist."""

    _inherit = "phone.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        listed = super().create(vals_list)
        listed.filtered("active")._messaging_changed(True)
        return listed

    def write(self, vals):
        before = self.filtered("active").mapped("number")
        result = super().write(vals)
        if vals.keys() & {"active", "number"}:
            gone = set(before) - set(self.filtered("active").mapped("number"))
            self.env["messaging.conversation"]._follow_blacklist(gone, False)
            self.filtered("active")._messaging_changed(True)
        return result

    def unlink(self):
        self.filtered("active")._messaging_changed(False)
        return super().unlink()

    def _messaging_changed(self, opted_out):
        numbers = self.mapped("number")
        self.env["messaging.conversation"]._follow_blacklist(numbers, opted_out)

    @api.model
    def _messaging_lock(self, numbers):
        """Make sure that only one transaction at a time lists these numbers.

        A customer may send STOP to two channels at once.
        """
        names = {(f"phone.blacklist:{number}", 0) for number in numbers}
        lock_names(self.env.cr, names)

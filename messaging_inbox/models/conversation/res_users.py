from odoo import models


class ResUsers(models.Model):
    """What becomes of the conversations of a user who is deleted."""

    _inherit = "res.users"

    def unlink(self):
        # sudo: messaging.conversation - held by a user who goes, seen or not
        self.env["messaging.conversation"].sudo().search(
            [("user_id", "in", self.ids)]
        )._set_assignee(self.env["res.users"])
        self.env["messaging.message"]._keep_names(self)
        return super().unlink()

from odoo import models


class ResUsers(models.Model):
    """Unassign the conversations of a deleted user, and keep the user's name.

    Conversations that the user started without writing anything disappear.
    """

    _inherit = "res.users"

    def unlink(self):
        # sudo: messaging.conversation - also those hidden to the current user
        self.env["messaging.conversation"].sudo().search(
            [("user_id", "in", self.ids)]
        )._set_assignee(self.env["res.users"])
        self.env["messaging.conversation"]._unlink_blank_of(self)
        self.env["messaging.message"]._keep_names(self)
        return super().unlink()

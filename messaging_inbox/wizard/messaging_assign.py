from odoo import api, fields, models


class MessagingAssign(models.TransientModel):
    """Dialog to assign the selected conversations."""

    _name = "messaging.assign"
    _description = "Assign conversations"

    conversation_ids = fields.Many2many("messaging.conversation", required=True)
    user_id = fields.Many2one("res.users", string="Assign to", required=True)
    assignable_user_ids = fields.Many2many(
        "res.users", compute="_compute_assignable_users"
    )

    @api.depends("conversation_ids")
    def _compute_assignable_users(self):
        for dialog in self:
            conversations = dialog.conversation_ids._origin
            dialog.assignable_user_ids = conversations._assignable_users()

    def action_assign(self):
        self.ensure_one()
        return self.conversation_ids.action_assign(self.user_id.id)

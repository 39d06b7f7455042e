from odoo import api, fields, models


class MessagingTransferInstaller(models.TransientModel):
    """Dialog to hand the installer's role to another user."""

    _name = "messaging.transfer.installer"
    _description = "Transfer the installer role"

    account_id = fields.Many2one("messaging.account", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="New installer", required=True)
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidates")

    @api.depends("account_id")
    def _compute_candidates(self):
        Users = self.env["res.users"]
        for dialog in self:
            agents = Users._messaging_agents(dialog.account_id.company_id)
            here = agents.sudo(False) - dialog.account_id.installer_id
            dialog.candidate_ids = here - self.env.user

    def action_transfer(self):
        self.ensure_one()
        return self.account_id.action_transfer_installer(self.user_id.id)

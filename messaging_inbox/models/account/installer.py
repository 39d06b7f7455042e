from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.client_values import expects, is_id


class MessagingAccount(models.Model):
    """The role of the installer, the only user who can delete conversations."""

    _inherit = "messaging.account"

    @expects(user_id=is_id)
    def action_transfer_installer(self, user_id):
        """Transfer the role of installer, and with it deletion, to another Agent.

        The installer may do so at any time. A manager may while the installer is
        archived or no longer an Agent, but not to their own benefit. Each transfer is
        recorded.
        """
        self.ensure_one()
        user = self.env["res.users"].browse(user_id).exists()
        if not user or not user._messaging_is_agent():
            raise UserError(self.env._("The new installer must be an active Agent."))
        self._check_may_transfer(user)
        # sudo: res.users - reads a colleague's companies
        if self.company_id not in user.sudo().company_ids:
            raise UserError(
                self.env._("The new installer must work in the account's company.")
            )
        former = self.installer_id
        self._store_installer(user)
        # sudo: messaging.account.transfer - users can't write the record themselves
        self.env["messaging.account.transfer"].sudo().create(
            {"account_id": self.id, "from_id": former.id, "to_id": user.id}
        )
        # sudo: messaging.channel - the former installer may have lost access
        self.sudo().with_context(active_test=False).channel_ids._access_changed()
        return True

    def _check_may_transfer(self, user):
        if self.installer_id == self.env.user:
            return
        manager = self.env.user.has_group("messaging_inbox.group_messaging_manager")
        if not manager:
            raise AccessError(self.env._("Only the installer can transfer the role."))
        if user == self.env.user:
            raise AccessError(
                self.env._(
                    "You can't take the role yourself. Transfer it to a colleague."
                )
            )
        self.check_access("write")
        if self.installer_id._messaging_is_agent():
            raise AccessError(
                self.env._(
                    "%(installer)s is still active, so only they can transfer the"
                    " role.",
                    installer=self.installer_id.name,
                )
            )


class MessagingAccountTransfer(models.Model):
    """A recorded transfer of the installer's role from one user to another."""

    _name = "messaging.account.transfer"
    _description = "Transfer of the installer role"
    _order = "id desc"

    account_id = fields.Many2one(
        "messaging.account", required=True, ondelete="cascade", index=True
    )
    from_id = fields.Many2one("res.users", required=True)
    to_id = fields.Many2one("res.users", required=True)

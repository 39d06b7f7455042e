from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.client_values import expects, is_id


class MessagingAccount(models.Model):
    """The role of the installer, who alone deletes conversations."""

    _inherit = "messaging.account"

    @expects(user_id=is_id)
    def action_transfer_installer(self, user_id):
        """Hand the role of installer, and so deletion, to another Agent.

        The installer may at any time; a manager only while the installer is archived
        or no Agent any more, and never to himself. The change is kept on record.
        """
        self.ensure_one()
        user = self.env["res.users"].browse(user_id).exists()
        if not user or not user._messaging_is_agent():
            raise UserError(self.env._("The new installer must be an active Agent."))
        self._check_may_transfer(user)
        # sudo: res.users - where a colleague works
        if self.company_id not in user.sudo().company_ids:
            raise UserError(
                self.env._("The new installer must work in the account's company.")
            )
        former = self.installer_id
        self._store_installer(user)
        # sudo: messaging.account.transfer - the record is kept whoever hands over
        self.env["messaging.account.transfer"].sudo().create(
            {"account_id": self.id, "from_id": former.id, "to_id": user.id}
        )
        # sudo: messaging.channel - the former installer may see them no more
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
    """A line of the record of who handed the installer's role to whom."""

    _name = "messaging.account.transfer"
    _description = "Transfer of the installer role"
    _order = "id desc"

    account_id = fields.Many2one(
        "messaging.account", required=True, ondelete="cascade", index=True
    )
    from_id = fields.Many2one("res.users", required=True)
    to_id = fields.Many2one("res.users", required=True)

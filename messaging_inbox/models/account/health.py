from odoo import api, fields, models


class MessagingAccount(models.Model):
    """Health of an account in plain words, computed on read and never stored."""

    _name = "messaging.account"
    _inherit = ["messaging.account", "messaging.health"]

    failed_receipt_ids = fields.One2many(
        "messaging.receipt",
        "account_id",
        domain=[("state", "=", "failed"), ("kind", "=", "request")],
        readonly=True,
    )
    transfer_ids = fields.One2many(
        "messaging.account.transfer", "account_id", readonly=True
    )
    can_transfer = fields.Boolean(compute="_compute_can_transfer")

    def _compute_health(self):
        for account in self:
            channels = account.with_context(active_test=False).channel_ids
            account.last_inbound_at = _newest(channels.mapped("last_inbound_at"))
            account.last_status_at = _newest(channels.mapped("last_status_at"))
            account.last_error_at, account.last_error = max(
                account._errors(channels), default=(False, False)
            )

    def _compute_warning(self):
        for account in self:
            account.warning = " ".join(
                f"{channel.name}: {channel.warning}"
                for channel in account.channel_ids
                if channel.warning and account.state == "connected"
            )

    def _errors(self, channels):
        """Return (time, text) of the newest failures of sending and of webhooks."""
        errors = [
            (channel.last_error_at, f"{channel.name}: {channel.last_error}")
            for channel in channels
            if channel.last_error_at
        ]
        receipt = self.env["messaging.receipt"].search(
            [
                ("account_id", "=", self.id),
                ("state", "=", "failed"),
                ("kind", "=", "request"),
            ],
            limit=1,
        )
        return errors + [(row.create_date, row.error or "") for row in receipt]

    @api.depends("state", "active", "channel_ids")
    def _compute_status(self):
        return super()._compute_status()

    def _status_sentence(self):
        if not self.active:
            return self.env._(
                "Archived: its webhooks are refused, and nothing can be sent."
            )
        if self.state == "draft":
            return self.env._("Not connected yet.")
        if self.state == "error":
            return self.env._(
                "The provider refuses the credentials, so nothing can be sent."
            )
        return self._connected_sentence()

    def _connected_sentence(self):
        if not self.channel_ids:
            return self.env._("Connected, but none of its numbers is a channel.")
        if self.failed_receipt_ids:
            return self.env._("Connected, but some requests could not be processed.")
        if not self.last_inbound_at:
            return self.env._("Connected. No message has come in yet.")
        return self.env._("Connected. Messages come in.")

    @api.depends("installer_id")
    @api.depends_context("uid")
    def _compute_can_transfer(self):
        manager = self.env.user.has_group("messaging_inbox.group_messaging_manager")
        for account in self:
            installer = account.installer_id
            account.can_transfer = installer == self.env.user or (
                manager and bool(installer) and not installer._messaging_is_agent()
            )


def _newest(moments):
    return max(filter(None, moments), default=False)

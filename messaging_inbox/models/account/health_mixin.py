from odoo import fields, models


class MessagingHealth(models.AbstractModel):
    """Health fields of accounts and channels, computed on read and never stored."""

    _name = "messaging.health"
    _description = "Health of a connection"

    status = fields.Char(compute="_compute_status", compute_sudo=True)
    last_inbound_at = fields.Datetime(
        string="Last message in", compute="_compute_health", compute_sudo=True
    )
    last_status_at = fields.Datetime(
        string="Last delivery receipt",
        compute="_compute_health",
        compute_sudo=True,
        help="When the provider last reported the status of an outbound message.",
    )
    last_error = fields.Char(
        string="Last error", compute="_compute_health", compute_sudo=True
    )
    last_error_at = fields.Datetime(compute="_compute_health", compute_sudo=True)
    warning = fields.Char(
        compute="_compute_warning",
        compute_sudo=True,
        help="Problems to look at, although messages come in and go out.",
    )

    def _compute_health(self):
        raise NotImplementedError

    def _compute_warning(self):
        raise NotImplementedError

    def _compute_status(self):
        for record in self:
            record.status = record._status_sentence()

    def _status_sentence(self):
        raise NotImplementedError

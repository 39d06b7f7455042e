from odoo import api, fields, models


class MessagingAccount(models.Model):
    """The steps to a working account, each ticked off once it has happened."""

    _inherit = "messaging.account"

    registered_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the provider last confirmed that it posts to this address.",
    )
    checklist = fields.Json(compute="_compute_checklist", compute_sudo=True)

    @api.depends("state", "error_message", "registered_at", "webhook_url")
    def _compute_checklist(self):
        for account in self:
            account.checklist = [
                {
                    "key": key,
                    "label": label,
                    "done": bool(done),
                    "hint": "" if done else hint,
                    "at": fields.Datetime.to_string(at) if done and at else False,
                }
                for key, label, done, at, hint in account._ticks()
            ]

    def _ticks(self):
        """Return the steps in order: (key, label, done, done at, hint)."""
        return [
            self._tick_credentials(),
            self._tick_webhook(),
            self._tick_subscribed(),
            self._tick_inbound(),
            self._tick_delivery(),
        ]

    def _tick_credentials(self):
        hint = self.env._("Enter them and press Connect.")
        return (
            "credentials",
            self.env._("The provider accepts the credentials"),
            self.state == "connected",
            False,
            (self.state == "error" and self.error_message) or hint,
        )

    def _tick_webhook(self):
        """Return the webhook step: any correctly signed request proves it."""
        domain = [("account_id", "=", self.id)]
        first = self.env["messaging.receipt"].search(domain, order="id", limit=1)
        seen = first.create_date or self.last_inbound_at or self.last_status_at
        hint = self.env._("Known when the first request of the provider arrives.")
        return (
            "webhook",
            self.env._("The provider reaches the webhook address"),
            seen,
            seen,
            hint if seen else self.reachability_warning or hint,
        )

    def _tick_subscribed(self):
        # Received messages prove it, unless the provider has reported otherwise.
        done = self.registered_at or (not self.error_message and self.last_inbound_at)
        return (
            "subscribed",
            self.env._("Its channels post to this address"),
            done,
            done,
            self.env._("Connect sets the address there and reads it back."),
        )

    def _tick_inbound(self):
        return (
            "inbound",
            self.env._("The first message has come in"),
            self.last_inbound_at,
            self.last_inbound_at,
            self.env._("Write to one of the channels from your own phone."),
        )

    def _tick_delivery(self):
        return (
            "delivery",
            self.env._("The first delivery receipt has come in"),
            self.last_status_at,
            self.last_status_at,
            self.env._("Answer that message in the inbox."),
        )

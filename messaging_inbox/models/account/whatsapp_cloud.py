from odoo import fields, models

from .secrets import new_token, secret


class MessagingAccount(models.Model):
    """The credentials of WhatsApp at Meta."""

    _inherit = "messaging.account"

    provider = fields.Selection(ondelete={"whatsapp_cloud": "cascade"})
    whatsapp_app_id = fields.Char(string="App id", copy=False)
    whatsapp_app_secret, whatsapp_app_secret_stored = secret(
        "whatsapp_app_secret",
        string="App secret",
        help="Meta signs its webhooks with it.",
    )
    whatsapp_access_token, whatsapp_access_token_stored = secret(
        "whatsapp_access_token",
        string="Access token",
        help="The token of a system user, which reaches the numbers.",
    )
    whatsapp_verify_token, whatsapp_verify_token_stored = secret(
        "whatsapp_verify_token",
        default=lambda self: new_token(),
        string="Verify token",
        help=(
            "A word of your choice. Meta sends it to verify the webhook address."
            " Only needed if you subscribe by hand in Meta's dashboard."
        ),
    )
    whatsapp_pin, whatsapp_pin_stored = secret(
        "whatsapp_pin",
        string="PIN",
        help=(
            "Six digits. Only needed to register a number: the PIN of its two-step"
            " verification, or a new one if it has none."
        ),
    )

    def _before_connecting(self):
        if self.provider == "whatsapp_cloud":
            self._ensure_token("whatsapp_verify_token_stored")
        return super()._before_connecting()

    def _credential_fields(self):
        return {
            **super()._credential_fields(),
            "whatsapp_app_id": "whatsapp_app_id",
            "whatsapp_app_secret": "whatsapp_app_secret_stored",
            "whatsapp_access_token": "whatsapp_access_token_stored",
            "whatsapp_verify_token": "whatsapp_verify_token_stored",
            "whatsapp_pin": "whatsapp_pin_stored",
        }

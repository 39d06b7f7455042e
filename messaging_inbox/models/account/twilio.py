from odoo import fields, models

from .secrets import secret


class MessagingAccount(models.Model):
    """The credentials of a Twilio account."""

    _inherit = "messaging.account"

    provider = fields.Selection(ondelete={"twilio": "cascade"})
    twilio_account_sid = fields.Char(string="Account SID", copy=False)
    twilio_auth_token, twilio_auth_token_stored = secret(
        "twilio_auth_token",
        string="Auth token",
        help="The primary token: Twilio signs its webhooks with it.",
    )
    twilio_api_key_sid = fields.Char(
        string="API key SID",
        copy=False,
        help="Optional: send with an API key instead of the auth token.",
    )
    twilio_api_key_secret, twilio_api_key_secret_stored = secret(
        "twilio_api_key_secret", string="API key secret"
    )

    twilio_shared_secret, twilio_shared_secret_stored = secret(
        "twilio_shared_secret",
        string="Shared key secret",
        help="Only if Twilio signs this account's webhooks with a shared key.",
    )

    def _credential_fields(self):
        return {
            **super()._credential_fields(),
            "twilio_account_sid": "twilio_account_sid",
            "twilio_auth_token": "twilio_auth_token_stored",
            "twilio_api_key_sid": "twilio_api_key_sid",
            "twilio_api_key_secret": "twilio_api_key_secret_stored",
            "twilio_shared_secret": "twilio_shared_secret_stored",
        }

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS


class MessagingAccount(models.Model):
    """What Twilio wants to know of an account."""

    _inherit = "messaging.account"

    provider = fields.Selection(ondelete={"twilio": "cascade"})
    twilio_account_sid = fields.Char(string="Account SID", copy=False)
    twilio_auth_token = fields.Char(
        string="Auth token",
        compute="_compute_twilio_secrets",
        inverse="_inverse_twilio_auth_token",
        help="The primary token: Twilio signs its webhooks with it.",
    )
    twilio_auth_token_stored = fields.Char(groups=NO_ACCESS, copy=False)
    twilio_api_key_sid = fields.Char(
        string="API key SID",
        copy=False,
        help="Optional: send with an API key instead of the auth token.",
    )
    twilio_api_key_secret = fields.Char(
        string="API key secret",
        compute="_compute_twilio_secrets",
        inverse="_inverse_twilio_api_key_secret",
    )
    twilio_api_key_secret_stored = fields.Char(groups=NO_ACCESS, copy=False)

    @api.depends("twilio_auth_token_stored", "twilio_api_key_secret_stored")
    def _compute_twilio_secrets(self):
        for account in self:
            account.twilio_auth_token = account._masked("twilio_auth_token_stored")
            account.twilio_api_key_secret = account._masked(
                "twilio_api_key_secret_stored"
            )

    def _inverse_twilio_auth_token(self):
        for account in self:
            account._store_secret("twilio_auth_token", "twilio_auth_token_stored")

    def _inverse_twilio_api_key_secret(self):
        for account in self:
            account._store_secret(
                "twilio_api_key_secret", "twilio_api_key_secret_stored"
            )

    def _credential_fields(self):
        return {
            **super()._credential_fields(),
            "twilio_account_sid": "twilio_account_sid",
            "twilio_auth_token": "twilio_auth_token_stored",
            "twilio_api_key_sid": "twilio_api_key_sid",
            "twilio_api_key_secret": "twilio_api_key_secret_stored",
        }

import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

from ...tools.transactions import commit


class MessagingAccount(models.Model):
    """What Meta wants to know of an account."""

    _inherit = "messaging.account"

    provider = fields.Selection(ondelete={"messenger": "cascade"})
    meta_app_id = fields.Char(string="App id", copy=False)
    meta_app_secret = fields.Char(
        string="App secret",
        compute="_compute_meta_secrets",
        inverse="_inverse_meta_app_secret",
        help="Meta signs its webhooks with it.",
    )
    meta_app_secret_stored = fields.Char(groups=NO_ACCESS, copy=False)
    meta_access_token = fields.Char(
        string="Access token",
        compute="_compute_meta_secrets",
        inverse="_inverse_meta_access_token",
        help="Of a system user, of a person, of one Page, or of Instagram's own login.",
    )
    meta_access_token_stored = fields.Char(groups=NO_ACCESS, copy=False)
    meta_verify_token = fields.Char(
        string="Verify token",
        compute="_compute_meta_secrets",
        inverse="_inverse_meta_verify_token",
        help="A word of yours that Meta shows when it asks whether the webhook address "
        "is ours. Only needed where you subscribe in Meta's dashboard by hand.",
    )
    meta_verify_token_stored = fields.Char(
        groups=NO_ACCESS,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
    )

    meta_human_agent = fields.Boolean(
        string="Answer for seven days",
        help="Meta has granted the app its feature Human Agent: what a person writes"
        " may leave for seven days after the customer's last message, not for one.",
    )

    @api.depends(
        "meta_app_secret_stored",
        "meta_access_token_stored",
        "meta_verify_token_stored",
    )
    def _compute_meta_secrets(self):
        for account in self:
            account.meta_app_secret = account._masked("meta_app_secret_stored")
            account.meta_access_token = account._masked("meta_access_token_stored")
            account.meta_verify_token = account._masked("meta_verify_token_stored")

    def _inverse_meta_app_secret(self):
        for account in self:
            account._store_secret("meta_app_secret", "meta_app_secret_stored")

    def _inverse_meta_access_token(self):
        for account in self:
            account._store_secret("meta_access_token", "meta_access_token_stored")

    def _inverse_meta_verify_token(self):
        for account in self:
            account._store_secret("meta_verify_token", "meta_verify_token_stored")

    def _late_reply(self, kind):
        if self.provider == "messenger" and self.meta_human_agent:
            return timedelta(days=7), "HUMAN_AGENT"
        return super()._late_reply(kind)

    def _cached_fields(self):
        return super()._cached_fields() | {"meta_human_agent"}

    def _before_connecting(self):
        """Have a word to be known by: Meta asks for it while we connect."""
        # sudo: messaging.account - readable by nobody
        account = self.sudo()
        if self.provider == "messenger" and not account.meta_verify_token_stored:
            account.meta_verify_token_stored = secrets.token_urlsafe(24)
            commit(self.env)
        return super()._before_connecting()

    def _credential_fields(self):
        return {
            **super()._credential_fields(),
            "app_id": "meta_app_id",
            "app_secret": "meta_app_secret_stored",
            "access_token": "meta_access_token_stored",
            "verify_token": "meta_verify_token_stored",
        }

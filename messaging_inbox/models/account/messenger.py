from dataclasses import replace
from datetime import timedelta

from odoo import fields, models

from .secrets import new_token, secret


class MessagingAccount(models.Model):
    """The credentials of a Meta account."""

    _inherit = "messaging.account"

    provider = fields.Selection(ondelete={"messenger": "cascade"})
    meta_app_id = fields.Char(string="App id", copy=False)
    meta_app_secret, meta_app_secret_stored = secret(
        "meta_app_secret",
        string="App secret",
        help="Meta signs its webhooks with it.",
    )
    meta_access_token, meta_access_token_stored = secret(
        "meta_access_token",
        string="Access token",
        help="The token of a system user, a person, a Page, or an Instagram login.",
    )
    meta_verify_token, meta_verify_token_stored = secret(
        "meta_verify_token",
        default=lambda self: new_token(),
        string="Verify token",
        help=(
            "A word of your choice. Meta sends it to verify the webhook address."
            " Only needed if you subscribe by hand in Meta's dashboard."
        ),
    )
    meta_human_agent = fields.Boolean(
        string="Answer for seven days",
        help=(
            "Meta has granted the Human Agent feature to the app: Agents may reply"
            " for seven days after the customer's last message instead of one."
        ),
    )

    def _reply_window(self, kind):
        window = super()._reply_window(kind)
        if self.provider == "messenger" and self.meta_human_agent:
            return replace(window, late=timedelta(days=7), tag="HUMAN_AGENT")
        return window

    def _cached_fields(self):
        return super()._cached_fields() | {"meta_human_agent"}

    def _before_connecting(self):
        if self.provider == "messenger":
            self._ensure_token("meta_verify_token_stored")
        return super()._before_connecting()

    def _credential_fields(self):
        return {
            **super()._credential_fields(),
            "app_id": "meta_app_id",
            "app_secret": "meta_app_secret_stored",
            "access_token": "meta_access_token_stored",
            "verify_token": "meta_verify_token_stored",
        }

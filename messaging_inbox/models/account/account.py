import os
import secrets
from typing import NamedTuple
from urllib.parse import urlsplit

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.orm.models import NO_ACCESS

from ...providers import PROVIDERS
from ...providers.call import LimitedSession
from ...providers.missing import Missing
from ...providers.provider import Provider
from ...tools import time_limit
from ...tools.reply_window import ReplyWindow
from ...tools.statistics import keep_statistics

WEBHOOK_PATH = "/messaging/webhook/"


class WebhookAccount(NamedTuple):
    """What a webhook needs of its account, cached.

    ``provider`` reads requests and has no network; ``url`` is the full webhook address.
    """

    id: int
    provider: Provider
    url: str


def developer_mode():
    """Return whether this server may talk to a simulated provider."""
    return os.environ.get("MESSAGING_INBOX_DEVELOPER") == "1"


def _is_host_before(url, path):
    """Return whether a URL is exactly http(s)://<host>[:port] followed by the path."""
    try:
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        return bool(
            parts.scheme in ("http", "https")
            and parts.hostname
            and "@" not in parts.netloc
            and url == host + path
            and (parts.port or True)
        )
    except ValueError:
        return False


class MessagingAccount(models.Model):
    _name = "messaging.account"
    _description = "Messaging account"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    provider = fields.Selection(
        [(code, provider.name) for code, provider in PROVIDERS.items()],
        required=True,
        default=next(iter(PROVIDERS)),
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    installer_id = fields.Many2one(
        "res.users",
        string="Installed by",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        help="The only user who can delete conversations of this account.",
    )
    state = fields.Selection(
        [("draft", "Not connected"), ("connected", "Connected"), ("error", "Error")],
        required=True,
        default="draft",
        copy=False,
    )
    error_message = fields.Char(string="Problem", readonly=True, copy=False)
    webhook_token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        default=lambda self: secrets.token_urlsafe(24),
    )
    webhook_url = fields.Char(
        string="Webhook address",
        compute="_compute_webhook_url",
        store=True,
        readonly=False,
        copy=False,
        help=(
            "The address that the provider posts to. It must reach this database from"
            " the internet. Change its host if the public address is different."
        ),
    )
    api_base_url = fields.Char(
        string="API address for development",
        groups="base.group_system",
        copy=False,
        help=(
            "Sends all requests to a stand-in for the provider. Only used if Odoo"
            " runs with MESSAGING_INBOX_DEVELOPER=1."
        ),
    )
    channel_ids = fields.One2many("messaging.channel", "account_id")
    channel_count = fields.Integer(compute="_compute_channel_count")
    has_channels = fields.Boolean(
        compute="_compute_has_channels", help="Archived channels count, too."
    )
    receipt_ids = fields.One2many(
        "messaging.receipt", "account_id", string="Failed webhooks"
    )
    failed_receipt_count = fields.Integer(
        string="Failed webhooks", compute="_compute_failed_receipt_count"
    )

    _webhook_token_unique = models.UniqueIndex(
        "(webhook_token)", "Two accounts can't have the same webhook address."
    )

    def init(self):
        keep_statistics(self)

    @api.depends("webhook_token")
    def _compute_webhook_url(self):
        for account in self:
            # sudo: messaging.account - users see the token only within its address
            token = account.sudo().webhook_token
            account.webhook_url = f"{account.get_base_url()}{WEBHOOK_PATH}{token}"

    @api.depends("channel_ids")
    def _compute_channel_count(self):
        for account in self:
            account.channel_count = len(account.channel_ids)

    @api.depends("channel_ids")
    def _compute_has_channels(self):
        for account in self:
            account.has_channels = bool(account._all_channels())

    def _all_channels(self):
        # sudo: messaging.channel - includes channels that the user can't see
        return self.sudo().with_context(active_test=False).channel_ids

    def _compute_failed_receipt_count(self):
        # sudo: messaging.receipt - only a count
        counts = dict(
            self.env["messaging.receipt"]
            .sudo()
            ._read_group(
                [("account_id", "in", self.ids), ("state", "=", "failed")],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.failed_receipt_count = counts.get(account, 0)

    @api.constrains("webhook_url")
    def _check_webhook_url(self):
        for account in self:
            # sudo: messaging.account - only compared, never shown
            path = WEBHOOK_PATH + account.sudo().webhook_token
            if not _is_host_before(account.webhook_url or "", path):
                raise ValidationError(
                    self.env._(
                        "The webhook address must be http(s)://<your host>%(path)s:"
                        " only its host may be changed.",
                        path=path,
                    )
                )

    @api.constrains("api_base_url")
    def _check_api_base_url(self):
        for account in self.filtered("api_base_url"):
            parts = urlsplit(account.api_base_url)
            if parts.scheme not in ("http", "https") or not parts.netloc:
                raise ValidationError(
                    self.env._("The API address must look like http://host:port.")
                )

    @api.constrains("provider")
    def _check_provider(self):
        self._all_channels()._check_kind()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["installer_id"] = self.env.uid
            # A form sends an address computed with a different token.
            vals.pop("webhook_url", None)
        accounts = super().create(vals_list)
        accounts._forget_typed_secrets()
        self._clear_account_cache()
        return accounts

    def write(self, vals):
        if "installer_id" in vals:
            raise AccessError(
                self.env._("Use 'Transfer installer role' to change the installer.")
            )
        if "provider" in vals:
            self._check_provider_may_change(vals["provider"])
        if "company_id" in vals:
            self._check_company_may_change(vals["company_id"])
        result = super().write(vals)
        self._forget_typed_secrets()
        if self._cached_fields() & vals.keys():
            self._clear_account_cache()
        if vals.keys() & {"company_id", "active"}:
            self.with_context(active_test=False).channel_ids._access_changed()
        return result

    def _store_installer(self, user):
        """Write the field that ``write`` refuses; the caller does the checks."""
        # sudo: messaging.account - the former installer may not be a manager
        return super(MessagingAccount, self.sudo()).write({"installer_id": user.id})

    def unlink(self):
        self._clear_account_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_conversations(self):
        self.with_context(
            active_test=False
        ).channel_ids._unlink_except_with_conversations()

    def _check_provider_may_change(self, provider):
        """Refuse another provider for accounts with channels: those belong to one."""
        if any(a.provider != provider and a.has_channels for a in self):
            raise ValidationError(
                self.env._(
                    "The provider of an account with channels can't be changed:"
                    " create another account."
                )
            )

    def _check_company_may_change(self, company_id):
        # sudo: messaging.conversation - hidden conversations count too
        moved = self.filtered(lambda account: account.company_id.id != company_id)
        if (
            self.env["messaging.conversation"]
            .sudo()
            .search_count([("channel_id.account_id", "in", moved.ids)], limit=1)
        ):
            raise UserError(
                self.env._(
                    "The company of an account with conversations can't be changed."
                )
            )

    # ------------------------------------------------------------------
    # the seam to the providers
    # ------------------------------------------------------------------

    def _provider_class(self):
        """Return the adapter class of the provider.

        Another addon adds a provider by extending the selection and this method. An
        account whose provider isn't installed gets an adapter that refuses everything.
        """
        self.ensure_one()
        return PROVIDERS.get(self.provider, Missing)

    def _credential_fields(self):
        """Return {credential: stored field}; each provider's file adds its fields."""
        return {}

    def _reply_window(self, kind):
        """Return the reply window of channels of this kind."""
        return ReplyWindow(self._provider_class().reply_window.get(kind))

    def _webhook_origin(self):
        """Return the scheme and host of the webhook address."""
        parts = urlsplit(self.webhook_url)
        return f"{parts.scheme}://{parts.netloc}"

    def _media_root(self):
        """Return the beginning of the addresses from which the provider gets files."""
        return f"{self._webhook_origin()}/messaging/media/"

    def _provider(self, http=None):
        """Return the adapter of this account, with its secrets."""
        self.ensure_one()
        # sudo: messaging.account - only the adapter may read the secrets
        account = self.sudo()
        credentials = {
            name: account[field] or ""
            for name, field in account._credential_fields().items()
        }
        base_url = account.api_base_url if developer_mode() else ""
        return account._provider_class()(
            credentials,
            http or LimitedSession(time_limit.remaining),
            base_url or "",
        )

    @api.model
    def _webhook_account(self, token):
        """Return the WebhookAccount of a token, or None."""
        try:
            return self._account_of_token(token)
        except LookupError:
            return None

    @api.model
    @tools.ormcache("token")
    def _account_of_token(self, token):
        """Return the WebhookAccount; raise LookupError for an unknown token.

        Cached, since every webhook needs it, until the token, a credential or
        ``active`` changes. Unknown tokens are not cached.
        """
        # sudo: messaging.account - the secret token identifies the account
        domain = [("webhook_token", "=", token)]
        account = "\x00" not in token and self.sudo().search(domain, limit=1)
        if not account:
            raise LookupError("No active account has this token.")
        provider = account._provider(http=object())
        return WebhookAccount(account.id, provider, account.webhook_url)

    def _cached_fields(self):
        """Return the fields that the cached account depends on."""
        return {
            "active",
            "provider",
            "webhook_token",
            "webhook_url",
            "api_base_url",
        } | set(self._credential_fields().values())

    def _clear_account_cache(self):
        self.env.registry.clear_cache()

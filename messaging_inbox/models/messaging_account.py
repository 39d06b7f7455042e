import os
import secrets
from urllib.parse import urlsplit

import requests

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.orm.models import NO_ACCESS

from ..providers import PROVIDERS
from ..providers.errors import ProviderError, Reason, SendError

WEBHOOK_PATH = "/messaging/webhook/"
MASK = "••••••••"


def developer_mode():
    """Whether this Odoo may talk to a stand-in of a provider."""
    return os.environ.get("MESSAGING_INBOX_DEVELOPER") == "1"


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
    error_message = fields.Char(string="What is wrong", readonly=True, copy=False)
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
        help="Where the provider posts. It must reach this database from the internet, "
        "and its host may be changed when the public address is another one.",
    )
    api_base_url = fields.Char(
        string="API address for development",
        groups="base.group_system",
        copy=False,
        help="Sends all requests to a stand-in of the provider instead. "
        "Honoured only where Odoo runs with MESSAGING_INBOX_DEVELOPER=1.",
    )
    channel_ids = fields.One2many("messaging.channel", "account_id")
    channel_count = fields.Integer(compute="_compute_channel_count")
    receipt_ids = fields.One2many("messaging.receipt", "account_id")
    failed_receipt_count = fields.Integer(compute="_compute_failed_receipt_count")

    _webhook_token_unique = models.UniqueIndex(
        "(webhook_token)", "Two accounts can't have the same webhook address."
    )

    @api.depends("webhook_token")
    def _compute_webhook_url(self):
        for account in self:
            # sudo: messaging.account - the token is only readable inside its address
            token = account.sudo().webhook_token
            account.webhook_url = f"{account.get_base_url()}{WEBHOOK_PATH}{token}"

    @api.depends("channel_ids")
    def _compute_channel_count(self):
        for account in self:
            account.channel_count = len(account.channel_ids)

    def _compute_failed_receipt_count(self):
        # sudo: messaging.receipt - a count gives nothing away
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
            # sudo: messaging.account - compared with, never shown
            path = WEBHOOK_PATH + account.sudo().webhook_token
            parts = urlsplit(account.webhook_url or "")
            if parts.scheme not in ("http", "https") or parts.path != path:
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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["installer_id"] = self.env.uid
        accounts = super().create(vals_list)
        self._clear_account_cache()
        return accounts

    def write(self, vals):
        if "installer_id" in vals:
            raise AccessError(
                self.env._("The installer changes only by 'Transfer installer role'.")
            )
        if "company_id" in vals:
            self._check_company_may_change(vals["company_id"])
        result = super().write(vals)
        if self._cached_fields() & vals.keys():
            self._clear_account_cache()
        if vals.keys() & {"company_id", "active"}:
            self.with_context(active_test=False).channel_ids._access_changed()
        return result

    def unlink(self):
        self._clear_account_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_conversations(self):
        self.with_context(
            active_test=False
        ).channel_ids._unlink_except_with_conversations()

    def _check_company_may_change(self, company_id):
        # sudo: messaging.conversation - they forbid the change, seen or not
        moved = self.filtered(lambda account: account.company_id.id != company_id)
        if (
            self.env["messaging.conversation"]
            .sudo()
            .search_count([("channel_id.account_id", "in", moved.ids)], limit=1)
        ):
            raise UserError(
                self.env._("An account with conversations stays with its company.")
            )

    # ------------------------------------------------------------------
    # the seam to the providers
    # ------------------------------------------------------------------

    def _provider_class(self):
        """Return the class that speaks with the provider.

        Another addon brings a provider by adding to the selection and overriding this.
        """
        self.ensure_one()
        return PROVIDERS[self.provider]

    def _credential_fields(self):
        """Return {credential of the provider: stored field}; filled by provider files."""
        return {}

    def _reply_window(self, kind):
        """Return how long after the customer's last message we may answer, or False."""
        return self._provider_class().reply_window.get(kind) or False

    def _webhook_origin(self):
        """Return scheme and host under which the provider reaches us."""
        parts = urlsplit(self.webhook_url)
        return f"{parts.scheme}://{parts.netloc}"

    def _masked(self, stored):
        """Return what may be shown of a secret: its last four characters."""
        self.ensure_one()
        # sudo: messaging.account - only the mask leaves this method
        secret = self.sudo()[stored]
        return f"{MASK}{secret[-4:]}" if secret else False

    def _store_secret(self, shown, stored):
        """Keep the secret that was typed; the mask written back changes nothing."""
        self.ensure_one()
        typed = (self[shown] or "").strip()
        if typed and typed == self._masked(stored):
            return
        # sudo: messaging.account - no group may touch the stored secret itself
        self.sudo()[stored] = typed or False

    def _provider(self, http=None):
        """Return the adapter of this account, holding its secrets."""
        self.ensure_one()
        # sudo: messaging.account - secrets are readable by nobody, but the adapter
        account = self.sudo()
        credentials = {
            name: account[field] or ""
            for name, field in account._credential_fields().items()
        }
        base_url = account.api_base_url if developer_mode() else ""
        return account._provider_class()(
            credentials, http or requests.Session(), base_url or ""
        )

    @api.model
    @tools.ormcache("token")
    def _webhook_account(self, token):
        """Return (id, provider without network, webhook address), or None.

        Kept in memory, since every webhook asks; cleared when the token, a credential
        or ``active`` changes.
        """
        if "\x00" in token:
            return None
        # sudo: messaging.account - the route knows the account by its secret token
        account = self.sudo().search([("webhook_token", "=", token)], limit=1)
        if not account:
            return None
        return account.id, account._provider(http=object()), account.webhook_url

    def _cached_fields(self):
        return {"active", "provider", "webhook_token", "webhook_url", "api_base_url"} | set(
            self._credential_fields().values()
        )

    def _clear_account_cache(self):
        self.env.registry.clear_cache()

    # ------------------------------------------------------------------
    # connecting
    # ------------------------------------------------------------------

    def action_connect(self):
        """Check the credentials, make the channels, set and read back their webhook."""
        self.ensure_one()
        self.check_access("write")
        provider = self._provider()
        try:
            provider.check()
            infos = provider.list_channels()
            usable = [info for info in infos if not info.problem]
            provider.register(self.webhook_url, usable)
        except ProviderError as error:
            return self._connection_failed(error)
        self._make_channels(usable)
        problems = [f"{info.address}: {info.problem}" for info in infos if info.problem]
        self.write({"state": "connected", "error_message": " ".join(problems) or False})
        self.env["messaging.message"]._trigger_sending()
        return self._notify_connected(usable, problems)

    def action_check_health(self):
        """Ask the provider whether the credentials still hold."""
        self.ensure_one()
        self.check_access("write")
        try:
            self._provider().check()
        except ProviderError as error:
            return self._connection_failed(error)
        if self.state == "error":
            self.write({"state": "connected", "error_message": False})
        return self._notification(
            self.env._("%s answers, the credentials are right.", self.name), "success"
        )

    def _connection_failed(self, error):
        """Keep what went wrong on the account, where raising would roll it back."""
        message = self._connection_error(error)
        values = {"error_message": message}
        if self.state == "connected" and self._credentials_refused(error):
            values["state"] = "error"
        self.write(values)
        return self._notification(message, "danger")

    def _credentials_refused(self, error):
        return isinstance(error, SendError) and error.reason is Reason.BAD_CREDENTIALS

    def _connection_error(self, error):
        """Say in one sentence why the provider can't be used."""
        if not isinstance(error, SendError):
            return str(error)
        sentence = self.env["messaging.message"]._reason_sentence_for_manager(error.reason)
        words = " ".join(filter(None, [error.code, error.detail]))
        return f"{sentence} ({words})" if words else sentence

    def _make_channels(self, infos):
        # sudo: messaging.channel - the installer may be no manager any more
        Channel = self.env["messaging.channel"].sudo().with_context(active_test=False)
        for info in infos:
            channel = Channel.search(
                [
                    ("account_id", "=", self.id),
                    ("kind", "=", info.kind),
                    ("address", "=", info.address),
                ]
            )
            values = {"provider_reference": info.reference, "active": True}
            if channel:
                channel.write(values)
                continue
            Channel.create(
                {
                    **values,
                    "account_id": self.id,
                    "kind": info.kind,
                    "address": info.address,
                    "name": info.name or info.address,
                }
            )

    def _notify_connected(self, infos, problems):
        if not infos:
            return self._notification(
                self.env._(
                    "The credentials are right, but the account has no number that can"
                    " be used. %(problems)s",
                    problems=" ".join(problems),
                ),
                "warning",
            )
        message = self.env._(
            "Connected: %(addresses)s.",
            addresses=", ".join(info.address for info in infos),
        )
        return self._notification(" ".join([message, *problems]), "success")

    def _notification(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": kind,
                "sticky": kind == "danger",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _set_error(self, message):
        """The provider refused the credentials while we worked: managers see why."""
        # sudo: messaging.account - agents and crons meet the error, managers mend it
        self.sudo().write({"state": "error", "error_message": message})

    # ------------------------------------------------------------------
    # the installer
    # ------------------------------------------------------------------

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
        former = self.installer_id
        # sudo: messaging.account - write refuses this field; the check is above
        super(MessagingAccount, self.sudo()).write({"installer_id": user.id})
        self.env["messaging.account.transfer"].sudo().create(
            {"account_id": self.id, "from_id": former.id, "to_id": user.id}
        )
        self.with_context(active_test=False).channel_ids._access_changed()
        return True

    def _check_may_transfer(self, user):
        if self.installer_id == self.env.user:
            return
        manager = self.env.user.has_group("messaging_inbox.group_messaging_manager")
        if not manager:
            raise AccessError(self.env._("Only the installer can hand over the role."))
        if user == self.env.user:
            raise AccessError(
                self.env._("Nobody takes the role himself: hand it to a colleague.")
            )
        self.check_access("write")
        if self.installer_id._messaging_is_agent():
            raise AccessError(
                self.env._(
                    "%(installer)s is still here: only the installer can hand over the"
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

"""Monitors accounts: once a day by a cron, and when something goes wrong."""

import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from ...providers.errors import ProviderError, Reason, Retryable, SendError
from ...providers.events import Standing
from ...tools import time_limit
from ...tools.transactions import commit
from ...tools.watched import log_event

_logger = logging.getLogger(__name__)

# Enough for an account with a few channels; the time limit interrupts larger ones.
SECONDS = 30
WARNING = "mail.mail_activity_data_warning"


class MessagingAccount(models.Model):
    """Adds a chatter, which activities need, and the daily check."""

    _name = "messaging.account"
    _inherit = ["messaging.account", "mail.thread", "mail.activity.mixin"]

    state = fields.Selection(tracking=True)
    check_due = fields.Boolean(
        groups=NO_ACCESS, copy=False, help="The cron has yet to check its health."
    )

    @api.model
    def _cron_check_health(self):
        # Unlike work_queue, claim nothing: only this cron reads the flag, and Odoo
        # never runs a cron twice at the same time.
        accounts = self._accounts_to_check()
        self.env["ir.cron"]._commit_progress(remaining=len(accounts))
        for account in accounts:
            if not time_limit.has_time_for(SECONDS):
                break
            # Before the requests: an account that ends the run must not be the first
            # of the next run.
            account.check_due = False
            commit(self.env)
            try:
                account._check_health()
            except Exception:
                # One failing account must not block the others.
                _logger.exception("Checking account %s failed", account.id)
                self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _accounts_to_check(self):
        """Return the accounts that the last run had no time for, or else all."""
        # sudo: messaging.account - the flag is the cron's own
        accounts = self.sudo()
        usable = Domain("state", "in", ("connected", "error"))
        due = accounts.search(usable & Domain("check_due", "=", True))
        if not due:
            due = accounts.search(usable)
            due.check_due = True
        return due

    def _check_health(self):
        """Check the account at the provider and reconnect channels that it cut off.

        Return the problem as a sentence, None if there is none.
        """
        self.ensure_one()
        try:
            provider, renewed = self._renewed_provider()
            channels = self.channel_ids._provider_infos()
            # The provider may call our webhook meanwhile: write nothing before.
            cut_off = provider.health(self.webhook_url, channels)
            standings = provider.standings(channels)
            failures = provider.register(self.webhook_url, cut_off) if cut_off else {}
        except ProviderError as error:
            return self._keep_error(error)
        self._keep_credentials(renewed)
        for channel, info in zip(self.channel_ids, channels, strict=True):
            channel._take_standing(standings.get(info, Standing()))
        if failures:
            return self._keep_failures(failures)
        self._set_connected()
        return None

    def _renewed_provider(self):
        """Return the adapter and renewed credentials, if any were about to expire."""
        provider = self._provider()
        renewed = dict(provider.renew())
        if not renewed:
            return provider, {}
        credentials = {**provider.credentials, **renewed}
        return type(provider)(credentials, provider.http, provider.base_url), renewed

    def _keep_credentials(self, renewed):
        stored = self._credential_fields()
        if renewed:
            # sudo: messaging.account - only our own code writes the secret
            self.sudo().write({stored[name]: renewed[name] for name in renewed})

    def _keep_error(self, error):
        """Record an error and return it as a sentence.

        Refused credentials pause the account. Temporary errors, such as a provider that
        is down, are not recorded.
        """
        message = self._connection_error(error)
        if self._credentials_refused(error):
            self._set_error(message)
        elif not isinstance(error, Retryable):
            self._keep_message(message, [error])
        return message

    def _keep_failures(self, failures):
        """Record which channels can't be reconnected; return this as a sentence."""
        message = self._failures_named(failures)
        if not all(isinstance(error, Retryable) for error in failures.values()):
            self._keep_message(message, failures.values())
        return message

    def _keep_message(self, message, errors):
        # sudo: messaging.account - found by the cron, shown to managers
        account = self.sudo()
        log_event("account_problem", account=account.id, provider=account.provider)
        account.error_message = message
        if any(
            isinstance(error, SendError) and error.reason is Reason.BAD_CALLBACK
            for error in errors
        ):
            account.registered_at = False

    def _credentials_refused(self, error):
        return isinstance(error, SendError) and error.reason is Reason.BAD_CREDENTIALS

    def _set_connected(self, problems=(), all_post=True):
        """Mark the account as connected, clear its alerts and send waiting messages.

        ``all_post``: all channels are known to post to our address.
        """
        # sudo: messaging.account - the cron may set it, too
        account = self.sudo()
        if account.state != "connected":
            facts = {"account": account.id, "provider": account.provider}
            log_event("account_connected", logging.INFO, **facts)
        account.write(
            {
                "state": "connected",
                "registered_at": all_post and fields.Datetime.now(),
                "error_message": " ".join(problems) or False,
            }
        )
        account.activity_unlink([WARNING])
        self._after_connect()

    def _set_error(self, message):
        """Pause the account and alert its managers: nothing is sent until it is fixed.

        When several transactions find the error at once, one of them alerts.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "UPDATE messaging_account SET state = 'error', error_message = %s"
                " WHERE id = %s AND state = 'connected' RETURNING id",
                message,
                self.id,
            )
        )
        self.invalidate_recordset(["state", "error_message"], flush=False)
        if rows:
            log_event("account_paused", account=self.id, provider=self.provider)
            self._alert_managers(message)

    def _alert_managers(self, message):
        # sudo: messaging.account - agents and crons find the error, managers fix it
        account = self.sudo()
        for manager in account._managers():
            account.with_context(mail_activity_quick_update=True).activity_schedule(
                WARNING,
                summary=self.env._("Connect %(account)s again", account=account.name),
                note=message,
                user_id=manager.id,
            )

    def _managers(self):
        """Return the users who can fix the account: its installer and all managers."""
        agents = self.env["res.users"]._messaging_agents(self.company_id)
        manager = self.env.ref("messaging_inbox.group_messaging_manager")
        return agents.sudo().filtered(
            lambda user: user == self.installer_id or manager in user.all_group_ids
        )

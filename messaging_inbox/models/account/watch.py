"""Looking after accounts: once a day by a cron, and when something goes wrong."""

import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from ...providers.errors import ProviderError, Reason, Retryable, SendError
from ...tools import time_limit
from ...tools.transactions import commit

_logger = logging.getLogger(__name__)

# For an account with a few channels; one with many is cut short at our time limit.
SECONDS = 30
WARNING = "mail.mail_activity_data_warning"


class MessagingAccount(models.Model):
    """A chatter, for activities live on records that have one."""

    _name = "messaging.account"
    _inherit = ["messaging.account", "mail.thread", "mail.activity.mixin"]

    state = fields.Selection(tracking=True)
    check_due = fields.Boolean(
        groups=NO_ACCESS, copy=False, help="The cron will check its health."
    )

    @api.model
    def _cron_check_health(self):
        accounts = self._accounts_to_check()
        self.env["ir.cron"]._commit_progress(remaining=len(accounts))
        for account in accounts:
            if not time_limit.has_time_for(SECONDS):
                break
            # Before the requests: one that ends the run isn't the first of the next.
            account.check_due = False
            commit(self.env)
            try:
                account._check_health()
            except Exception:
                # One bad account must not keep the others from being looked after.
                _logger.exception("Looking after account %s failed", account.id)
                self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _accounts_to_check(self):
        """Return those that a run left for want of time; otherwise all of them."""
        # sudo: messaging.account - the flag is the cron's own
        accounts = self.sudo()
        usable = Domain("state", "in", ("connected", "error"))
        due = accounts.search(usable & Domain("check_due", "=", True))
        if not due:
            due = accounts.search(usable)
            due.check_due = True
        return due

    def _check_health(self):
        """Ask the provider how the account does, and fix what it cut off.

        Return what stands in the way in one sentence, None when all is well.
        """
        self.ensure_one()
        try:
            provider, renewed = self._renewed_provider()
            channels = self.channel_ids._provider_infos()
            # It may ask at our webhook meanwhile: nothing is written before it answers.
            cut_off = provider.health(self.webhook_url, channels)
            failures = provider.register(self.webhook_url, cut_off) if cut_off else {}
        except ProviderError as error:
            return self._keep_error(error)
        self._keep_credentials(renewed)
        if failures:
            return self._keep_failures(failures)
        self._set_connected()
        return None

    def _renewed_provider(self):
        """Return the adapter, and the credentials that would have run out, anew."""
        provider = self._provider()
        renewed = dict(provider.renew())
        if not renewed:
            return provider, {}
        credentials = {**provider.credentials, **renewed}
        made = type(provider)(credentials, provider.http, provider.base_url)
        return made, renewed

    def _keep_credentials(self, renewed):
        stored = self._credential_fields()
        if renewed:
            # sudo: messaging.account - no group may touch the stored secret itself
            self.sudo().write({stored[name]: renewed[name] for name in renewed})

    def _keep_error(self, error):
        """Pause the account when it can't be used; otherwise say what is wrong.

        What passes by itself, as a provider that is down, is nobody's business. Return
        the sentence.
        """
        message = self._connection_error(error)
        if self._credentials_refused(error):
            self._set_error(message)
        elif not isinstance(error, Retryable):
            self._keep_message(message, [error])
        return message

    def _keep_failures(self, failures):
        """Say which channels can't be fixed; the others work. Return the sentence."""
        message = self._failures_named(failures)
        if not all(isinstance(error, Retryable) for error in failures.values()):
            self._keep_message(message, failures.values())
        return message

    def _keep_message(self, message, errors):
        # sudo: messaging.account - the cron finds it, managers fix it
        account = self.sudo()
        account.error_message = message
        if any(
            isinstance(error, SendError) and error.reason is Reason.BAD_CALLBACK
            for error in errors
        ):
            account.registered_at = False

    def _credentials_refused(self, error):
        return isinstance(error, SendError) and error.reason is Reason.BAD_CREDENTIALS

    def _set_connected(self, problems=(), all_post=True):
        """Let messages leave; what had to be fixed is fixed.

        ``all_post``: every channel posts to our address, as far as we know.
        """
        # sudo: messaging.account - the cron finds it well
        account = self.sudo()
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
        """Nothing leaves until somebody fixes it: managers see why, and are called.

        Of several who meet the error at once, one calls.
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
            self._alert_managers(message)

    def _alert_managers(self, message):
        # sudo: messaging.account - agents and crons meet the error, managers fix it
        account = self.sudo()
        for manager in account._managers():
            account.with_context(mail_activity_quick_update=True).activity_schedule(
                WARNING,
                summary=self.env._("Connect %(account)s again", account=account.name),
                note=message,
                user_id=manager.id,
            )

    def _managers(self):
        """Return who can fix the account: its installer, and all managers."""
        agents = self.env["res.users"]._messaging_agents(self.company_id)
        manager = self.env.ref("messaging_inbox.group_messaging_manager")
        return agents.sudo().filtered(
            lambda user: user == self.installer_id or manager in user.all_group_ids
        )

"""Counts requests with a wrong signature, which a rotated token would cause."""

import os
import time
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.moments import moment_words
from ...tools.watched import log_event

# Each process writes at most this many refusals of an account per minute and adds up
# the rest, so that forged requests can't load the database.
WRITTEN_PER_MINUTE = 20
# Alert managers from this many on: providers repeat a failed request less often.
CALLED_AT = 10
FORGOTTEN_AFTER = timedelta(days=1)


class RefusalCounter:
    """Refusals that this process has not written yet, by database and account."""

    def __init__(self):
        self._counts = defaultdict(lambda: [0, 0, 0])

    def count(self, key):
        """Count a refusal; return how many to write now."""
        entry = self._counts[(os.getpid(), *key)]
        minute, written, waiting = entry
        now = int(time.monotonic() // 60)
        if now != minute:
            written = 0
        due = 0 if written >= WRITTEN_PER_MINUTE else waiting + 1
        entry[:] = now, written + bool(due), 0 if due else waiting + 1
        return due


counter = RefusalCounter()


class MessagingRefusal(models.Model):
    """Requests of an account that were refused because of their signature."""

    _name = "messaging.refusal"
    _description = "Requests with a wrong signature"
    _log_access = False

    account_id = fields.Many2one("messaging.account", required=True, ondelete="cascade")
    count = fields.Integer(required=True)
    since = fields.Datetime(required=True)
    last_at = fields.Datetime(required=True)
    called = fields.Boolean(help="The managers already have an activity about it.")

    _account_unique = models.UniqueIndex("(account_id)")

    @api.model
    def _count(self, account_id):
        """Count a refused request, in a separate row: others lock the account's."""
        number = counter.count((self.env.cr.dbname, account_id))
        if number:
            log_event("webhook_refused", account=account_id, count=number)
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO messaging_refusal (account_id, count, since, last_at)
                    SELECT id, %(number)s, %(now)s, %(now)s
                      FROM messaging_account WHERE id = %(account)s
                        ON CONFLICT (account_id) DO UPDATE
                       SET count = messaging_refusal.count + excluded.count,
                           last_at = excluded.last_at
                 RETURNING id
                    """,
                    number=number,
                    now=fields.Datetime.now(),
                    account=account_id,
                )
            )

    @api.model
    def _cron_alert_managers(self):
        """Alert the managers once; forget refusals that stopped by themselves."""
        over = fields.Datetime.now() - FORGOTTEN_AFTER
        self.search([("last_at", "<", over)]).unlink()
        for row in self.search([("count", ">=", CALLED_AT), ("called", "=", False)]):
            row.account_id._alert_managers(row._sentence())
            row.called = True

    def _sentence(self):
        self.ensure_one()
        return self.env._(
            "%(count)s requests with a wrong signature since %(since)s. If the token or"
            " secret was changed at the provider, enter the new one here.",
            count=self.count,
            since=moment_words(self.env, self.since),
        )


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    def _refusal(self):
        """Return the row of refused requests, if any."""
        # sudo: messaging.refusal - a count and two times of a readable account
        return (
            self.env["messaging.refusal"].sudo().search([("account_id", "=", self.id)])
        )

    def _compute_warning(self):  # pylint: disable=missing-return
        super()._compute_warning()
        for account in self:
            refused = account._refusal()
            if refused:
                words = [refused._sentence(), account.warning]
                account.warning = " ".join(filter(None, words))

    def _connected_sentence(self):
        if self._refusal():
            return self.env._("Connected, but some requests have a wrong signature.")
        return super()._connected_sentence()

    def _tick_webhook(self):
        key, label, seen, at, hint = super()._tick_webhook()
        refused = self._refusal()
        if refused and (
            not self.last_inbound_at or refused.since > self.last_inbound_at
        ):
            return key, label, False, False, refused._sentence()
        return key, label, seen, at, hint

    def _clear_account_cache(self):
        """Forget refusals: those of a former token say nothing about the new one."""
        self.env["messaging.refusal"].sudo().search(
            [("account_id", "in", self.ids)]
        ).unlink()
        return super()._clear_account_cache()

    def _set_connected(self, problems=(), all_post=True):
        """Alert again if requests are still refused, since the activities are done."""
        self._refusal().called = False
        return super()._set_connected(problems, all_post)

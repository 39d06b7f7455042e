"""What waits in the queues of each account, for administrators and their monitoring.

Only counts and times leave this file: no names, numbers or texts.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.moments import moment_words

# The scope of the API keys that may ask for it, and for nothing else.
SCOPE = "messaging_inbox.monitoring"

# Each part reads a partial index that holds only what waits, so the cost doesn't grow
# with the number of conversations.
WAITING = """
    SELECT account_id, queue, count(*) AS count, min(since) AS since FROM (
        SELECT 'messages' AS queue, q.channel_id, q.create_date AS since
          FROM messaging_message q WHERE q.state IN ('queued', 'sending')
         UNION ALL
        SELECT 'reactions', m.channel_id, q.create_date
          FROM messaging_reaction q JOIN messaging_message m ON m.id = q.message_id
         WHERE q.state <> 'failed'
         UNION ALL
        SELECT 'scheduled', c.channel_id, q.send_at
          FROM messaging_scheduled q
          JOIN messaging_conversation c ON c.id = q.conversation_id
         WHERE q.send_at <= %(now)s AND q.reason IS NULL
         UNION ALL
        SELECT 'files', m.channel_id, q.create_date
          FROM messaging_media q JOIN messaging_message m ON m.id = q.message_id
         WHERE q.state = 'pending') AS waiting
      JOIN messaging_channel channel ON channel.id = waiting.channel_id
     WHERE account_id = ANY(%(accounts)s)
     GROUP BY account_id, queue
     UNION ALL
    SELECT account_id,
           CASE WHEN kind = 'status' THEN 'early_statuses'
                WHEN next_try_at IS NULL THEN 'webhooks_given_up'
                ELSE 'webhooks' END,
           count(*), min(create_date)
      FROM messaging_receipt
     WHERE state = 'failed' AND account_id = ANY(%(accounts)s)
     GROUP BY 1, 2
"""
QUEUES = (
    *("messages", "reactions", "scheduled", "files"),
    *("webhooks", "webhooks_given_up", "early_statuses"),
)

CRONS = """
    SELECT d.name, c.lastcall, c.nextcall
      FROM ir_cron c
      JOIN ir_model_data d ON d.model = 'ir.cron' AND d.res_id = c.id
     WHERE d.module = 'messaging_inbox' AND c.active
     ORDER BY d.name
"""


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    waiting = fields.Text(
        compute="_compute_waiting",
        compute_sudo=True,
        help="What is to be sent, downloaded or replayed, and since when.",
    )

    def _compute_waiting(self):
        queues = self._queues()
        labels = self._queue_labels()
        for account in self:
            rows = queues.get(account._origin.id, {})
            lines = [
                self.env._(
                    "%(queue)s: %(count)s, the oldest since %(moment)s",
                    queue=label,
                    count=rows[name]["count"],
                    moment=moment_words(self.env, rows[name]["since"]),
                )
                for name, label in labels.items()
                if name in rows
            ]
            account.waiting = "\n".join(lines) or self.env._("Nothing")

    def _queue_labels(self):
        return {
            "messages": self.env._("Messages to send"),
            "reactions": self.env._("Reactions to send"),
            "scheduled": self.env._("Scheduled messages that are late"),
            "files": self.env._("Files to download"),
            "webhooks": self.env._("Failed webhooks to replay"),
            "webhooks_given_up": self.env._("Failed webhooks given up"),
            "early_statuses": self.env._("Statuses of unknown messages"),
        }

    def _queues(self):
        """Return {account id: {queue: {count, since}}} without the empty queues."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(WAITING, now=fields.Datetime.now(), accounts=self.ids)
        )
        found = {account_id: {} for account_id in self.ids}
        for row in rows:
            found[row["account_id"]][row["queue"]] = row
        return found

    @api.model
    def _monitoring(self):
        """Return the state of the user's accounts and crons, ready for JSON.

        Times are in UTC, ages in seconds.
        """
        now = fields.Datetime.now()
        accounts = self.search([("active", "=", True)])
        # sudo: only counts and times, of all channels of accounts that the user sees
        queues = accounts.sudo()._queues()
        refusals = accounts.sudo()._refusals()
        channels = accounts._all_channels()
        health = channels._health()
        of_account = channels.grouped("account_id")
        return {
            "time": _moment(now),
            "accounts": [
                {
                    "id": account.id,
                    "provider": account.provider,
                    "state": account.state,
                    **_latest(
                        health.get(channel.id, {})
                        for channel in of_account.get(account, ())
                    ),
                    "wrong_signatures": refusals.get(account.id, 0),
                    "queues": {
                        name: _depth(queues[account.id].get(name), now)
                        for name in QUEUES
                    },
                }
                for account in accounts
            ],
            "crons": {
                row["name"].removeprefix("ir_cron_"): {
                    "last_run_at": _moment(row["lastcall"]),
                    "late_seconds": _age(row["nextcall"], now),
                }
                for row in self.env.execute_query_dict(SQL(CRONS))
            },
        }

    def _refusals(self):
        """Return {account id: number of requests with a wrong signature}."""
        rows = self.env["messaging.refusal"].search([("account_id", "in", self.ids)])
        return {row.account_id.id: row.count for row in rows}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def action_messaging_monitoring_token(self):
        """Create a monitoring token and show it, this once."""
        self.check_access("create")
        name = self.env._("Monitoring of the messaging inbox")
        token = self.env["res.users.apikeys"]._generate(SCOPE, name, None)
        view = self.env.ref("messaging_inbox.messaging_monitoring_token_view_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Monitoring token"),
            "res_model": "res.users.apikeys.show",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_key": token},
        }


def _latest(channels):
    """Return when a message and a status last came in, of health values."""
    rows = list(channels)
    return {
        name: _moment(max((row[key] for row in rows if row.get(key)), default=None))
        for name, key in (
            ("last_message_at", "inbound_at"),
            ("last_status_at", "status_at"),
        )
    }


def _depth(row, now):
    if not row:
        return {"count": 0, "oldest_seconds": 0}
    return {"count": row["count"], "oldest_seconds": _age(row["since"], now)}


def _age(moment, now):
    return max(0, int((now - moment).total_seconds())) if moment else 0


def _moment(value):
    return value.replace(microsecond=0).isoformat() + "Z" if value else None

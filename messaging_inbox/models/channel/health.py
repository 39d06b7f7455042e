from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

NOTICE_KEPT = timedelta(days=7)
# The usual gap is the average over this many messages; a quiet weekend is normal.
RECENT = 50
QUIET_AFTER = 20
QUIET_FOR = timedelta(days=3)


class MessagingChannel(models.Model):
    """Health of a channel, computed from indexes on read and never stored."""

    _name = "messaging.channel"
    _inherit = ["messaging.channel", "messaging.health"]

    notice = fields.Char(readonly=True, copy=False)
    notice_code = fields.Char(readonly=True, copy=False)
    notice_at = fields.Datetime(readonly=True, copy=False)

    def _compute_warning(self):
        health = self._health()
        for channel in self:
            quiet = channel._quiet_sentence(health.get(channel.id, {}))
            channel.warning = (
                channel._broken_sentence()
                or channel._notice_sentence()
                or channel._standing_sentence()
                or quiet
            )

    def _broken_sentence(self):
        """Return a warning if a change outside Odoo made the row unusable."""
        # sudo: messaging.account - users of the channel may see its name and provider
        channel = self.sudo()
        if channel._is_carried():
            return False
        return self.env._(
            "%(account)s doesn't support %(kind)s.",
            account=channel.account_id.name,
            kind=channel.kind,
        )

    def _notice_sentence(self):
        """Return the provider's latest notice about the channel, for some days."""
        if not self.notice_at or self.notice_at < fields.Datetime.now() - NOTICE_KEPT:
            return False
        return self.notice

    def _quiet_sentence(self, row):
        """Return a warning if a busy channel went quiet, which may be normal."""
        count, newest = row.get("recent", 0), row.get("inbound_at")
        if not self.active or count < QUIET_AFTER:
            return False
        usual_gap = (newest - row["recent_since"]) / (count - 1)
        silence = fields.Datetime.now() - newest
        if silence < max(QUIET_FOR, 10 * usual_gap):
            return False
        return self.env._(
            "No message has come in for %(days)s days, which is unusual here.",
            days=silence.days,
        )

    def _compute_health(self):
        health = self._health()
        for channel in self:
            row = health.get(channel.id, {})
            channel.last_inbound_at = row.get("inbound_at")
            channel.last_status_at = row.get("status_at")
            channel.last_error_at = row.get("failed_at")
            channel.last_error = row and channel._error_sentence(row)

    def _error_sentence(self, row):
        """Return why a message failed.

        Leave out the provider's own words: they may name customers.
        """
        if not row["failed_at"]:
            return False
        reasons = self.env["messaging.reasons"]
        sentence = reasons._sentence_for_manager(row["reason"])
        return f"{sentence} ({row['error_code']})" if row["error_code"] else sentence

    def _health(self):
        """Return {channel id: health values}; each value reads one index entry."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT channel.id, inbound.create_date AS inbound_at,
                       recent.count AS recent, recent.since AS recent_since,
                       failed.write_date AS failed_at, failed.reason, failed.error_code,
                       greatest(delivered.at, read.at, failed.status_at) AS status_at
                  FROM messaging_channel channel
                  LEFT JOIN LATERAL (
                       SELECT create_date FROM messaging_message
                        WHERE channel_id = channel.id AND direction = 'inbound'
                        ORDER BY id DESC LIMIT 1) inbound ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT count(*), min(create_date) AS since FROM (
                              SELECT create_date FROM messaging_message
                               WHERE channel_id = channel.id AND direction = 'inbound'
                               ORDER BY id DESC LIMIT %(recent)s) newest
                       ) recent ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT max(write_date) AS at FROM messaging_message
                        WHERE channel_id = channel.id AND state = 'delivered'
                       ) delivered ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT max(write_date) AS at FROM messaging_message
                        WHERE channel_id = channel.id AND state = 'read') read ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT write_date, reason, error_code, CASE WHEN
                              provider_message_id IS NOT NULL THEN write_date
                              END AS status_at
                         FROM messaging_message
                        WHERE channel_id = channel.id AND state = 'failed'
                        ORDER BY write_date DESC LIMIT 1) failed ON TRUE
                 WHERE channel.id = ANY(%(ids)s)
                """,
                ids=list(self.ids),
                recent=RECENT,
            )
        )
        return {row["id"]: row for row in rows}

    def _status_sentence(self):
        account = self.account_id
        if not (self.active and account.active):
            return self.env._("Archived: nothing can be sent.")
        if account.state == "draft":
            return self.env._("Its account is not connected.")
        if account.state == "error":
            return self.env._("Its account has an error, so nothing can be sent.")
        if not self.last_inbound_at:
            return self.env._("Connected. No message has come in yet.")
        return self.env._("Connected. Messages come in.")

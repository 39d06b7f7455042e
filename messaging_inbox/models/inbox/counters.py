"""The numbers that the inbox and its icon show."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .lists import NEWEST, first_matching

# Counters are exact to 99; one more means "99+".
COUNT_CAP = 100
# No index knows what an Agent hasn't read: conversations are compared with the read
# markers one by one, the newest first, and not more than so many.
COUNT_WITHIN = 1_000
READ_COLUMNS = ("id", "last_message_id", "last_inbound_message_id")
READ_COLUMNS += ("history_message_id",)


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    def inbox_counters(self):
        """Return unread counts of the open sections, totals, who waits, new mentions,
        and the badge: conversations with something new for the user.

        Each count is capped at COUNT_CAP.
        """
        sections = ("mine", "unassigned", "others")
        unread = {name: self._count_unread(name) for name in sections}
        totals = {name: self._count(name) for name in (*sections, "snoozed")}
        waits = self._waiting_domain()
        waiting = {name: self._count(name, waits, order="") for name in sections}
        mentions, elsewhere = self._count_mentions()
        badge = min(unread["mine"] + unread["unassigned"] + elsewhere, COUNT_CAP)
        return {
            **unread,
            "totals": totals,
            "waiting": waiting,
            "mentions": mentions,
            "badge": badge,
        }

    def _count_mentions(self):
        """Count conversations with a new mention, and those not unread for the user."""
        query = self._search(self._mentioned_domain(only_new=True), order="")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(*) FILTER (WHERE NOT (
                           c.state = 'open' AND NOT coalesce(c.is_snoozed, FALSE)
                           AND coalesce(c.user_id, %(user)s) = %(user)s
                           AND coalesce(c.last_inbound_message_id, 0) > %(marker)s))
                  FROM (SELECT c.* FROM messaging_conversation c
                          JOIN (%(visible)s) AS visible ON visible.id = c.id
                         LIMIT %(cap)s) AS c
                """,
                user=self.env.uid,
                marker=self._read_marker(),
                visible=query.select(),
                cap=COUNT_CAP,
            )
        )
        return rows[0]

    def _count(self, section, filters=Domain.TRUE, order=NEWEST):
        """Count a section's conversations that match, up to COUNT_CAP.

        In the section's order, so that only so much of its index is read. Those who
        wait have another index, in another order.
        """
        domain = self._section_domain(section) & filters
        return len(self._search(domain, order=order, limit=COUNT_CAP))

    def _count_unread(self, section):
        """Count unread ones among the newest of a section, up to COUNT_CAP."""
        newest = self._newest(section, Domain.TRUE, COUNT_WITHIN, READ_COLUMNS)
        unread = self._unread_domain()
        return len(first_matching(self, newest, unread, NEWEST, COUNT_CAP))

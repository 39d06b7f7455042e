"""The reply window of a conversation: the time in which a customer may be answered.

The channel defines its length and who may reply late (``tools/reply_window.py``). It
starts with the customer's last activity, here in Python, in SQL and as a domain. Before
any, it starts when the conversation was created, but is over if we wrote first.
"""

from datetime import datetime
from operator import ge, gt, le, lt

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

COMPARISONS = {"<": lt, "<=": le, ">": gt, ">=": ge}
# The window's start in conversations that we started, until the customer writes. It is
# so long ago that every window is over.
NEVER = datetime(1970, 1, 1)
# When the window of conversation ``c`` started.
WINDOW_START = SQL(
    "coalesce(c.last_inbound_at, CASE WHEN c.starter_id IS NULL THEN c.create_date"
    " ELSE %s::timestamp END)",
    NEVER,
)


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    reply_until = fields.Datetime(
        compute="_compute_reply_until",
        search="_search_reply_until",
        help="Until when the provider allows replies. Empty if there is no limit.",
    )

    # ------------------------------------------------------------------
    # start
    # ------------------------------------------------------------------

    def _window_start(self):
        is_ours = self.starter_id and not self.last_inbound_at
        return NEVER if is_ours else self.last_inbound_at or self.create_date

    @api.model
    def _window_start_domain(self, operator, moment):
        is_ours = Domain("starter_id", "!=", False)
        before = Domain("create_date", operator, moment) & ~is_ours
        if COMPARISONS[operator](NEVER, moment):
            before |= is_ours
        return Domain("last_inbound_at", operator, moment) | (
            Domain("last_inbound_at", "=", False) & before
        )

    def _extend_reply_window(self, moment):
        """Restart the window at ``moment`` (UTC), unless it started later."""
        if not self.last_inbound_at or moment > self.last_inbound_at:
            self._store({"last_inbound_at": moment})

    # ------------------------------------------------------------------
    # limits
    # ------------------------------------------------------------------

    def _reply_window(self):
        # sudo: messaging.channel - a provider's limits aren't secret
        channel = self.sudo().channel_id
        return channel._reply_window(channel.id)

    def _may_reply(self, author):
        """Return whether ``author``, a user or empty for a program, may reply now."""
        now = fields.Datetime.now()
        return self._reply_window().is_open(
            self._window_start(), now, is_person(author)
        )

    def _is_in_window(self):
        """Return whether the window is open for everyone, not for late replies alone.

        The conversation may be a new record, to which no customer has written.
        """
        window, start = self._reply_window(), self._window_start()
        if not window.free or not start:
            return not window.free
        return window.is_open(start, fields.Datetime.now(), is_person=False)

    def _reply_tag(self, author):
        """Return the tag for a late reply by ``author``; "" if none is needed."""
        if not is_person(author):
            return ""
        now = fields.Datetime.now()
        return self._reply_window().tag_at(self._window_start(), now)

    @api.depends("channel_id", "last_inbound_at", "starter_id")
    def _compute_reply_until(self):
        for conversation in self:
            start = conversation._window_start()
            conversation.reply_until = start and conversation._reply_window().until(
                start
            )

    def _search_reply_until(self, operator, value):
        """Compare the window's start, since its length depends on the channel."""
        by_length = self._channels_by_window_length()
        if operator == "in" and set(value) == {False}:
            return Domain("channel_id", "in", by_length.get(None, []))
        if operator not in COMPARISONS or not value:
            return NotImplemented
        moment = fields.Datetime.to_datetime(value)
        return Domain.OR(
            Domain("channel_id", "in", ids)
            & self._window_start_domain(operator, moment - length)
            for length, ids in by_length.items()
            if length
        )

    @api.model
    def _channels_by_window_length(self):
        """Return ``{window length: channel ids}``; the length is None without limit."""
        # sudo: messaging.channel - the rules of conversations restrict the result
        Channel = self.env["messaging.channel"].sudo().with_context(active_test=False)
        found = {}
        for channel in Channel.search_fetch([], ["account_id"]):
            length = Channel._reply_window(channel.id).length
            found.setdefault(length, []).append(channel.id)
        return found


def is_person(user):
    """Return whether a user is a person; programs have no late reply window.

    Programs have no user, or run as OdooBot.
    """
    return user.id not in (False, api.SUPERUSER_ID)

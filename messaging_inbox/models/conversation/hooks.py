"""Moments of a conversation that other folders extend, each calling ``super()`` first.

Each hook runs in the transaction of the change and as the user who makes it; an error
takes the change back. A change that touches no conversation calls none.
"""

from odoo import models


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def _before_unlink(self):
        """About to be deleted: locked, as superuser, the user's right to it checked."""

    def _before_link_change(self, field):
        """About to get another record, or none, in ``partner_id`` or ``lead_id``.

        Locked, and still linked to the former record.
        """

    def _after_link_change(self, field):
        """Linked to another record, or to none, in ``partner_id`` or ``lead_id``."""

    def _after_assignment_change(self):
        """Assigned to another user, or to none; the event is logged."""

    def _after_reply(self):
        """An Agent's reply is queued: one message or several, not sent yet.

        Messages that arrive call ``_after_messages`` of ``messaging.ingest`` instead.
        """

    def _after_open(self):
        """The current user has opened this one conversation in the inbox."""

    def _after_mark_unread(self):
        """The current user has marked them as unread."""

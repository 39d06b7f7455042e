"""Hooks of conversations that other folders extend, each calling ``super()`` first.

A hook runs in the transaction of the change, as the user who makes it; an error rolls
the change back. If no conversation changes, no hook is called.
"""

from odoo import models


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def _before_unlink(self):
        """Hook: conversations will be deleted.

        Called as superuser, under their lock, after the user's right is checked.
        """

    def _before_person_erase(self):
        """Hook: conversations will be deleted, and with them what was copied of them.

        Called as superuser, under their lock, when a person is erased.
        """

    def _before_link_change(self, field):
        """Hook: conversations will be linked to another record, or to none.

        ``field`` is ``partner_id`` or ``lead_id`` and still holds the former record.
        Called under their lock.
        """

    def _after_link_change(self, field):
        """Hook: ``partner_id`` or ``lead_id`` holds another record, or none."""

    def _after_assignment_change(self):
        """Hook: conversations have another assignee, or none; the event is logged."""

    def _after_snooze(self):
        """Hook: the time of snoozed conversations has come; they are back."""

    def _after_reply(self):
        """Hook: the messages of an Agent's reply are queued, not sent yet.

        Customers' messages call ``_after_messages`` of ``messaging.ingest`` instead.
        """

    def _after_open(self):
        """Hook: the current user opened this conversation in the inbox."""

    def _after_mark_unread(self):
        """Hook: the current user marked conversations as unread."""

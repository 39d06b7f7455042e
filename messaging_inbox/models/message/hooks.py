"""Hooks of messages that other folders extend, each calling ``super()`` first.

A hook runs in the transaction of the change; an error rolls the change back.
"""

from odoo import models


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    def _after_display_change(self):
        """Hook: what a message shows changed: its text, its files, or a failure."""

    def _before_files_delete(self):
        """Hook: files will be deleted: expired, or with the content of messages."""

    def _after_send(self):
        """Hook: the provider accepted the message, and its ID is stored."""

    def _after_erase(self):
        """Hook: messages were erased: their text and files are deleted."""

    def _after_unsend(self):
        """Hook: the customer unsent the message; its text and files are deleted."""

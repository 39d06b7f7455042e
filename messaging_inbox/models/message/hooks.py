"""Moments of a message that other folders extend, each calling ``super()`` first.

Each hook runs in the transaction of the change; an error takes the change back.
"""

from odoo import models


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    def _after_display_change(self):
        """What it shows has changed: its text, its files, or that it failed."""

    def _before_files_delete(self):
        """Its files are about to be deleted: it was unsent, or they have expired."""

    def _after_send(self):
        """The provider has taken it, and its id is known."""

    def _after_unsend(self):
        """The customer took it back: text and files are gone."""

"""Hooks of accounts that other folders extend, each calling ``super()`` first.

A hook runs in the transaction of the change; an error rolls the change back.
"""

from odoo import models


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    def _after_connect(self):
        """Hook: the account was connected, or the daily check succeeded."""

    def _after_channels_made(self, channels):
        """Hook: connecting has made channels of numbers that the provider listed."""

    def _after_channels_change(self):
        """Hook: channels were connected, created, or changed kind or address."""

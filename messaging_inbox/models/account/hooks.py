"""Moments of an account that other folders extend, each calling ``super()`` first.

Each hook runs in the transaction of the change; an error takes the change back.
"""

from odoo import models


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    def _after_connect(self):
        """The provider answers, by a connection just made or by the daily check."""

    def _after_channels_change(self):
        """Channels were connected, created, or got another kind or address."""

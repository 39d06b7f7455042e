"""Hooks of accounts, conversations and messages that update failed webhooks."""

from odoo import models


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    def _after_channels_change(self):
        super()._after_channels_change()
        self.env["messaging.receipt"]._channels_changed(self)


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def _before_unlink(self):
        super()._before_unlink()
        self.env["messaging.receipt"]._forget_conversations(self)


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    def _after_send(self):
        super()._after_send()
        self.env["messaging.receipt"]._messages_settled(self)

    def _after_unsend(self):
        super()._after_unsend()
        self.env["messaging.receipt"]._forget_message(self)

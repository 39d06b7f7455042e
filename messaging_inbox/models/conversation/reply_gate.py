from odoo import api, models
from odoo.exceptions import UserError

from ...providers.errors import Reason


class MessagingConversation(models.Model):
    """The check whether we may send, made before queuing and again before sending."""

    _inherit = "messaging.conversation"

    def _check_may_send(self, author, template=None):
        """Raise UserError with the reason if ``author`` may not send now."""
        obstacle = self._obstacle(author, template)
        if obstacle:
            # sudo: messaging.channel - only its kind
            channel = self.sudo().channel_id
            reasons = self.env["messaging.reasons"]
            raise UserError(reasons._sentence_on(obstacle.value, channel))

    def _obstacle(self, author, template=None):
        """Return the Reason why ``author`` can't send to the customer now, or None.

        ``author`` is a user, or empty for a program. An author who has lost access
        since is no obstacle: the message was allowed when it was written. ``template``
        is the one that the message is made of, empty if it was deleted since; None for
        all other messages.
        """
        self.ensure_one()
        # sudo: messaging.channel, messaging.account - their state, not their secrets
        channel = self.sudo().channel_id
        obstacle = self._obstacle_of_channel(channel)
        if obstacle:
            return obstacle
        recipient = self._recipient()
        if not recipient:
            return Reason.RECIPIENT_MOVED
        if not channel._can_answer(channel.id, recipient.external_id):
            return Reason.NO_REPLIES
        if self.opted_out or self._is_blacklisted():
            return Reason.OPTED_OUT
        if template is not None:
            return self._obstacle_of_template(template)
        return None if self._may_reply(author) else Reason.WINDOW_CLOSED

    def _obstacle_of_template(self, template):
        """Return the Reason why a template can't be sent here and now, or None."""
        # sudo: messaging.template - the caller checks access, or it was sent before
        template = template.sudo()
        if not template.active:
            return Reason.TEMPLATE_MISSING
        if self.sudo().channel_id not in template.channel_ids:
            return Reason.TEMPLATE_REFUSED
        return template._obstacle(self._is_in_window())

    @api.model
    def _obstacle_of_channel(self, channel):
        account = channel.account_id
        if not channel.active or not account.active:
            return Reason.CHANNEL_ARCHIVED
        if account.state == "draft":
            return Reason.NOT_CONNECTED
        if account.state == "error" or not channel._is_carried():
            return Reason.BAD_CREDENTIALS
        return None

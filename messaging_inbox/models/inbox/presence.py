from odoo import api, models

from ...tools.client_values import expects, is_flag, is_id, is_number
from ..live.bus import about


def is_presence(value):
    return value in ("viewing", "typing", "gone")


class MessagingConversation(models.Model):
    """Who has a conversation open, as the pages of colleagues tell each other.

    The server stores no presence: pages report changes and repeat them each minute, and
    forget a colleague from whom they haven't heard for longer.
    """

    _inherit = "messaging.conversation"

    @api.model
    @expects(id=is_id, state=is_presence, is_new=is_flag, at=is_number, is_note=is_flag)
    def inbox_presence(
        self,
        id,
        state,
        is_new=False,
        at=0,
        is_note=False,  # noqa: A002
    ):
        """Tell colleagues that the user opened or left a conversation, or types there.

        ``state`` is "viewing", "typing" or "gone". ``is_new`` tells that the user has
        just opened it: those who have it open report themselves, too. ``at`` is the
        page's time in milliseconds: two reports at once may arrive in either order.
        ``is_note`` tells that the user types a private note, of which the customer
        sees nothing.
        """
        conversation = self._readable(id)
        if is_new and state != "gone":
            conversation._after_open()
        if not conversation._is_blank():
            # sudo: messaging.channel - its address on the bus
            channel = conversation.sudo().channel_id
            payload = {
                "conversation_id": conversation.id,
                "user_id": self.env.uid,
                "state": state,
                "is_new": is_new,
                "at": at,
            }
            key = channel.id, channel.access_epoch
            bus = self.env["messaging.bus"]
            bus._send([(key, "presence", payload, about(conversation.ids))])
            if state == "typing" and not is_note:
                conversation._show_reading(is_typing=True)
        return True

from odoo import api, fields, models

from ...tools.phone_numbers import telephone
from ...tools.transactions import lock_names


class MessagingIdentity(models.Model):
    """An id of a customer on a channel; a conversation may have several."""

    _name = "messaging.identity"
    _description = "Messaging identity"
    _rec_name = "external_id"

    channel_id = fields.Many2one(
        "messaging.channel", required=True, index=True, ondelete="restrict"
    )
    external_id = fields.Char(required=True)
    conversation_id = fields.Many2one(
        "messaging.conversation", required=True, index=True, ondelete="cascade"
    )
    unreachable_at = fields.Datetime(
        readonly=True,
        help=(
            "When a message was sent that couldn't reach this number on the channel: it"
            " isn't on WhatsApp, for example."
        ),
    )

    _unreachable_idx = models.Index(
        "(conversation_id) WHERE unreachable_at IS NOT NULL"
    )
    _external_id_unique = models.UniqueIndex("(channel_id, external_id)")

    @api.model
    def _lock_customers(self, pairs):
        """Make sure that only one transaction makes a conversation for a customer.

        ``pairs`` are (channel id, external id). Others wait, then find it. All numbers
        of the same phone share a lock.
        """
        lock_names(
            self.env.cr,
            {
                (f"messaging.identity:{telephone(external_id)}", channel_id)
                for channel_id, external_id in pairs
            },
        )

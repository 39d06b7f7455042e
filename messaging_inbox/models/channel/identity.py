from odoo import fields, models


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

    _external_id_unique = models.UniqueIndex("(channel_id, external_id)")

from odoo import fields, models


class MessagingIdentity(models.Model):
    """One id by which a channel knows a customer; several may mean one conversation."""

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

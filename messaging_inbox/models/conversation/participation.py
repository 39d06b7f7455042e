from odoo import api, fields, models
from odoo.tools import SQL


class MessagingParticipation(models.Model):
    """An Agent's read marker and draft in a conversation."""

    _name = "messaging.participation"
    _description = "Messaging participation"
    _log_access = False

    conversation_id = fields.Many2one(
        "messaging.conversation", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade"
    )
    last_read_message_id = fields.Integer(
        help=(
            "Empty if the user hasn't read anything. Then only messages from after"
            " the user became an Agent are unread."
        )
    )
    draft = fields.Text()

    _user_conversation_unique = models.UniqueIndex("(conversation_id, user_id)")

    @api.model
    def _set(self, conversation, column, value):
        """Set one column of the current user's row; create the row if needed."""
        self.env.execute_query(
            SQL(
                "INSERT INTO messaging_participation"
                " (conversation_id, user_id, %(column)s)"
                " VALUES (%(conversation)s, %(user)s, %(value)s)"
                " ON CONFLICT (conversation_id, user_id)"
                " DO UPDATE SET %(column)s = EXCLUDED.%(column)s RETURNING id",
                column=SQL.identifier(column),
                conversation=conversation.id,
                user=self.env.uid,
                value=value,
            )
        )
        self.invalidate_model([column])

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class MessagingParticipation(models.Model):
    _inherit = "messaging.participation"

    mention_message_id = fields.Integer(
        help="The last private note that mentions the user."
    )
    has_new_mention = fields.Boolean(
        help="The user hasn't read the conversation since that note."
    )

    _mention_idx = models.Index("(user_id) WHERE mention_message_id > 0")


class MessagingConversation(models.Model):
    """Conversations whose private notes mention a user."""

    _inherit = "messaging.conversation"

    def _set_mention(self, users, note):
        """Keep that a private note mentions users, and tell their open pages."""
        self.ensure_one()
        if not users:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_participation (
                    conversation_id, user_id, mention_message_id, has_new_mention)
                SELECT %s, unnest(%s), %s, TRUE
                ON CONFLICT (conversation_id, user_id) DO UPDATE
                   SET mention_message_id = EXCLUDED.mention_message_id,
                       has_new_mention = TRUE
                RETURNING id
                """,
                self.id,
                sorted(users.ids),
                note.id,
            )
        )
        self.env["messaging.participation"].invalidate_model()
        payload = {"conversation_id": self.id, "author_id": self.env.uid}
        for user in users:
            # sudo: res.users - the address of a colleague on the bus
            user.sudo()._bus_send("messaging_inbox/mentioned", payload)

    def action_mark_read(self):
        """Mark all messages and mentions so far as read, for the current user."""
        result = super().action_mark_read()
        self.env.cr.execute(
            SQL(
                "UPDATE messaging_participation SET has_new_mention = FALSE"
                " WHERE user_id = %s AND conversation_id = ANY(%s) AND has_new_mention",
                self.env.uid,
                list(self.ids),
            )
        )
        self.env["messaging.participation"].invalidate_model(["has_new_mention"])
        return result

    def _mentioned_domain(self, only_new=False):
        """Return a domain of conversations that mention the current user."""
        condition = SQL("p.has_new_mention") if only_new else SQL("TRUE")

        def to_sql(_model, alias, _query):
            return SQL(
                "%s IN (SELECT p.conversation_id FROM messaging_participation p"
                " WHERE p.user_id = %s AND p.mention_message_id > 0 AND %s)",
                SQL.identifier(alias, "id"),
                self.env.uid,
                condition,
            )

        return Domain.custom(to_sql=to_sql)

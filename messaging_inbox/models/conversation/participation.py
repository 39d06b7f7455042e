from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# What a start meant is carried out by a message of the same day.
START_KEPT = timedelta(days=1)


class MessagingParticipation(models.Model):
    """An Agent's read marker and draft in a conversation, and what a start meant."""

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
    started_at = fields.Datetime(help="When the user last chose to write first.")
    start_due = fields.Boolean(
        help="The user's first message has yet to link, reopen and assign."
    )
    start_partner_id = fields.Many2one(
        "res.partner", ondelete="set null", index="btree_not_null"
    )
    start_lead_id = fields.Many2one(
        "crm.lead", ondelete="set null", index="btree_not_null"
    )

    _user_conversation_unique = models.UniqueIndex("(conversation_id, user_id)")
    _started_idx = models.Index("(user_id, started_at) WHERE started_at IS NOT NULL")

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

    # ------------------------------------------------------------------
    # writing first
    # ------------------------------------------------------------------

    @api.model
    def _set_start(self, conversation, partner, lead):
        """Keep from which records the current user starts a conversation."""
        self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_participation (
                    conversation_id, user_id, started_at, start_due, start_partner_id,
                    start_lead_id)
                VALUES (%s, %s, %s, TRUE, %s, %s)
                ON CONFLICT (conversation_id, user_id) DO UPDATE
                   SET started_at = EXCLUDED.started_at, start_due = TRUE,
                       start_partner_id = EXCLUDED.start_partner_id,
                       start_lead_id = EXCLUDED.start_lead_id
                RETURNING id
                """,
                conversation.id,
                self.env.uid,
                fields.Datetime.now(),
                partner.id or None,
                lead.id or None,
            )
        )
        self.invalidate_model()

    @api.model
    def _due_start(self, conversation):
        """Return {field: id or None} that the user's start will link, None without."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT start_partner_id AS partner_id, start_lead_id AS lead_id
                  FROM messaging_participation
                 WHERE conversation_id = %s AND user_id = %s AND start_due
                   AND started_at > %s
                """,
                conversation.id,
                self.env.uid,
                fields.Datetime.now() - START_KEPT,
            )
        )
        return rows[0] if rows else None

    @api.model
    def _end_start(self, conversation):
        """Mark the user's start as carried out, or given up."""
        self.env.cr.execute(
            SQL(
                "UPDATE messaging_participation SET start_due = FALSE"
                " WHERE conversation_id = %s AND user_id = %s",
                conversation.id,
                self.env.uid,
            )
        )
        self.invalidate_model()

    @api.model
    def _leave(self, conversation):
        """Forget all that the user keeps about a conversation."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM messaging_participation"
                " WHERE conversation_id = %s AND user_id = %s",
                conversation.id,
                self.env.uid,
            )
        )
        self.invalidate_model()

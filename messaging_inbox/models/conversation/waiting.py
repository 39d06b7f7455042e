from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# The first message from the customer after our last word: a message that didn't fail,
# or closing the conversation, unless that was undone.
FIRST_UNANSWERED = """
    SELECT m.id, m.sent_at FROM messaging_message m
     WHERE m.conversation_id = c.id AND m.direction = 'inbound'
       AND NOT coalesce(m.data ? 'unsent' AND NOT m.data ? 'erased', FALSE)
       AND m.id > greatest(
           c.history_message_id, 0,
           (SELECT max(a.id) FROM messaging_message a
             WHERE a.conversation_id = c.id AND a.direction = 'outbound'
               AND a.state <> 'failed'),
           (SELECT max(e.id) FROM (
               SELECT id, event_type, lead(coalesce(data ? 'undone', FALSE))
                      OVER (ORDER BY id) AS is_undone
                 FROM messaging_message
                WHERE conversation_id = c.id AND direction = 'event'
                  AND event_type IN ('closed', 'reopened')) e
             WHERE e.event_type = 'closed' AND e.is_undone IS NOT TRUE))
     ORDER BY m.id LIMIT 1
"""
LAST_FAILED = """
    SELECT f.conversation_id
      FROM (SELECT conversation_id, max(id) AS id FROM messaging_message
             WHERE state = 'failed' AND direction = 'outbound'
             GROUP BY conversation_id) f
     WHERE NOT EXISTS (
           SELECT FROM messaging_message later
            WHERE later.conversation_id = f.conversation_id AND later.id > f.id
              AND later.direction = 'outbound' AND later.state <> 'failed')
"""


class MessagingConversation(models.Model):
    """Since when a customer waits for an answer. Reading isn't answering.

    The insert of incoming messages sets both fields; an answer and closing clear them.
    """

    _inherit = "messaging.conversation"

    waiting_since = fields.Datetime(
        readonly=True,
        help="When the customer sent the first message that nobody has answered yet.",
    )
    # That message: the cursor of the list that begins with the longest wait.
    waiting_message_id = fields.Integer(readonly=True)

    _waiting_idx = models.Index("(waiting_message_id) WHERE waiting_message_id > 0")

    def _waiting_domain(self):
        return Domain("waiting_message_id", ">", 0)

    def _not_waiting(self):
        """Return the values of a conversation that was answered or closed."""
        return {"waiting_since": False, "waiting_message_id": False}

    def _update_waiting(self):
        """Find out anew who waits, after an answer failed or a message was unsent."""
        if not self:
            return
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                UPDATE messaging_conversation c
                   SET (waiting_message_id, waiting_since) = (%s)
                 WHERE c.id = ANY(%s) AND c.state = 'open' RETURNING c.id
                """,
                SQL(FIRST_UNANSWERED),
                list(self.ids),
            )
        )
        self.invalidate_recordset(["waiting_since", "waiting_message_id"])
        self.env["messaging.bus"]._changed(self.ids)

    def _failed_domain(self):
        """Return a domain of conversations whose last message of ours failed."""

        def to_sql(_model, alias, _query):
            conversation = SQL.identifier(alias, "id")
            return SQL("%s IN (%s)", conversation, SQL(LAST_FAILED))

        return Domain.custom(to_sql=to_sql)

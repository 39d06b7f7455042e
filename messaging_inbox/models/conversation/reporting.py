"""Measures for pivot and graph, computed on demand, at no cost to webhooks."""

from odoo import fields, models
from odoo.tools import SQL

METRICS = ("inbound_count", "outbound_count", "first_reply_hours", "waiting_hours")


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    inbound_count = fields.Integer(
        string="Messages in", compute="_compute_metrics", aggregator="sum"
    )
    outbound_count = fields.Integer(
        string="Messages out", compute="_compute_metrics", aggregator="sum"
    )
    first_reply_hours = fields.Float(
        string="Hours to first reply",
        compute="_compute_metrics",
        aggregator="avg",
        help="From the customer's first message to our first reply.",
    )

    waiting_hours = fields.Float(
        string="Hours waiting",
        compute="_compute_metrics",
        aggregator="avg",
        help="Since the first message from the customer that nobody has answered.",
    )

    def _compute_metrics(self):
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT c.id, %s FROM messaging_conversation c WHERE c.id = ANY(%s)",
                SQL(", ").join(
                    SQL("%s AS %s", self._metric_sql("c", name), SQL.identifier(name))
                    for name in METRICS
                ),
                list(self.ids),
            )
        )
        metrics = {row["id"]: row for row in rows}
        for conversation in self:
            for name in METRICS:
                conversation[name] = metrics.get(conversation.id, {}).get(name)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let the database aggregate and sort by metrics, which aren't stored."""
        if field_expr not in METRICS:
            return super()._field_to_sql(alias, field_expr, query)
        self.env["messaging.message"].flush_model()
        return self._metric_sql(alias, field_expr)

    def _metric_sql(self, alias, name):
        """Return SQL for a metric of the conversation ``alias``."""
        conversation = SQL.identifier(alias, "id")
        if name == "first_reply_hours":
            return self._first_reply_hours(conversation)
        if name == "waiting_hours":
            return SQL(
                "(extract(epoch FROM %s - %s)::float / 3600)",
                fields.Datetime.now(),
                SQL.identifier(alias, "waiting_since"),
            )
        return SQL(
            "(SELECT count(*) FROM messaging_message m"
            " WHERE m.conversation_id = %s AND m.direction = %s)",
            conversation,
            name.removesuffix("_count"),
        )

    def _first_reply_hours(self, conversation):
        return SQL(
            """
            (SELECT extract(epoch FROM reply.sent_at - question.sent_at)::float / 3600
               FROM (SELECT m.id, m.sent_at FROM messaging_message m
                      WHERE m.conversation_id = %(id)s AND m.direction = 'inbound'
                      ORDER BY m.id LIMIT 1) AS question
              CROSS JOIN LATERAL (
                    SELECT m.sent_at FROM messaging_message m
                     WHERE m.conversation_id = %(id)s AND m.direction = 'outbound'
                       AND m.id > question.id
                     ORDER BY m.id LIMIT 1) AS reply)
            """,
            id=conversation,
        )

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..search.folded_text import folded

# States only move forward, that is to the right.
OUTBOUND_STATES = [
    "queued",
    "sending",
    "unknown",
    "sent",
    "failed",
    "delivered",
    "read",
]


class MessagingMessage(models.Model):
    """An entry of a conversation: inbound, outbound, private note or event."""

    _name = "messaging.message"
    _description = "Message"
    _order = "id desc"
    _rec_name = "body"

    conversation_id = fields.Many2one(
        "messaging.conversation", required=True, ondelete="cascade"
    )
    channel_id = fields.Many2one(
        "messaging.channel", required=True, ondelete="restrict"
    )
    direction = fields.Selection(
        [
            ("inbound", "Inbound"),
            ("outbound", "Outbound"),
            ("note", "Private note"),
            ("event", "Event"),
        ],
        required=True,
    )
    kind = fields.Selection(
        [
            ("text", "Text"),
            ("image", "Picture"),
            ("audio", "Audio"),
            ("video", "Video"),
            ("document", "Document"),
            ("sticker", "Sticker"),
            ("location", "Location"),
            ("contact", "Contact card"),
            ("reply_choice", "Choice"),
            ("unsupported", "Unsupported message"),
        ],
        required=True,
        default="text",
    )
    state = fields.Selection(
        [
            ("received", "Received"),
            ("queued", "Waiting to be sent"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("read", "Read"),
            ("failed", "Failed"),
            ("unknown", "May have been sent"),
        ],
        help="Empty for private notes and events: they can never be sent.",
    )
    body = fields.Text()
    data = fields.Json()
    author_id = fields.Many2one("res.users", ondelete="set null")
    provider_message_id = fields.Char(readonly=True)
    client_uuid = fields.Char(readonly=True)
    part = fields.Integer(readonly=True)
    sent_at = fields.Datetime(
        required=True, default=fields.Datetime.now, help="The provider's time, in UTC."
    )
    reason = fields.Char(readonly=True)
    error_code = fields.Char(readonly=True)
    error_detail = fields.Char(readonly=True)
    failure_reason = fields.Char(compute="_compute_failure_reason")
    attempts = fields.Integer(readonly=True)
    next_try_at = fields.Datetime(readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    # For search, one per line.
    file_names = fields.Text(compute="_compute_file_names", store=True)
    media_ids = fields.One2many("messaging.media", "message_id")
    reply_to_id = fields.Many2one(
        "messaging.message", ondelete="set null", index="btree_not_null"
    )
    event_type = fields.Char()
    event_from = fields.Many2one("res.users", ondelete="set null")
    event_to = fields.Many2one("res.users", ondelete="set null")

    # With the channel, whose access rules every page of a thread checks: the page is
    # read from the index alone. Otherwise, for a conversation with a large share of all
    # messages, PostgreSQL prefers to read those of all conversations downwards.
    _conversation_idx = models.Index("(conversation_id, id DESC) INCLUDE (channel_id)")
    _inbound_idx = models.Index("(conversation_id, id) WHERE direction = 'inbound'")
    _provider_message_unique = models.UniqueIndex(
        "(channel_id, provider_message_id) WHERE provider_message_id IS NOT NULL"
    )
    _client_uuid_unique = models.UniqueIndex(
        "(conversation_id, client_uuid, part) WHERE client_uuid IS NOT NULL"
    )
    # For status callbacks and echoes, which carry our reference.
    _reference_idx = models.Index("(client_uuid) WHERE client_uuid IS NOT NULL")
    # For read and delivery watermarks, which advance these states.
    _underway_idx = models.Index(
        "(conversation_id) WHERE state IN ('sent', 'delivered')"
    )
    _outbox_idx = models.Index(
        "(conversation_id, id) WHERE state IN ('queued', 'sending')"
    )
    _text_idx = models.Index(f"USING gin ({folded('body', 'file_names')} gin_trgm_ops)")

    @api.depends("attachment_ids")
    def _compute_file_names(self):
        for message in self:
            # sudo: ir.attachment - names, for those who may read the message
            names = message.sudo().attachment_ids.mapped("name")
            message.file_names = "\n".join(filter(None, names)) or False

    # The outbox selects by state alone, so notes and events must never have one.
    _direction_state_check = models.Constraint(
        """CHECK (
            (direction IN ('note', 'event') AND state IS NULL)
            OR (direction = 'inbound' AND state IS NOT DISTINCT FROM 'received')
            OR (direction = 'outbound' AND state IS NOT NULL AND state <> 'received')
        )""",
        "Only outbound messages have a delivery state.",
    )

    # ------------------------------------------------------------------
    # states
    # ------------------------------------------------------------------

    @api.model
    def _state_rank(self, state):
        """Return SQL for a state's position in OUTBOUND_STATES.

        ``state`` is a value or SQL.
        """
        return SQL("array_position(%s::varchar[], %s)", OUTBOUND_STATES, state)

    def action_retry(self):
        """Resend messages that failed or that may not have been sent.

        Raise UserError for any other message.
        """
        for message in self:
            message.conversation_id.check_access("write")
            if not message._may_retry():
                raise UserError(self.env._("Only failed messages can be retried."))
            message.conversation_id._check_may_send(
                message.author_id, message._template()
            )
        # Late status reports of the previous attempt must not settle the new one.
        self.env["messaging.tombstone"]._add_messages(self.sudo())
        # sudo: messaging.message - users can't write states; access is checked above
        self.sudo().write(
            {
                "state": "queued",
                "attempts": 0,
                "next_try_at": False,
                "reason": False,
                "error_code": False,
                "error_detail": False,
                "provider_message_id": False,
            }
        )
        self.conversation_id._update_waiting()
        self.env["messaging.bus"]._changed(self.conversation_id.ids, self.ids)
        self._send_after_commit()
        return True

    def _may_retry(self):
        return self.direction == "outbound" and self.state in ("failed", "unknown")

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise AccessError(self.env._("Messages can't be copied."))

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..conversation.conversation import PREVIEW_LENGTH

# Forward only: a state gives way to those on its right, never to those on its left.
OUTBOUND_STATES = [
    "queued",
    "sending",
    "unknown",
    "sent",
    "failed",
    "delivered",
    "read",
]
# What the inbox is told where a message has no such thing.
INBOX_DEFAULTS = {
    "state": False,
    "author_id": False,
    "error_code": False,
    "client_uuid": False,
    "part": 0,
    "event_type": False,
    "event_from": False,
    "event_to": False,
    "reply_to": False,
}


class MessagingMessage(models.Model):
    """One entry of a conversation: inbound, outbound, private note, or event."""

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
            ("unsupported", "Not shown here"),
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
    media_ids = fields.One2many("messaging.media", "message_id")
    reply_to_id = fields.Many2one(
        "messaging.message", ondelete="set null", index="btree_not_null"
    )
    event_type = fields.Char()
    event_from = fields.Many2one("res.users", ondelete="set null")
    event_to = fields.Many2one("res.users", ondelete="set null")

    _conversation_idx = models.Index("(conversation_id, id DESC)")
    _inbound_idx = models.Index("(conversation_id, id) WHERE direction = 'inbound'")
    _provider_message_unique = models.UniqueIndex(
        "(channel_id, provider_message_id) WHERE provider_message_id IS NOT NULL"
    )
    _client_uuid_unique = models.UniqueIndex(
        "(conversation_id, client_uuid, part) WHERE client_uuid IS NOT NULL"
    )
    # Where a status callback or an echo looks by the reference that we gave.
    _reference_idx = models.Index("(client_uuid) WHERE client_uuid IS NOT NULL")
    # What a watermark of the customer moves forward.
    _underway_idx = models.Index(
        "(conversation_id) WHERE state IN ('sent', 'delivered')"
    )
    _outbox_idx = models.Index(
        "(conversation_id, id) WHERE state IN ('queued', 'sending')"
    )
    _body_idx = models.Index("USING gin (body gin_trgm_ops)")
    # The outbox selects by state alone; notes and events have none, whatever happens.
    _direction_state_check = models.Constraint(
        """CHECK (
            (direction IN ('note', 'event') AND state IS NULL)
            OR (direction = 'inbound' AND state IS NOT DISTINCT FROM 'received')
            OR (direction = 'outbound' AND state IS NOT NULL AND state <> 'received')
        )""",
        "Only outbound messages have a state of sending.",
    )

    # ------------------------------------------------------------------
    # what the inbox shows
    # ------------------------------------------------------------------

    @api.model
    def _inbox_values(self, ids):
        """Return messages as the inbox and its bus know them, in the order of ids.

        The caller answers for access: this reads without rules.
        """
        if not ids:
            return []
        rows = self.env.execute_query_dict(self._inbox_query(list(ids)))
        return [self._inbox_value(row) for row in rows]

    @api.model
    def _inbox_value(self, values):
        """Return one message as the inbox knows it, absent values filled in."""
        given = {name: value for name, value in values.items() if value is not None}
        given["sent_at"] = fields.Datetime.to_string(given["sent_at"])
        return {**INBOX_DEFAULTS, "data": {}, "files": [], **given}

    def _inbox_query(self, ids):
        return SQL(
            """
            SELECT m.id, m.conversation_id, m.channel_id, channel.access_epoch,
                   m.direction, m.kind, m.state, coalesce(m.body, '') AS body, m.data,
                   m.author_id, m.sent_at, m.error_code, m.client_uuid, m.part,
                   m.event_type, m.event_from, m.event_to,
                   CASE WHEN m.reply_to_id IS NOT NULL THEN (
                       SELECT json_strip_nulls(json_build_object(
                           'id', r.id, 'body', left(coalesce(r.body, ''), %(length)s),
                           'kind', r.kind, 'direction', r.direction,
                           'author_id', coalesce(to_json(r.author_id), 'false'::json),
                           'author_name', r.data->'former'->>'author',
                           'contacts', %(contacts)s,
                           'unsent', coalesce(r.data ? 'unsent', FALSE)))
                         FROM messaging_message r WHERE r.id = m.reply_to_id
                   ) END AS reply_to,
                   (SELECT json_agg(f.file ORDER BY f.position, f.file_id)
                      FROM (%(files)s) AS f) AS files
              FROM messaging_message m
              JOIN messaging_channel channel ON channel.id = m.channel_id
             WHERE m.id = ANY(%(ids)s)
             ORDER BY m.id
            """,
            ids=ids,
            length=PREVIEW_LENGTH,
            contacts=self._inbox_contacts("r"),
            files=self._inbox_files_query(),
        )

    def _inbox_files_query(self):
        """Files of message ``m``: those of customers through their media, then ours."""
        return SQL(
            """
            SELECT media.position, media.id AS file_id, json_build_object(
                       'id', coalesce(to_json(media.attachment_id), 'false'::json),
                       'media_id', media.id,
                       'name', coalesce(a.name, media.name, ''),
                       'mimetype', coalesce(a.mimetype, media.content_type, ''),
                       'size', coalesce(a.file_size, 0),
                       'state', media.state) AS file
              FROM messaging_media media
              LEFT JOIN ir_attachment a ON a.id = media.attachment_id
             WHERE media.message_id = m.id
            UNION ALL
            SELECT 0, a.id, json_build_object(
                       'id', a.id, 'media_id', false, 'name', a.name,
                       'mimetype', coalesce(a.mimetype, ''),
                       'size', coalesce(a.file_size, 0), 'state', 'ready')
              FROM ir_attachment_messaging_message_rel rel
              JOIN ir_attachment a ON a.id = rel.ir_attachment_id
             WHERE rel.messaging_message_id = m.id AND m.direction <> 'inbound'
               AND m.data->'sent_outside' IS NULL
            """
        )

    # ------------------------------------------------------------------
    # states
    # ------------------------------------------------------------------

    @api.model
    def _state_rank(self, state):
        """Return SQL for how far a state is on its way; ``state`` a value or SQL."""
        return SQL("array_position(%s::varchar[], %s)", OUTBOUND_STATES, state)

    def action_retry(self):
        """Send once more what failed, or what may not have been sent."""
        for message in self:
            message.conversation_id.check_access("write")
            if message.direction != "outbound" or message.state not in (
                "failed",
                "unknown",
            ):
                raise UserError(
                    self.env._("Only a message that failed can be retried.")
                )
            message.conversation_id._check_may_send(message.author_id)
        # Reports of the former try still come in: they must not settle this one.
        self.env["messaging.tombstone"]._bury(self.sudo())
        # sudo: messaging.message - states change by our own code alone, checked above
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
        self.env["messaging.bus"]._changed(self.conversation_id.ids, self.ids)
        self._send_after_commit()
        return True

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise AccessError(self.env._("Messages can't be copied."))

"""Values of conversations and messages for the client and the bus.

A conversation is a row of the list, a message an entry of the thread: plain JSON
values, with times as strings in UTC. The webhook and the bus build them from the data
at hand; other callers read them.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ..conversation.conversation import EXTRAS, PREVIEW_LENGTH
from ..conversation.reply_window import WINDOW_START
from ..conversation.start import IS_BLANK

PICTURE_URL = "/web/image/messaging.conversation/%s/picture?unique=%s"
# Defaults for a message's absent values.
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
    # Ours, until the provider has it.
    "reaction": False,
}
# A conversation's values that are False if there is none.
MAY_BE_EMPTY = ["user_id", "partner_id", "lead_id", "opt_out"]
MAY_BE_EMPTY += ["contact_phone", "contact_username", "waiting_since"]
MAY_BE_EMPTY += ["is_snoozed", "snoozed_until"]
# Who, when and with which message a customer opted out.
OPT_OUT = SQL("""
    CASE WHEN c.opted_out THEN json_build_object(
        'source', coalesce(c.opt_out_source, 'customer'),
        'at', to_char(c.opted_out_at, 'YYYY-MM-DD HH24:MI:SS'),
        'user_id', c.opted_out_by_id,
        'message_id', c.opt_out_message_id
    ) END""")


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    def _inbox_values(self, ids):
        """Return the values of conversations for the client and the bus.

        Callers must check access: this bypasses record rules.
        """
        if not ids:
            return []
        self.env.flush_all()
        # Only its starters may see a blank one.
        these = SQL(
            "(SELECT * FROM messaging_conversation c WHERE id = ANY(%s) AND NOT %s)",
            list(ids),
            IS_BLANK,
        )
        query = self._inbox_query(these, SQL("messaging_message"))
        return [self._inbox_value(row) for row in self.env.execute_query_dict(query)]

    @api.model
    def _inbox_query(self, conversations, messages):
        """Return SQL for the values of conversations, each with its last message.

        Both arguments are relations with the columns of their model's table: the table
        itself, a subquery, or the rows that a statement has just written.
        """
        return SQL(
            """
            SELECT c.id, c.channel_id, channel.access_epoch, c.contact_name,
                   c.contact_phone, c.contact_username, c.user_id, c.state, c.opted_out,
                   %(opt_out)s AS opt_out,
                   ARRAY(SELECT tag_id FROM messaging_conversation_tag_rel
                          WHERE conversation_id = c.id ORDER BY tag_id) AS tag_ids,
                   c.partner_id, c.lead_id, c.last_message_at, c.waiting_since,
                   c.is_snoozed, c.snoozed_until,
                   coalesce(c.waiting_message_id, 0) AS waiting_seq,
                   coalesce(c.last_message_id, 0) AS seq, c.picture_key,
                   %(window_start)s AS window_start, %(unreachable)s AS unreachable,
                   json_build_object(
                       'direction', coalesce(m.direction, 'event'),
                       'kind', coalesce(m.kind, 'text'),
                       'body', left(coalesce(m.body, ''), %(length)s),
                       'state', coalesce(to_json(m.state), 'false'::json),
                       'author_id', coalesce(to_json(m.author_id), 'false'::json),
                       'unsent', coalesce(m.data ? 'unsent', FALSE),
                       'has_extras', coalesce(m.data ?| %(extras)s, FALSE),
                       'author_name', m.data->'former'->>'author',
                       'contacts', %(contacts)s
                   ) AS preview
              FROM %(conversations)s AS c
              JOIN messaging_channel channel ON channel.id = c.channel_id
              LEFT JOIN %(messages)s AS m ON m.id = c.last_message_id
            """,
            conversations=conversations,
            messages=messages,
            opt_out=OPT_OUT,
            length=PREVIEW_LENGTH,
            extras=EXTRAS,
            window_start=WINDOW_START,
            unreachable=self._is_unreachable_sql(),
            contacts=self.env["messaging.message"]._inbox_contacts("m"),
        )

    @api.model
    def _inbox_value(self, row):
        """Convert a row of the query to the client's values."""
        Channel = self.env["messaging.channel"]
        window, start = Channel._reply_window(row["channel_id"]), row["window_start"]
        row["reply_until"] = fields.Datetime.to_string(window.until(start))
        row["human_agent_from"] = fields.Datetime.to_string(window.late_from(start))
        del row["window_start"]
        phone = row["contact_phone"]
        row["can_answer"] = Channel._can_answer(row["channel_id"], phone)
        key = row.pop("picture_key")
        row["avatar_url"] = bool(key) and PICTURE_URL % (row["id"], key)
        for name in ("last_message_at", "waiting_since", "snoozed_until"):
            row[name] = fields.Datetime.to_string(row[name])
        for name in MAY_BE_EMPTY:
            row[name] = row[name] or False
        return row


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    @api.model
    def _inbox_values(self, ids):
        """Return the values of messages for the client and the bus, ordered by id.

        Callers must check access: this bypasses record rules.
        """
        if not ids:
            return []
        rows = self.env.execute_query_dict(self._inbox_query(list(ids)))
        return [self._inbox_value(row) for row in rows]

    @api.model
    def _inbox_value(self, values):
        """Return a message's values for the client, with absent ones filled in."""
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
                   (SELECT json_build_object(
                       'emoji', coalesce(w.emoji, ''), 'failed', w.state = 'failed',
                       'author_id', coalesce(to_json(w.author_id), 'false'::json))
                      FROM messaging_reaction w WHERE w.message_id = m.id) AS reaction,
                   (SELECT json_agg(f.file ORDER BY f.position, f.file_id)
                      FROM (%(files)s) AS f) AS files
              FROM messaging_message m
              JOIN messaging_channel channel ON channel.id = m.channel_id
             WHERE m.id = ANY(%(ids)s) AND NOT EXISTS (
                   SELECT FROM messaging_conversation c
                    WHERE c.id = m.conversation_id AND %(is_blank)s)
             ORDER BY m.id
            """,
            ids=ids,
            is_blank=IS_BLANK,
            length=PREVIEW_LENGTH,
            contacts=self._inbox_contacts("r"),
            files=self._inbox_files_query(),
        )

    def _inbox_files_query(self):
        """Return SQL for the files of message ``m``: media, then our files."""
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

    @api.model
    def _inbox_contacts(self, alias):
        """Return SQL for a message's cards: ``{name, count, is_text}``, or NULL."""
        data = SQL.identifier(alias, "data")
        return SQL(
            """
            CASE WHEN %(data)s ? 'contacts' THEN jsonb_build_object(
                'name', %(data)s->'contacts'->0->'name',
                'count', %(data)s->'contact_count',
                'is_text', %(data)s ? 'contact_text') END
            """,
            data=data,
        )

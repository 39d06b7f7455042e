"""Pushes to browsers with no open tab, through Odoo's queue.

They are queued for all users with desktop notifications: the service worker knows which
messages an open tab has already shown, and shows none twice.
"""

import json

from odoo import api, fields, models
from odoo.tools import SQL

COUNTED = 100
# Odoo shortens only the body, and a push that is too big is never delivered.
LONGEST_TITLE = 100
ICON = "/messaging_inbox/static/description/icon.png"


class MessagingNotification(models.Model):
    _inherit = "messaging.notification"

    @api.model
    def _push(self, pending):
        """Queue a push for each device of the users to notify."""
        pushes = self._pushes(pending)
        if not pushes:
            return
        messages = self._latest_messages(pushes)
        self._queue_pushes(
            {p["device_id"] for p in pushes},
            [(p["device_id"], json.dumps(self._payload(p, messages))) for p in pushes],
        )
        self.env.ref("mail.ir_cron_web_push_notification")._trigger()

    def _queue_pushes(self, device_ids, payloads):
        """Insert all pushes, given as (device id, payload), in one statement."""
        ids, texts = zip(*payloads, strict=True)
        self.env.cr.execute(
            SQL(
                """
                WITH pushed AS (
                    UPDATE mail_push_device SET messaging_pushed_at = %(now)s
                     WHERE id = ANY(%(devices)s))
                INSERT INTO mail_push (mail_push_device_id, payload, create_date,
                                       write_date, create_uid, write_uid)
                SELECT p.*, %(now)s, %(now)s, %(user)s, %(user)s
                  FROM unnest(%(ids)s, %(texts)s) AS p
                """,
                now=fields.Datetime.now(),
                devices=list(device_ids),
                user=self.env.uid,
                ids=list(ids),
                texts=list(texts),
            )
        )

    @api.model
    def _pushes(self, pending):
        """Return a dict per device and conversation; lock devices against deletion."""
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT d.id AS device_id, a.conversation_id, partner.lang,
                       a.last_inbound_id, unread.number,
                       CASE WHEN %(is_assigned)s THEN assigned.author_id END
                       AS assigned_by_id,
                       assigned.event_type = 'snooze_over' AS is_snooze_over,
                       coalesce(%(is_assigned)s AND a.assigned_desktop, FALSE)
                       AS is_assigned,
                       greatest(a.last_inbound_id,
                                CASE WHEN %(is_assigned)s THEN assigned.id END)
                       AS newest_id
                  FROM (%(audience)s) AS a
                  JOIN (%(pending)s) AS n ON n.conversation_id = a.conversation_id
                  JOIN mail_push_device d ON d.partner_id = a.partner_id
                  JOIN res_partner partner ON partner.id = a.partner_id
                  LEFT JOIN LATERAL (%(assignment)s) AS assigned ON TRUE
                 CROSS JOIN LATERAL (
                       SELECT count(*) AS number FROM (
                              SELECT FROM messaging_message m
                               WHERE m.conversation_id = a.conversation_id
                                 AND m.direction = 'inbound' AND m.id > a.read_marker
                               LIMIT %(counted)s) AS counted) AS unread
                 WHERE (a.desktop AND a.state = 'open' AND a.last_inbound_id > n.since
                        AND a.last_inbound_id > a.read_marker)
                    OR (a.assigned_desktop AND %(is_assigned)s)
                 ORDER BY a.conversation_id, d.id FOR KEY SHARE OF d
                """,
                audience=self._audience(pending),
                pending=self._pending(pending),
                assignment=self._assignment(),
                is_assigned=self._is_assigned("assigned"),
                counted=COUNTED,
            )
        )

    @api.model
    def _latest_messages(self, pushes):
        """Return {conversation id: the customer's latest message}."""
        ids = {push["last_inbound_id"] for push in pushes} - {0}
        messages = self.env["messaging.message"].browse(ids)
        return {message.conversation_id.id: message for message in messages}

    def _payload(self, push, messages):
        translated = self.with_context(lang=push["lang"])
        conversation = translated.env["messaging.conversation"].browse(
            push["conversation_id"]
        )
        message = messages.get(conversation.id)
        lines = translated._push_lines(
            push, message and message.with_env(translated.env)
        )
        title = f"{conversation.display_name} · {conversation.channel_id.name}"
        payload = {
            "title": title[:LONGEST_TITLE],
            "options": {
                "body": "\n".join(lines),
                "icon": ICON,
                "tag": f"messaging_inbox.{conversation.id}",
                "renotify": True,
                "data": {
                    "model": conversation._name,
                    "res_id": conversation.id,
                    "message_id": push["newest_id"],
                },
            },
        }
        return self.env["mail.thread"]._web_push_truncate_payload(payload)

    def _push_lines(self, push, message):
        """Return the lines of the body: what happened, then the latest message."""
        lines = []
        if push["is_assigned"]:
            lines.append(self._assignment_line(push))
        elif push["number"] > 1:
            number = "99+" if push["number"] >= COUNTED else push["number"]
            lines.append(self.env._("%s new messages", number))
        if message:
            lines.append(message._plain_text() or f"[{message._kind_word()}]")
        return lines

    def _assignment_line(self, push):
        if push["is_snooze_over"]:
            return self.env._("The snooze of this conversation is over.")
        assigned_by = self.env["res.users"].browse(push["assigned_by_id"] or ()).name
        if not assigned_by:
            return self.env._("This conversation was assigned to you.")
        return self.env._("%s assigned this conversation to you.", assigned_by)

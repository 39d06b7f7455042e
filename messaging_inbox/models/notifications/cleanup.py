"""What ends a notification: who has seen it, may not see it, or it is gone."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEPT_DAYS = 90
QUEUED = ("mail_id.state", "in", ("outgoing", "exception"))


class MessagingNotification(models.Model):
    _inherit = "messaging.notification"

    @api.model
    def _seen_by_me(self, conversation):
        """Opening a conversation is to know that one has it."""
        if conversation.user_id != self.env.user:
            return
        self.env.execute_query(
            SQL(
                "UPDATE messaging_notification SET seen = TRUE WHERE NOT seen"
                " AND conversation_id = %s AND user_id = %s AND kind = 'assigned'"
                " RETURNING id",
                conversation.id,
                self.env.uid,
            )
        )

    @api.model
    def _read_by_me(self, conversations):
        """Who marks it unread has been there: the next message may be mailed."""
        self.env.execute_query(
            SQL(
                "UPDATE messaging_notification SET seen = TRUE WHERE NOT seen"
                " AND conversation_id = ANY(%s) AND user_id = %s AND kind = 'message'"
                " AND state <> 'waiting' RETURNING id",
                list(conversations.ids),
                self.env.uid,
            )
        )

    @api.model
    def _drop_forbidden(self):
        """Take back what waits for users who may not see it any more."""
        self.env.flush_all()
        waiting = self.search(["|", ("state", "=", "waiting"), QUEUED])
        allowed = self._allowed(waiting.conversation_id.ids)
        forbidden = waiting.filtered(
            lambda n: (n.conversation_id.id, n.user_id.id) not in allowed
        )
        forbidden.mail_id.unlink()
        forbidden.unlink()
        self._drop_forbidden_pushes()

    @api.model
    def _drop_those_of(self, users):
        """Take back what is queued for users who are deleted: their rows go anyway."""
        self.search([("user_id", "in", users.ids), QUEUED]).mail_id.unlink()
        self.env.execute_query(
            SQL(
                "DELETE FROM mail_push p USING mail_push_device d"
                " WHERE d.id = p.mail_push_device_id AND d.partner_id = ANY(%s)"
                " AND %s IS NOT NULL RETURNING p.id",
                list(users.partner_id.ids),
                self._pushed_conversation(),
            )
        )

    def _allowed(self, conversation_ids):
        audience = self._audience(conversation_ids)
        query = SQL("SELECT conversation_id, user_id FROM (%s) AS a", audience)
        return set(self.env.execute_query(query))

    def _drop_forbidden_pushes(self):
        conversation = self._pushed_conversation()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, %s, u.id
                  FROM mail_push p
                  JOIN mail_push_device d ON d.id = p.mail_push_device_id
                  JOIN res_users u ON u.partner_id = d.partner_id
                 WHERE %s IS NOT NULL
                """,
                conversation,
                conversation,
            )
        )
        allowed = self._allowed(
            {conversation_id for _id, conversation_id, _user in rows}
        )
        forbidden = {id_ for id_, *pair in rows if tuple(pair) not in allowed}
        # sudo: mail.push - our own
        self.env["mail.push"].sudo().browse(forbidden).unlink()

    @api.model
    def _drop_pushes(self, conversation_ids):
        """Take back what waits to be pushed of conversations."""
        self.env.execute_query(
            SQL(
                "DELETE FROM mail_push p WHERE %s = ANY(%s) RETURNING id",
                self._pushed_conversation(),
                list(conversation_ids),
            )
        )

    @api.model
    def _pushed_conversation(self):
        """SQL: which conversation a payload of mail_push ``p`` tells of."""
        tag = r'"tag": "messaging_inbox\.(\d+)"'
        return SQL("substring(p.payload FROM %s)::int", tag)

    @api.model
    def _write_again(self, conversations):
        """Let what waits be written anew, without what a customer took back."""
        self._drop_pushes(conversations.ids)
        queued = self.search([("conversation_id", "in", conversations.ids), QUEUED])
        queued.mail_id.unlink()
        queued.write({"state": "waiting"})

    @api.autovacuum
    def _gc_sent(self):
        """Forget what is long gone."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("sent_at", "<", limit)]).unlink()


class MessagingAvailability(models.Model):
    _inherit = "messaging.availability"

    @api.model
    def _after_access_change(self):
        super()._after_access_change()
        # sudo: messaging.notification - whoever changed the access
        self.env["messaging.notification"].sudo()._drop_forbidden()


class ResUsers(models.Model):
    _inherit = "res.users"

    def unlink(self):
        # sudo: messaging.notification - whoever deletes users
        self.env["messaging.notification"].sudo()._drop_those_of(self)
        return super().unlink()


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    def _after_unsend(self):
        super()._after_unsend()
        # sudo: messaging.notification - emails of ours that quote it
        self.env["messaging.notification"].sudo()._write_again(self.conversation_id)

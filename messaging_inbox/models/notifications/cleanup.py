"""Ends notifications: seen, no longer allowed, or deleted with their conversation."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEPT_DAYS = 90
QUEUED = ("mail_id.state", "in", ("outgoing", "exception"))


class MessagingNotification(models.Model):
    _inherit = "messaging.notification"

    @api.model
    def _mark_assignment_seen(self, conversation):
        """End the current user's notification of an assignment: they opened it."""
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
    def _mark_emails_seen(self, conversations):
        """End the current user's emails, so that the next message may cause one.

        For users who mark a conversation unread: they have seen it.
        """
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
        """Delete queued notifications of users who lost access."""
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
    def _drop_queued_for(self, users):
        """Delete emails and pushes queued for users who are being deleted.

        Their own rows are deleted by cascade.
        """
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
        # sudo: mail.push - only the inbox's own pushes
        self.env["mail.push"].sudo().browse(forbidden).unlink()

    @api.model
    def _drop_pushes(self, conversation_ids):
        """Delete the queued pushes of conversations."""
        self.env.execute_query(
            SQL(
                "DELETE FROM mail_push p WHERE %s = ANY(%s) RETURNING id",
                self._pushed_conversation(),
                list(conversation_ids),
            )
        )

    @api.model
    def _pushed_conversation(self):
        """Return SQL for the conversation id in the payload of mail_push ``p``."""
        tag = r'"tag": "messaging_inbox\.(\d+)"'
        return SQL("substring(p.payload FROM %s)::int", tag)

    @api.model
    def _requeue(self, conversations):
        """Have queued emails written again, without messages that were unsent.

        Queued pushes are deleted.
        """
        self._drop_pushes(conversations.ids)
        queued = self.search([("conversation_id", "in", conversations.ids), QUEUED])
        queued.mail_id.unlink()
        queued.write({"state": "waiting"})

    @api.autovacuum
    def _gc_sent(self):
        """Delete notifications sent more than ``KEPT_DAYS`` ago."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("sent_at", "<", limit)]).unlink()


class MessagingAvailability(models.Model):
    _inherit = "messaging.availability"

    @api.model
    def _after_access_change(self):
        super()._after_access_change()
        # sudo: messaging.notification - all users', not only the current user's
        self.env["messaging.notification"].sudo()._drop_forbidden()


class ResUsers(models.Model):
    _inherit = "res.users"

    def unlink(self):
        # sudo: messaging.notification - no access is needed to delete a user's own
        self.env["messaging.notification"].sudo()._drop_queued_for(self)
        return super().unlink()


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    def _after_erase(self):
        super()._after_erase()
        # sudo: messaging.notification - all users' emails that quote the messages
        self.env["messaging.notification"].sudo()._requeue(self.conversation_id)

    def _after_unsend(self):
        super()._after_unsend()
        # sudo: messaging.notification - all users' emails that quote the message
        self.env["messaging.notification"].sudo()._requeue(self.conversation_id)

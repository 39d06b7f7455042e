"""Due emails: checked once more, rendered, and put in Odoo's queue."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import work_queue
from ...tools.transactions import commit, read_committed

BATCH = 100
LAST_MESSAGES = 5


class MessagingNotification(models.Model):
    _inherit = "messaging.notification"

    @api.model
    def _send_next(self):
        """Send the next due emails; return how many notifications were processed.

        The email and the state "sent" are written in one transaction, so a crash
        never sends the same email twice.
        """
        read_committed(self.env.cr)
        due = self._lock_due()
        if due:
            due._send_or_drop()
        commit(self.env)
        return len(due)

    def _lock_due(self):
        """Lock due notifications, and others for the same user and conversation."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT n.id FROM messaging_notification n
                  JOIN (SELECT DISTINCT d.conversation_id, d.user_id
                          FROM (SELECT conversation_id, user_id
                                  FROM messaging_notification
                                 WHERE state = 'waiting' AND due_at <= %s
                                 ORDER BY due_at LIMIT %s) AS d) AS due
                    ON due.conversation_id = n.conversation_id
                   AND due.user_id = n.user_id
                 WHERE n.state = 'waiting'
                 ORDER BY n.id FOR NO KEY UPDATE OF n SKIP LOCKED
                """,
                fields.Datetime.now(),
                BATCH,
            )
        )
        self.env.invalidate_all()
        return self.browse([row[0] for row in rows])

    def _send_or_drop(self):
        self._mark_seen(self.conversation_id.ids)
        wanted = self._still_wanted()
        (self - wanted).unlink()
        if wanted:
            wanted._queue()

    def _still_wanted(self):
        """Return those whose user still has access, wants it and hasn't seen it."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT n.id
                  FROM messaging_notification n
                  JOIN (%(audience)s) AS a ON a.conversation_id = n.conversation_id
                   AND a.user_id = n.user_id
                 WHERE n.id = ANY(%(ids)s) AND NOT n.seen
                   AND CASE n.kind WHEN 'message'
                       THEN a.email AND a.state = 'open'
                            AND a.last_inbound_id > a.read_marker
                       ELSE a.assigned_email AND a.assignee_id = a.user_id END
                """,
                audience=self._audience(self.conversation_id.ids),
                ids=list(self.ids),
            )
        )
        wanted = self.browse([row[0] for row in rows])
        return wanted.filtered(lambda n: n.user_id.email_normalized)

    # ------------------------------------------------------------------
    # content
    # ------------------------------------------------------------------

    def _queue(self):
        """Queue one email per user and conversation, for messages and assignments."""
        emails = self._emails()
        failed = self - self.browse().union(*emails)
        failed.write({"state": "failed", "sent_at": fields.Datetime.now()})
        # sudo: mail.mail - to users who asked for it, checked by _still_wanted()
        mails = self.env["mail.mail"].sudo().create(list(emails.values()))
        for rows, mail in zip(emails, mails, strict=True):
            rows.write({"state": "sent", "sent_at": mail.create_date, "mail_id": mail})
        self.env.flush_all()
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _last_messages(self):
        """Return {conversation id: its last messages, oldest first}."""
        ids = self.conversation_id.ids
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id FROM unnest(%s) AS c (id)
                 CROSS JOIN LATERAL (
                       SELECT id FROM messaging_message
                        WHERE conversation_id = c.id
                          AND direction IN ('inbound', 'outbound')
                        ORDER BY id DESC LIMIT %s) AS m
                 ORDER BY m.id
                """,
                ids,
                LAST_MESSAGES,
            )
        )
        messages = self.env["messaging.message"].browse([row[0] for row in rows])
        found = messages.grouped(lambda message: message.conversation_id.id)
        return {id_: found.get(id_, messages.browse()) for id_ in ids}

    def _emails(self):
        """Return {notifications: values of their email}; skip those that fail."""
        messages, emails = self._last_messages(), {}

        def write(groups):
            emails.update(
                {
                    rows: rows._in_user_language()._email_values(
                        messages[rows.conversation_id.id]
                    )
                    for rows in groups
                }
            )

        groups = list(self.grouped(lambda n: (n.user_id, n.conversation_id)).values())
        work_queue.together_or_one_by_one(self.env, write, groups, "Writing emails")
        return emails

    def _in_user_language(self):
        """Return these notifications in the language and time zone of their user."""
        user = self.user_id
        return self.with_context(lang=user.lang, tz=user.tz or "UTC")

    def _email_values(self, messages):
        conversation, user = self.conversation_id, self.user_id
        company = conversation.company_id
        sender = company._messaging_sender()
        return {
            "subject": self._subject(),
            "body_html": self._email_body(messages),
            "email_from": sender,
            "email_to": user.email_formatted,
            "reply_to": sender,
            "headers": "{'Auto-Submitted': 'auto-generated'}",
            "model": conversation._name,
            "res_id": conversation.id,
            "auto_delete": True,
        }

    def _subject(self):
        # Odoo refuses to send a subject with line breaks.
        customer = " ".join(self.conversation_id.display_name.split())
        if "assigned" in self.mapped("kind"):
            return (
                self.env._("The snooze of %s is over", customer)
                if self._is_snooze_over()
                else self.env._("%s was assigned to you", customer)
            )
        return self.env._("New message from %s", customer)

    def _is_snooze_over(self):
        """Return whether the assignment in question is the end of a snooze."""
        ids = self.filtered(lambda n: n.kind == "assigned").mapped("message_id")
        events = self.env["messaging.message"].browse(ids).exists()
        return "snooze_over" in events.mapped("event_type")

    def _email_body(self, messages):
        conversation = self.conversation_id
        base_url = conversation.get_base_url()
        body = self.env["ir.qweb"]._render(
            "messaging_inbox.notification_email",
            {
                "conversation": conversation,
                "channel": conversation.channel_id.name,
                "is_assigned": "assigned" in self.mapped("kind"),
                "is_snooze_over": self._is_snooze_over(),
                "lines": messages.with_env(self.env)._lines(),
                "time_zone": self.env.context["tz"],
                "url": f"{base_url}/odoo/messaging/{conversation.id}",
            },
            minimal_qcontext=True,
        )
        return self.env["mail.render.mixin"]._render_encapsulate(
            "mail.mail_notification_light",
            body,
            add_context={
                "company": conversation.company_id,
                "model_description": self.env._("conversation"),
            },
            context_record=conversation,
        )

    def _result(self):
        """Return ``{"at", "state", "error"}`` of the email.

        Odoo deletes emails once sent, so one that is gone counts as sent.
        """
        self.ensure_one()
        mail = self.mail_id
        state = "failed" if self.state == "failed" else "sent"
        if mail:
            state = {"outgoing": "waiting", "sent": "sent"}.get(mail.state, "failed")
        return {
            "at": fields.Datetime.to_string(self.sent_at),
            "state": state,
            "error": (state == "failed" and mail.failure_reason) or False,
        }

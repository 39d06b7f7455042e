"""Decides in SQL, for all users at once, who is notified of what.

A message is of one kind for each user, which depends on the *current* assignee: both
when it is first processed and again when the email is due.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

DELAY_PARAMETER = "messaging_inbox.email_delay"
DELAY_MINUTES = 5


class MessagingNotification(models.Model):
    """An email about a conversation to a user: waiting, or put in Odoo's queue.

    There is one row for messages and one for assignments. Until its user has seen the
    conversation, it prevents another email.
    """

    _name = "messaging.notification"
    _description = "Messaging notification"
    _log_access = False

    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade"
    )
    conversation_id = fields.Many2one(
        "messaging.conversation", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("message", "New message"), ("assigned", "Assigned")], required=True
    )
    message_id = fields.Integer(
        help="The first unread message, or the assignment, that caused it."
    )
    state = fields.Selection(
        [("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Failed")], required=True
    )
    due_at = fields.Datetime()
    seen = fields.Boolean(help="The user has opened the conversation since.")
    sent_at = fields.Datetime()
    mail_id = fields.Many2one("mail.mail", index="btree_not_null", ondelete="set null")

    _conversation_user_kind_unique = models.UniqueIndex(
        "(conversation_id, user_id, kind)"
    )
    _due_idx = models.Index("(due_at) WHERE state = 'waiting'")

    # ------------------------------------------------------------------
    # recipients
    # ------------------------------------------------------------------

    @api.model
    def _audience(self, conversation_ids):
        """Return SQL for the users who may see each conversation, and their switches.

        ``desktop`` and ``email`` are the switches for the kind that a message currently
        is for the user.
        """
        return SQL(
            """
            SELECT c.id AS conversation_id, u.id AS user_id, u.partner_id,
                   c.user_id AS assignee_id, c.state,
                   coalesce(c.last_inbound_message_id, 0) AS last_inbound_id,
                   coalesce(p.last_read_message_id, a.first_message_id, 0)
                   AS read_marker,
                   %(desktop)s AS desktop, %(email)s AS email,
                   %(assigned_desktop)s AS assigned_desktop,
                   %(assigned_email)s AS assigned_email
              FROM messaging_conversation c
              JOIN messaging_channel channel
                ON channel.id = c.channel_id AND channel.active
              JOIN messaging_account account
                ON account.id = channel.account_id AND account.active
              JOIN res_company_users_rel company ON company.cid = channel.company_id
              JOIN res_users u ON u.id = company.user_id AND u.active
              LEFT JOIN res_users_settings s ON s.user_id = u.id
              LEFT JOIN messaging_availability a ON a.user_id = u.id
              LEFT JOIN messaging_participation p
                ON p.conversation_id = c.id AND p.user_id = u.id
             WHERE c.id = ANY(%(ids)s) AND u.id = ANY(%(agents)s)
               AND (channel.visibility = 'shared' OR account.installer_id = u.id)
            """,
            ids=list(conversation_ids),
            agents=self.env["res.users"]._messaging_agents().ids,
            desktop=self._switch_of_kind("desktop"),
            email=self._switch_of_kind("email"),
            assigned_desktop=self._switch("assigned", "desktop"),
            assigned_email=self._switch("assigned", "email"),
        )

    def _switch_of_kind(self, method):
        return SQL(
            "CASE WHEN c.user_id IS NULL THEN %s WHEN c.user_id = u.id THEN %s"
            " ELSE %s END",
            *[self._switch(kind, method) for kind in ("unassigned", "mine", "others")],
        )

    def _switch(self, kind, method):
        """Return SQL for a switch of settings ``s``: its default if there is no row."""
        name = f"messaging_notify_{kind}_{method}"
        settings = self.env["res.users.settings"]
        default = settings._fields[name].default
        default = bool(default and default(settings))
        return SQL("coalesce(s.%s, %s)", SQL.identifier(name), default)

    # ------------------------------------------------------------------
    # events
    # ------------------------------------------------------------------

    @api.model
    def _assignment(self):
        """Return SQL for the latest assignment in ``a``'s conversation since ``n``.

        The end of a snooze counts as one: the assignee has it again.
        """
        return SQL(
            """
            SELECT m.id, m.event_type, m.event_to, m.author_id, m.create_date
              FROM messaging_message m
             WHERE m.conversation_id = a.conversation_id AND m.id > n.since
               AND m.event_type IN ('assigned', 'snooze_over')
               AND m.create_date > %s
             ORDER BY m.id DESC LIMIT 1
            """,
            self._oldest_pending(),
        )

    def _oldest_pending(self):
        """Return the time before which assignments are ignored, after an outage."""
        return fields.Datetime.now() - timedelta(days=1)

    @api.model
    def _pending(self, pending):
        """Return SQL for rows (conversation_id, since) of ``pending``."""
        ids, since = zip(*pending.items(), strict=True)
        return SQL(
            "SELECT * FROM unnest(%s, %s) AS n (conversation_id, since)",
            list(ids),
            list(since),
        )

    @api.model
    def _notify(self, pending):
        """Notify of what is new in ``{conversation id: last message notified of}``."""
        self._mark_seen(list(pending))
        self._schedule_message_emails(pending)
        self._schedule_assignment_emails(pending)
        self._push(pending)

    @api.model
    def _mark_seen(self, conversation_ids):
        """Mark rows seen whose user read the message, or acted there since."""
        self.env.execute_query(
            SQL(
                """
                UPDATE messaging_notification n SET seen = TRUE
                 WHERE n.conversation_id = ANY(%s) AND n.seen IS NOT TRUE
                   AND (n.kind = 'message' AND EXISTS (
                            SELECT FROM messaging_participation p
                             WHERE p.conversation_id = n.conversation_id
                               AND p.user_id = n.user_id
                               AND p.last_read_message_id >= n.message_id)
                        OR EXISTS (
                            SELECT FROM messaging_message m
                             WHERE m.conversation_id = n.conversation_id
                               AND m.author_id = n.user_id AND m.id > n.message_id))
                RETURNING n.id
                """,
                list(conversation_ids),
            )
        )

    # ------------------------------------------------------------------
    # scheduled emails
    # ------------------------------------------------------------------

    @api.model
    def _schedule_message_emails(self, pending):
        """Schedule an email to each user with unread messages who asked for it."""
        self._schedule_emails(
            pending,
            SQL("'message'"),
            SQL(
                """
                SELECT m.id, m.create_date FROM messaging_message m
                 WHERE m.conversation_id = a.conversation_id
                   AND m.direction = 'inbound' AND m.id > a.read_marker
                   AND NOT coalesce(m.data ? 'replayed', FALSE)
                 ORDER BY m.id LIMIT 1
                """
            ),
            SQL(
                "a.email AND a.state = 'open'"
                " AND (a.last_inbound_id > n.since OR first.create_date > %s)",
                fields.Datetime.now() - self._delay(),
            ),
        )

    @api.model
    def _schedule_assignment_emails(self, pending):
        """Schedule an email to each user whom someone else assigned a conversation."""
        self._schedule_emails(
            pending,
            SQL("'assigned'"),
            self._assignment(),
            SQL("a.assigned_email AND %s", self._is_assigned("first")),
        )

    @api.model
    def _is_assigned(self, event):
        """Return SQL: another user made this assignment, and ``a`` is the assignee."""
        return SQL(
            "%(event)s.event_to = a.user_id AND a.assignee_id = a.user_id"
            " AND %(event)s.author_id IS DISTINCT FROM a.user_id",
            event=SQL.identifier(event),
        )

    def _schedule_emails(self, pending, kind, first, condition):
        """Insert rows; leave those unseen as they are, so that only one email is sent.

        ``kind``, ``first`` (its causing message) and ``condition`` are SQL.
        """
        self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_notification
                       (user_id, conversation_id, kind, message_id, state, due_at, seen)
                SELECT a.user_id, a.conversation_id, %(kind)s, first.id, 'waiting',
                       first.create_date + %(delay)s, FALSE
                  FROM (%(audience)s) AS a
                  JOIN (%(pending)s) AS n ON n.conversation_id = a.conversation_id
                 CROSS JOIN LATERAL (%(first)s) AS first
                 WHERE %(condition)s
                ON CONFLICT (conversation_id, user_id, kind) DO UPDATE
                   SET message_id = EXCLUDED.message_id, state = EXCLUDED.state,
                       due_at = EXCLUDED.due_at, seen = FALSE, mail_id = NULL
                 WHERE messaging_notification.seen
                RETURNING id
                """,
                kind=kind,
                delay=self._delay(),
                audience=self._audience(pending),
                pending=self._pending(pending),
                first=first,
                condition=condition,
            )
        )

    @api.model
    def _delay(self):
        """Return how long after an unread message its email is due."""
        # sudo: ir.config_parameter - set by administrators
        value = self.env["ir.config_parameter"].sudo().get_param(DELAY_PARAMETER, "")
        minutes = int(value) if value.isdecimal() else DELAY_MINUTES
        return timedelta(minutes=min(minutes, 24 * 60))

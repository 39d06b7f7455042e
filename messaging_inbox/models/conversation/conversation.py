from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.client_values import are_values, check_value, expects, is_id
from ..search.folded_text import folded

PREVIEW_LENGTH = 200
# Data keys that a message without text may have instead; the client has the same list.
EXTRAS = ["appointment", "products", "referral", "reply_to_story", "shares"]
EXTRAS += ["story_mention"]
SECTIONS = [
    ("mine", "Assigned to me"),
    ("unassigned", "Unassigned"),
    ("others", "Assigned to others"),
    ("snoozed", "Snoozed"),
    ("closed", "Closed conversations"),
]
# Fields that users may write; write() applies the checks and events of the actions.
WRITABLE = ("user_id", "state", "partner_id", "lead_id")


def preview_text(text):
    """Return the beginning of a text on one line."""
    return " ".join((text or "")[: 2 * PREVIEW_LENGTH].split())[:PREVIEW_LENGTH]


class MessagingConversation(models.Model):
    """The conversation of one customer on one channel, a single row for ever."""

    _name = "messaging.conversation"
    _description = "Conversation"
    _order = "last_message_id desc, id desc"
    _rec_name = "contact_name"

    channel_id = fields.Many2one(
        "messaging.channel", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(related="channel_id.kind")
    company_id = fields.Many2one(related="channel_id.company_id")
    identity_ids = fields.One2many(
        "messaging.identity", "conversation_id", readonly=True
    )
    contact_name = fields.Char(readonly=True)
    contact_phone = fields.Char(readonly=True)
    contact_username = fields.Char(
        string="Username",
        readonly=True,
        help="Without the @. Customers can change it, so it isn't an identifier.",
    )
    user_id = fields.Many2one("res.users", string="Assigned to", ondelete="set null")
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], required=True, default="open"
    )
    section = fields.Selection(
        SECTIONS, compute="_compute_section", search="_search_section"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Contact", ondelete="set null", index="btree_not_null"
    )
    lead_id = fields.Many2one(
        "crm.lead", string="Lead or deal", ondelete="set null", index="btree_not_null"
    )
    message_ids = fields.One2many("messaging.message", "conversation_id", readonly=True)
    # An integer that grows with each message: the list's order and cursor.
    last_message_id = fields.Integer(readonly=True)
    last_inbound_message_id = fields.Integer(readonly=True)
    # Messages up to this one were fetched from the provider and count as read.
    history_message_id = fields.Integer(readonly=True)
    last_message_at = fields.Datetime(readonly=True)
    last_inbound_at = fields.Datetime(readonly=True)
    last_message_preview = fields.Char(readonly=True)
    unread_count = fields.Integer(compute="_compute_unread_count")

    # One for each section, in the order of its list; that of snoozed ones is in
    # snooze.py. The first is also for those of any assignee.
    _assignee_idx = models.Index(
        "(user_id, last_message_id DESC) WHERE state = 'open' AND user_id IS NOT NULL"
    )
    _others_idx = models.Index(
        "(last_message_id DESC) WHERE state = 'open' AND user_id IS NOT NULL"
    )
    _unassigned_idx = models.Index(
        "(last_message_id DESC) WHERE state = 'open' AND user_id IS NULL"
    )
    _closed_idx = models.Index("(last_message_id DESC) WHERE state = 'closed'")
    _channel_idx = models.Index("(channel_id, last_message_id DESC)")
    # One index instead of three: each message writes the row.
    _contact_idx = models.Index(
        f"USING gin ({folded('contact_name')} gin_trgm_ops,"
        " contact_phone gin_trgm_ops, contact_username gin_trgm_ops)"
    )

    # ------------------------------------------------------------------
    # computed
    # ------------------------------------------------------------------

    @api.depends("state", "user_id", "is_snoozed")
    @api.depends_context("uid")
    def _compute_section(self):
        for conversation in self:
            if conversation.state == "closed":
                conversation.section = "closed"
            elif conversation.is_snoozed:
                conversation.section = "snoozed"
            elif not conversation.user_id:
                conversation.section = "unassigned"
            elif conversation.user_id == self.env.user:
                conversation.section = "mine"
            else:
                conversation.section = "others"

    @api.model
    def _section_domain(self, section):
        is_open = Domain("state", "=", "open") & Domain("is_snoozed", "=", False)
        domains = {
            "mine": is_open & Domain("user_id", "=", self.env.uid),
            "unassigned": is_open & Domain("user_id", "=", False),
            "others": is_open
            & Domain("user_id", "!=", False)
            & Domain("user_id", "!=", self.env.uid),
            "snoozed": Domain("state", "=", "open") & Domain("is_snoozed", "=", True),
            "closed": Domain("state", "=", "closed"),
        }
        return domains.get(section, Domain.FALSE)

    def _search_section(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._section_domain(section) for section in value)

    @api.depends_context("uid")
    def _compute_unread_count(self):
        counts = self._unread_counts()
        for conversation in self:
            conversation.unread_count = counts.get(conversation.id, 0)

    # ------------------------------------------------------------------
    # writing and deleting
    # ------------------------------------------------------------------

    @expects(vals=are_values)
    def write(self, vals):
        """Route assignee, state and links through their checks for all callers.

        The actions use it, too, so that automation rules run.
        """
        # An import includes the row's own id in the values.
        vals = {name: value for name, value in vals.items() if name != "id"}
        if not self.env.su and vals.keys() - set(WRITABLE):
            raise AccessError(
                self.env._(
                    "Only the assignee, the state and the links of a conversation can"
                    " be changed."
                )
            )
        changes = {name: vals[name] for name in WRITABLE if name in vals}
        others = {name: value for name, value in vals.items() if name not in changes}
        result = super().write(others) if others else True
        if changes:
            self.check_access("write")
            self._apply_changes(changes)
        return result

    def _apply_changes(self, changes):
        # Events contain the previous value: wait for concurrent changes and reread.
        self._lock()
        self._check_not_blank()
        if "state" in changes:
            self._set_state(changes["state"])
        if "user_id" in changes:
            check_value(self.env, "user_id", changes["user_id"], is_id)
            self._set_assignee(self.env["res.users"].browse(changes["user_id"] or ()))
        if changes.keys() & {"partner_id", "lead_id"}:
            self._set_links(changes)

    def _lock(self, deleting=False):
        """Lock the rows, ordered by id, and reread them after concurrent changes."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "SELECT id FROM messaging_conversation WHERE id = ANY(%s)"
                " ORDER BY id %s",
                list(self.ids),
                SQL("FOR UPDATE" if deleting else "FOR NO KEY UPDATE"),
            )
        )
        self.invalidate_recordset()

    def _store(self, values):
        """Write columns directly and publish the change. Callers do the checks."""
        # sudo: messaging.conversation - only checked methods call this
        result = super(MessagingConversation, self.sudo()).write(values)
        self.env["messaging.bus"]._changed(self.ids)
        return result

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Conversations can't be copied."))

    def unlink(self):
        """Delete for good, with messages, files, drafts and read markers.

        Access rights and a global rule decide who may. Notes on records and everything
        at the provider remain; tombstones reject redeliveries.
        """
        self.check_access("unlink")
        # sudo: messaging.conversation - delete all contents, even those hidden
        conversations = self.sudo()
        # Before reading: messages that arrive meanwhile wait, or are deleted, too.
        conversations._lock(deleting=True)
        conversations._before_unlink()
        shown = conversations.filtered(lambda c: not c._is_blank())
        gone = [
            (channel.id, channel.access_epoch, conversation.id)
            for channel, of_channel in shown.grouped("channel_id").items()
            for conversation in of_channel
        ]
        self.env["messaging.tombstone"]._add_messages(conversations.message_ids)
        result = super(MessagingConversation, conversations).unlink()
        # Last, because all concurrent changes of its messages are on the bus by now.
        self.env["messaging.bus"]._forget(conversations.ids)
        self.env["messaging.bus"]._changed(deleted=gone)
        return result

    # ------------------------------------------------------------------
    # events
    # ------------------------------------------------------------------

    def _log_event(
        self, event_type, event_from=None, event_to=None, data=None, automatic=False
    ):
        """Add an event row to each conversation's history; return the rows.

        The client has a sentence for each type (``event_text.js``). ``event_from`` and
        ``event_to`` are users; ``data`` holds the sentence's other values. An
        ``automatic`` event has no author: the customer caused it.
        """
        if automatic:
            data = {**(data or {}), "automatic": True}
        # sudo: messaging.message - users can't create messages directly
        messages = (
            self.env["messaging.message"]
            .sudo()
            .create(
                [
                    {
                        "conversation_id": conversation.id,
                        "channel_id": conversation.channel_id.id,
                        "direction": "event",
                        "event_type": event_type,
                        "event_from": event_from and event_from.id,
                        "event_to": event_to and event_to.id,
                        "author_id": not automatic and self.env.uid,
                        "data": data,
                    }
                    for conversation in self.sudo()
                ]
            )
        )
        self.env["messaging.bus"]._changed([], messages.ids)
        return messages

    def _recipient(self):
        """Return the identity to send to, preferably a phone number."""
        self.ensure_one()
        # sudo: messaging.identity - needed to send; the caller checks access
        identities = self.sudo().identity_ids
        phones = identities.filtered(lambda i: i.external_id.startswith("+"))
        # The latest number is the one that the customer uses now (``_try_number``).
        phones = phones.sorted(lambda i: (i._is_unreachable(), -i.id))
        return (phones or identities)[:1]

    # ------------------------------------------------------------------
    # read markers
    # ------------------------------------------------------------------

    def _read_marker(self, alias="c"):
        """Return SQL for the user's last read message of a conversation."""
        return SQL(
            """
            greatest(%(history)s, coalesce(
                (SELECT p.last_read_message_id FROM messaging_participation p
                  WHERE p.conversation_id = %(id)s AND p.user_id = %(user)s),
                (SELECT a.first_message_id FROM messaging_availability a
                  WHERE a.user_id = %(user)s),
                0))
            """,
            id=SQL.identifier(alias, "id"),
            history=SQL.identifier(alias, "history_message_id"),
            user=self.env.uid,
        )

    def _unread_counts(self):
        """Return ``{id: number of unread messages up to 100}``, without zeros."""
        if not self.ids:
            return {}
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT c.id, count(m.id)
                      FROM messaging_conversation c
                     CROSS JOIN LATERAL (
                           SELECT id FROM messaging_message
                            WHERE conversation_id = c.id AND direction = 'inbound'
                              AND id > %(marker)s LIMIT 100) m
                     WHERE c.id = ANY(%(ids)s)
                       AND c.last_inbound_message_id > %(marker)s
                     GROUP BY c.id
                    """,
                    marker=self._read_marker(),
                    ids=list(self.ids),
                )
            )
        )

    def action_mark_read(self):
        """Mark all messages so far as read, for the current user."""
        for conversation in self:
            conversation.check_access("read")
            conversation._set_read_marker(conversation.last_message_id or 0)
        return True

    def action_mark_unread(self):
        """Mark the customer's last message as unread, for the current user."""
        for conversation in self:
            conversation.check_access("read")
            last = conversation.last_inbound_message_id or 1
            conversation._set_read_marker(last - 1)
        self._after_mark_unread()
        return True

    def _set_read_marker(self, message_id):
        self.ensure_one()
        self.env["messaging.participation"]._set(
            self, "last_read_message_id", message_id
        )
        self.invalidate_recordset(["unread_count"])
        self.env["bus.bus"]._sendone(
            self.env.user.partner_id,
            "messaging_inbox/read",
            {"conversation_id": self.id, "unread_count": self.unread_count},
        )

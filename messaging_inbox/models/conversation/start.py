"""Starting conversations: writing to a customer who has not written.

``action_start`` returns the customer's conversation, or a *blank* one, which has a
starter and no message. Blank conversations are in no list, and only the users who
started them can read them. The first message, ours or the customer's, makes one a
conversation like any other. What the start meant (links, reopening, assigning) waits in
the user's participation until that user's first message is queued.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.client_values import expects, is_id, is_text
from ...tools.phone_numbers import international, variants
from .links import LINKS

# Conversation ``c`` is blank.
IS_BLANK = SQL("(c.starter_id IS NOT NULL AND coalesce(c.last_message_id, 0) = 0)")
BLANK = Domain("starter_id", "!=", False) & Domain("last_message_id", "=", 0)
BLANK_KEPT = timedelta(days=1)


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    starter_id = fields.Many2one(
        "res.users",
        string="Started by",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The Agent who wrote first. Empty if the customer did.",
    )
    # A text, which the record rule compares at no cost: a subquery would make the
    # database expect, and prepare for, a far more expensive list.
    blank_for = fields.Char(
        readonly=True,
        help="The ids of the users who started it and see it while it is blank: ,1,2,",
    )

    @api.model
    @expects(channel_id=is_id, recipient=is_text, partner_id=is_id, lead_id=is_id)
    def action_start(self, channel_id, recipient, partner_id=None, lead_id=None):
        """Return the id of the conversation with a number, a blank one if it is new.

        The user's first message links it to the records, reopens it, and assigns it to
        the user if it is unassigned. Raise UserError if ``recipient``, a phone number
        in any spelling, can't be written to; AccessError for a channel or record that
        the user may not see.
        """
        channel = self._channel_to_start(channel_id)
        partner, lead = self._records_to_start(partner_id, lead_id)
        number = self._number_to_start(channel, recipient, lead or partner)
        customer = partner or lead.partner_id._filtered_access("read")
        name = customer.name or lead.contact_name
        conversation = self._find_or_insert(channel, number, name)
        conversation._show_blank_to_user()
        self.env["messaging.participation"]._set_start(conversation, partner, lead)
        return conversation.id

    def action_cancel_start(self):
        """Forget that the current user wanted to write; delete blank conversations."""
        participations = self.env["messaging.participation"]
        conversations = self.exists()
        conversations.check_access("write")
        conversations._lock(deleting=True)
        # sudo: messaging.conversation - users who gave up can't read a blank one
        for conversation in conversations.exists().sudo():
            if not conversation._is_blank():
                participations._end_start(conversation)
                continue
            participations._leave(conversation)
            others = conversation.blank_for.replace(f",{self.env.uid},", ",")
            if others == ",":
                conversation.unlink()
            else:
                conversation._store({"blank_for": others})
        return True

    # ------------------------------------------------------------------
    # rows
    # ------------------------------------------------------------------

    @api.model
    def _find_or_insert(self, channel, number, name):
        """Return the conversation with a number on a channel, a blank one if new.

        Two users who start at the same instant get the same one.
        """
        self.env["messaging.identity"]._lock_customers([(channel.id, number)])
        found = self._conversation_with(channel, number, lock=True)
        if found:
            found._try_number(number)
            return found
        name = name or international(number)
        id_ = self._insert(channel.id, name, number, self.env.uid)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_identity
                       (channel_id, conversation_id, external_id)
                VALUES (%s, %s, %s)
                ON CONFLICT (channel_id, external_id) DO UPDATE
                   SET conversation_id = messaging_identity.conversation_id
                RETURNING conversation_id
                """,
                channel.id,
                id_,
                number,
            )
        )
        if rows[0][0] != id_:
            # A webhook has just learned this number of a customer it knew.
            self.env.cr.execute(
                SQL("DELETE FROM messaging_conversation WHERE id = %s", id_)
            )
        return self.browse(rows[0][0])

    @api.model
    def _conversation_with(self, channel, number, lock=False):
        """Return the conversation of a phone on a channel, by any of its numbers.

        With ``lock``, it can't be deleted until the commit.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id FROM messaging_identity i
                  JOIN messaging_conversation c ON c.id = i.conversation_id
                 WHERE i.channel_id = %s AND i.external_id = ANY(%s)
                 ORDER BY i.external_id = %s DESC, c.id
                 LIMIT 1 %s
                """,
                channel.id,
                variants(number),
                number,
                SQL("FOR NO KEY UPDATE OF c" if lock else ""),
            )
        )
        return self.browse(rows[0] if rows else ())

    @api.model
    def _insert(self, channel_id, name, phone, starter_id=None):
        """Insert a conversation without messages and return its id.

        A number on the phone blacklist is opted out.
        """
        has_profiles = self.env["messaging.channel"]._has_profiles(channel_id)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_conversation (
                    channel_id, contact_name, contact_phone, starter_id, state,
                    opted_out, opt_out_source, opted_out_at, profile_due, create_date,
                    write_date, last_message_at)
                SELECT %(channel)s, %(name)s, %(phone)s, %(starter)s, 'open', listed,
                       CASE WHEN listed THEN 'blacklist' END,
                       CASE WHEN listed THEN %(now)s::timestamp END,
                       %(has_profiles)s, %(now)s, %(now)s, %(now)s
                  FROM (SELECT EXISTS (
                       SELECT FROM phone_blacklist
                        WHERE number = ANY(%(numbers)s) AND active)) AS b(listed)
                RETURNING id
                """,
                channel=channel_id,
                name=name,
                phone=phone,
                starter=starter_id,
                numbers=variants(phone) if phone else [],
                has_profiles=has_profiles,
                now=fields.Datetime.now(),
            )
        )
        if has_profiles:
            self.env["messaging.bus"]._wake_cron(
                "messaging_inbox.ir_cron_fetch_profiles"
            )
        return rows[0][0]

    # ------------------------------------------------------------------
    # blank conversations
    # ------------------------------------------------------------------

    def _is_blank(self):
        """Return whether it was started and nothing was written yet."""
        return not self.last_message_id and bool(self.starter_id)

    def _show_blank_to_user(self):
        """Let the user, who starts it too, read a blank conversation."""
        mine = f",{self.env.uid},"
        self.env.cr.execute(
            SQL(
                "UPDATE messaging_conversation c"
                " SET blank_for = coalesce(left(blank_for, -1), '') || %s"
                " WHERE id = %s AND %s AND strpos(coalesce(blank_for, ''), %s) = 0",
                mine,
                self.id,
                IS_BLANK,
                mine,
            )
        )
        self.invalidate_recordset(["blank_for"])

    def _check_not_blank(self):
        if any(conversation._is_blank() for conversation in self):
            raise UserError(self.env._("Write the first message before anything else."))

    @api.model
    def _search(self, domain, *args, active_test=True, bypass_access=False, **kwargs):
        """Leave blank conversations out of all lists, even their starters' own."""
        if active_test and not bypass_access and not self.env.su:
            domain = Domain(domain) & ~BLANK
        options = {"active_test": active_test, "bypass_access": bypass_access}
        return super()._search(domain, *args, **options, **kwargs)

    @api.autovacuum
    def _gc_blank(self):
        """Delete conversations that were started a day ago, with nothing written."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id FROM messaging_conversation c
                 WHERE %(is_blank)s AND c.create_date < %(before)s
                   AND NOT EXISTS (
                       SELECT FROM messaging_participation p
                        WHERE p.conversation_id = c.id AND p.started_at >= %(before)s)
                 FOR UPDATE SKIP LOCKED
                """,
                is_blank=IS_BLANK,
                before=fields.Datetime.now() - BLANK_KEPT,
            )
        )
        # sudo: messaging.conversation - nothing was written in them
        self.sudo().browse([row[0] for row in rows]).unlink()

    @api.model
    def _unlink_blank_of(self, users):
        """Delete what users started without writing; without starter, all see it."""
        # sudo: messaging.conversation - those of other users
        blank = self.sudo().search(BLANK & Domain("starter_id", "in", users.ids))
        blank._lock(deleting=True)
        blank.filtered(lambda c: c._is_blank()).unlink()

    # ------------------------------------------------------------------
    # the first message
    # ------------------------------------------------------------------

    def _log_start(self):
        """Log who writes first; called before the first message is stored."""
        if not self._is_blank():
            return
        self._log_event("started")
        if self.starter_id != self.env.user:
            self._store({"starter_id": self.env.uid})

    def _with_start(self):
        """Return the conversation as the user's first message will make it.

        It is a new record if the start links or assigns it, which isn't stored yet.
        """
        links = self.env["messaging.participation"]._due_start(self)
        if links is None:
            return self
        values = {
            # sudo: res.partner, crm.lead - whether there is one, even if hidden
            field: self._still_readable(model, links[field])
            for field, model in LINKS.items()
            if not self.sudo()[field]
        }
        if not self.user_id:
            values["user_id"] = self.env.uid
        return self.new(values, origin=self)

    def _still_readable(self, model, id_):
        record = self.env[model].browse(id_ or ()).exists()
        return record._filtered_access("read").id

    def _carry_out_start(self):
        """Do what the user's start meant, now that a message of theirs is queued.

        The message goes even if a record may no longer be linked.
        """
        participations = self.env["messaging.participation"]
        links = participations._due_start(self)
        if links is None:
            return
        participations._end_start(self)
        if self.state == "closed":
            self.action_reopen()
        for field, id_ in links.items():
            # sudo: res.partner, crm.lead - whether there is one, even if hidden
            if id_ and not self.sudo()[field]:
                self._attempt_write({field: id_})
        if not self.user_id and self.env.user.messaging_available:
            self._attempt_write({"user_id": self.env.uid})

    def _attempt_write(self, vals):
        """Write values as the user could; undo them if they are refused."""
        try:
            with self.env.cr.savepoint():
                self.write(vals)
        except UserError:
            self.env["messaging.bus"]._discard_values()

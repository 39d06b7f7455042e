from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from ...tools.client_values import expects, is_text
from ...tools.phone_numbers import variants
from ..channel.channel import BY_NUMBER

# Who opted the customer out. What stands later replaces what stands before it.
SOURCES = [
    ("blacklist", "The number is on the phone blacklist"),
    ("agent", "An Agent recorded it"),
    ("provider", "The provider refused a message"),
    ("customer", "The customer asked for it"),
]
RANKS = {source: rank for rank, (source, _label) in enumerate(SOURCES)}
MANAGER = "messaging_inbox.group_messaging_manager"


class MessagingConversation(models.Model):
    """Customers' opt-outs, with their proof: who asked for it, when, in which message.

    A customer with a number is on Odoo's phone blacklist as long as they are opted out,
    and the other way round (``phone_blacklist.py``).
    """

    _inherit = "messaging.conversation"

    opted_out = fields.Boolean(
        readonly=True,
        help="The customer wants no more messages, so nothing can be sent.",
    )
    opt_out_source = fields.Selection(SOURCES, string="Opted out by", readonly=True)
    opted_out_at = fields.Datetime(string="Opted out on", readonly=True)
    opted_out_by_id = fields.Many2one(
        "res.users", string="Opt-out recorded by", readonly=True, ondelete="set null"
    )
    opt_out_message_id = fields.Many2one(
        "messaging.message",
        string="Opted out with",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    def action_opt_out(self):
        """Record that the customer opted out in words other than STOP."""
        self.check_access("write")
        self._lock()
        self.filtered(lambda c: not c.opted_out)._set_opted_out(True, "agent")
        return True

    def action_undo_opt_out(self):
        """Undo an opt-out that an Agent recorded; refuse any other."""
        self.check_access("write")
        self._lock()
        opted_out = self.filtered("opted_out")
        if any(conversation.opt_out_source != "agent" for conversation in opted_out):
            raise UserError(
                self.env._(
                    "Only the customer can undo this opt-out, by sending START. If they"
                    " agreed in another way, a manager can record an opt-in."
                )
            )
        opted_out._set_opted_out(False, "agent")
        return True

    @expects(reason=is_text)
    def action_opt_in(self, reason):
        """Record that the customer agreed to messages; only for managers.

        ``reason`` says how they agreed; it is kept with the conversation. A provider
        that blocks the customer itself still does. Raise UserError without a reason.
        """
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only managers can record an opt-in."))
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Enter how the customer agreed to messages."))
        self._lock()
        self.filtered("opted_out")._set_opted_out(False, "agent", reason=reason)
        return True

    def _set_opted_out(self, opted_out, source, message_id=False, reason=None):
        """Store an opt-out or opt-in, with its proof, and log an event.

        ``source`` is a value of SOURCES. Nothing changes for conversations that are in
        this state already, unless the new source counts more.
        """
        changed = self.filtered(lambda c: c._opt_out_changes(opted_out, source))
        if not changed:
            return
        is_agent = source == "agent"
        changed._store(
            {
                "opted_out": opted_out,
                "opt_out_source": opted_out and source,
                "opted_out_at": opted_out and fields.Datetime.now(),
                "opted_out_by_id": opted_out and is_agent and self.env.uid,
                "opt_out_message_id": opted_out and message_id,
            }
        )
        data = {"source": source, "message_id": message_id, "reason": reason}
        changed._log_event(
            "opted_out" if opted_out else "opted_in",
            data={name: value for name, value in data.items() if value},
            automatic=not is_agent,
        )
        if source != "blacklist":
            changed._tell_blacklist(opted_out)
        # sudo: messaging.consent - only our own code writes it
        self.env["messaging.consent"].sudo()._keep(
            changed.sudo(), "out" if opted_out else "in", source, message_id, reason
        )

    def _opt_out_changes(self, opted_out, source):
        if self.opted_out != opted_out:
            return True
        # Opt-outs from before the sources were kept are the customer's.
        current = self.opt_out_source or "customer"
        return opted_out and RANKS[source] > RANKS[current]

    def _opt_out_sentence(self):
        """Return how the customer opted out, for the contact; "" if they didn't."""
        self.ensure_one()
        if not self.opted_out:
            return ""
        said = self._opt_out_words()
        sentences = {
            "agent": self.env._(
                "%(user)s recorded an opt-out",
                user=self.opted_out_by_id.name or self.env._("A colleague"),
            ),
            "provider": self.env._("The provider blocks messages after an opt-out"),
            "blacklist": self.env._("The number is on the phone blacklist"),
            "customer": self.env._("Opted out with “%(message)s”", message=said)
            if said
            else self.env._("Opted out"),
        }
        moment = format_datetime(self.env, self.opted_out_at, dt_format="short")
        # sudo: messaging.channel - only its name
        channel = self.sudo().channel_id.name
        sentence = sentences[self.opt_out_source or "customer"]
        return " · ".join(filter(None, (sentence, moment, channel)))

    def _opt_out_words(self):
        """Return what the customer wrote, also after the message was erased."""
        said = self.opt_out_message_id.body
        return said or (
            self.opt_out_source == "customer" and self.consent_ids[:1].words
        )

    # ------------------------------------------------------------------
    # the phone blacklist
    # ------------------------------------------------------------------

    def _tell_blacklist(self, opted_out):
        # sudo: phone.blacklist - only administrators may edit it
        blacklist = self.env["phone.blacklist"].sudo()
        numbers = sorted(filter(None, (c._blacklist_number() for c in self)))
        if not numbers:
            return
        blacklist._messaging_lock(numbers)
        if opted_out:
            blacklist._add(numbers, message=self.env._("Opted out in the inbox."))
            return
        listed = blacklist.search([("number", "in", numbers)]).mapped("number")
        if listed:
            blacklist._remove(listed, message=self.env._("Opted in in the inbox."))

    def _blacklist_number(self):
        """Return the customer's number as the blacklist has it, "" without one."""
        number = self.contact_phone or ""
        if self.kind not in BY_NUMBER or not number.startswith("+"):
            return ""
        return self.env.user._phone_format(number=number) or ""

    def _is_blacklisted(self):
        """Return whether the number is on the list; it may have become known later."""
        if not self.contact_phone:
            return False
        self.env.flush_all()
        query = SQL(
            "SELECT EXISTS (SELECT FROM phone_blacklist"
            " WHERE number = ANY(%s) AND active)",
            variants(self.contact_phone),
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _follow_blacklist(self, numbers, opted_out):
        """Opt the customers with these E.164 numbers out or in, on all channels."""
        same = [each for number in numbers for each in variants(number)]
        # sudo: messaging.conversation - who edits the blacklist may not see them
        found = self.sudo().search(
            [
                ("contact_phone", "in", same),
                ("kind", "in", BY_NUMBER),
                ("opted_out", "=", not opted_out),
            ]
        )
        if found:
            found._lock()
            found._set_opted_out(opted_out, "blacklist")

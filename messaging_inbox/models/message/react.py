from odoo import fields, models
from odoo.exceptions import UserError

from ...providers.errors import Reason
from ...tools.client_values import expects, is_text


class MessagingMessage(models.Model):
    """Agents react to customers' messages, where the provider takes reactions."""

    _inherit = "messaging.message"

    @expects(emoji=is_text)
    def action_react(self, emoji=""):
        """React to a customer's message for the company; no emoji takes it away.

        We have at most one reaction to a message: another emoji replaces it, and a
        repeated call changes nothing. Choosing what the provider already has drops a
        reaction that failed.
        Raise UserError with the reason if the reaction can't be sent.
        """
        self.ensure_one()
        self.conversation_id.check_access("write")
        self.conversation_id._lock()
        self.invalidate_recordset()
        # sudo: messaging.message, messaging.reaction - access is checked above
        message, emoji = self.sudo(), emoji or ""
        wanted = message._reaction()
        has_failed = wanted.state == "failed"
        if has_failed and emoji == message._our_reaction():
            wanted._publish()
            wanted.unlink()
        elif has_failed or emoji != message._wanted_reaction():
            message._check_may_react(emoji)
            self.env["messaging.reaction"].sudo()._queue(message, emoji)
        return True

    def _reaction(self):
        """Return our reactions to these messages that the provider doesn't have yet."""
        return self.env["messaging.reaction"].search([("message_id", "in", self.ids)])

    def _our_reaction(self):
        """Return the emoji that the provider has from us, or ""."""
        return (self.data or {}).get("reactions", {}).get("us", "")

    def _wanted_reaction(self):
        wanted = self._reaction()
        return (wanted.emoji or "") if wanted else self._our_reaction()

    # ------------------------------------------------------------------
    # the gate
    # ------------------------------------------------------------------

    def _check_may_react(self, emoji):
        """Raise UserError if we can't react to this message with this emoji now."""
        reactions = self.channel_id._reactions()
        if not reactions:
            raise UserError(self.env._("This channel takes no reactions."))
        if not self._can_have_reaction():
            raise UserError(self.env._("Only customers' messages get a reaction."))
        if emoji and not reactions.takes(emoji):
            raise UserError(
                self.env._("This channel doesn't take the reaction %s.", emoji)
            )
        self.conversation_id._check_may_send(self._no_author())

    def _can_have_reaction(self):
        is_inbound = self.direction == "inbound" and self.provider_message_id
        return bool(is_inbound) and not (self.data or {}).get("unsent")

    def _reaction_obstacle(self):
        """Return the Reason why our reaction can't be sent now, or None."""
        if not self._can_have_reaction():
            return Reason.OTHER
        return self.conversation_id._obstacle(self._no_author())

    def _no_author(self):
        """Return no user: the gate must not allow a reaction as a late reply.

        Providers let people reply late under a tag, which reactions can't have.
        """
        return self.env["res.users"]

    # ------------------------------------------------------------------
    # what the provider has
    # ------------------------------------------------------------------

    def _set_our_reaction(self, emoji, author=None, when=None):
        """Store our reaction, which the provider has; without an author, who knows.

        An echo doesn't say who reacted, so it leaves the author as it is.
        """
        data = dict(self.data or {})
        if data.get("unsent"):
            return
        is_echo = not author and emoji == self._our_reaction()
        if not is_echo:
            data.pop("us_reacted_by", None)
        if author and emoji:
            data["us_reacted_by"] = author.id
        reactions = {**data.get("reactions", {}), "us": emoji}
        data["reactions"] = {who: one for who, one in reactions.items() if one}
        data["us_reacted_at"] = when or fields.Datetime.to_string(fields.Datetime.now())
        self._store({"data": data})

    def _after_unsend(self):
        super()._after_unsend()
        self._reaction().unlink()

from odoo import fields, models
from odoo.exceptions import UserError


class MessagingConversation(models.Model):
    """Customers who don't want to be written to: by their own words, or on record."""

    _inherit = "messaging.conversation"

    opted_out = fields.Boolean(
        readonly=True, help="The customer asked us to stop: nothing can be sent."
    )
    opt_out_recorded = fields.Boolean(
        readonly=True,
        help="An Agent recorded the opt-out, and may undo it; the customer's own words"
        " are undone by the customer alone.",
    )

    def action_opt_out(self):
        """Record that the customer asked in other words than STOP."""
        self.check_access("write")
        self._lock()
        for conversation in self.filtered(lambda c: not c.opted_out):
            values = {"opted_out": True, "opt_out_recorded": True}
            conversation._store(values)
            conversation._log_event("opted_out", data={"recorded": True})
        return True

    def action_undo_opt_out(self):
        """Take back an opt-out that an Agent recorded."""
        self.check_access("write")
        self._lock()
        for conversation in self.filtered("opted_out"):
            if not conversation.opt_out_recorded:
                raise UserError(
                    self.env._(
                        "The customer opted out and alone can undo it, with START."
                    )
                )
            values = {"opted_out": False, "opt_out_recorded": False}
            conversation._store(values)
            conversation._log_event("opted_in", data={"recorded": True})
        return True

    def _set_opted_out(self, opted_out):
        """Close or open the gate for what we send, as the customer asked."""
        values = {"opted_out": opted_out, "opt_out_recorded": False}
        for conversation in self:
            if any(conversation[name] != value for name, value in values.items()):
                conversation._store(values)
                conversation._log_event("opted_out" if opted_out else "opted_in")

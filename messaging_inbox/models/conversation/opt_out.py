from odoo import fields, models
from odoo.exceptions import UserError


class MessagingConversation(models.Model):
    """Customers who don't want to be written to: by their own words, or on record."""

    _inherit = "messaging.conversation"

    opted_out = fields.Boolean(
        readonly=True,
        help="The customer has asked for no more messages, so nothing can be sent.",
    )
    opt_out_recorded = fields.Boolean(
        readonly=True,
        help=(
            "An Agent recorded the opt-out and may undo it. Only the customer can"
            " undo an opt-out of their own."
        ),
    )

    def action_opt_out(self):
        """Record that the customer asked in other words than STOP."""
        self.check_access("write")
        self._lock()
        self.filtered(lambda c: not c.opted_out)._set_opted_out(True, recorded=True)
        return True

    def action_undo_opt_out(self):
        """Take back an opt-out that an Agent recorded."""
        self.check_access("write")
        self._lock()
        opted_out = self.filtered("opted_out")
        if not all(opted_out.mapped("opt_out_recorded")):
            raise UserError(
                self.env._(
                    "The customer opted out. Only the customer can undo that, by"
                    " sending START."
                )
            )
        opted_out._set_opted_out(False, recorded=True)
        return True

    def _set_opted_out(self, opted_out, recorded=False):
        """Close or open the gate for what we send, with an event where that is news.

        The customer asked for it, unless an Agent ``recorded`` it: the customer's own
        words replace the record.
        """
        values = {
            "opted_out": opted_out,
            "opt_out_recorded": opted_out and recorded,
        }
        changed = self.filtered(
            lambda c: any(c[name] != value for name, value in values.items())
        )
        if changed:
            changed._store(values)
            changed._log_event(
                "opted_out" if opted_out else "opted_in",
                data={"recorded": True} if recorded else None,
                automatic=not recorded,
            )

from odoo import fields, models
from odoo.exceptions import UserError


class MessagingConversation(models.Model):
    """Customers' opt-outs: by their own message, or recorded by an Agent."""

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
        """Record that the customer opted out in words other than STOP."""
        self.check_access("write")
        self._lock()
        self.filtered(lambda c: not c.opted_out)._set_opted_out(True, recorded=True)
        return True

    def action_undo_opt_out(self):
        """Undo an opt-out that an Agent recorded; refuse if the customer opted out."""
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
        """Store an opt-out or opt-in, and log an event if anything changes.

        It comes from the customer unless an Agent ``recorded`` it. The customer's own
        message replaces an Agent's record.
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

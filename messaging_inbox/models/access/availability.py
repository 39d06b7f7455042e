from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .res_users import AGENT


class MessagingAvailability(models.Model):
    """Whether conversations can be assigned to an Agent now; each Agent has a row."""

    _name = "messaging.availability"
    _description = "Messaging availability"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    available = fields.Boolean(default=True, required=True)
    changed_at = fields.Datetime(readonly=True)
    first_message_id = fields.Integer(
        readonly=True,
        help=(
            "The newest message when the user became an Agent. Older ones are never"
            " unread for that user."
        ),
    )

    _user_unique = models.UniqueIndex("(user_id)")

    def write(self, vals):
        if not self.env.su and vals.keys() - {"available"}:
            raise UserError(self.env._("Only the availability itself can be changed."))
        if "available" not in vals:
            return super().write(vals)
        vals = {**vals, "changed_at": fields.Datetime.now()}
        result = super().write(vals)
        for row in self:
            row._bus_send_availability()
        return result

    def _bus_send_availability(self):
        payload = {"user_id": self.user_id.id, "available": self.available}
        group = self.env.ref(AGENT)
        self.env["bus.bus"]._sendone(group, "messaging_inbox/availability", payload)

    @api.model
    def _sync(self):
        """Add rows for new Agents, and call the hook for changed access."""
        self._add_missing()
        # An assignment writes the assignee's row, too: of two concurrent transactions,
        # one is retried and sees the other's change.
        self.env.execute_query(
            SQL("UPDATE messaging_availability SET user_id = user_id RETURNING id")
        )
        self._after_access_change()

    @api.model
    def _after_access_change(self):
        """Hook: users gained or lost access to channels.

        It runs as the user who changed a user, a group, a company or a channel.
        """

    @api.model
    def _add_missing(self):
        """Add a row for each new Agent, available by default."""
        if not self.env.ref(AGENT, False):
            # The group is still being installed: there are no Agents yet.
            return
        agents = self.env["res.users"]._messaging_agents()
        if agents:
            self.env.execute_query(
                SQL(
                    "INSERT INTO messaging_availability"
                    " (user_id, available, first_message_id, changed_at)"
                    " SELECT unnest(%s), TRUE,"
                    " (SELECT max(id) FROM messaging_message), now() AT TIME ZONE 'UTC'"
                    " ON CONFLICT (user_id) DO NOTHING RETURNING id",
                    agents.ids,
                )
            )

    @api.model
    def _available_for_update(self, user):
        """Return whether the user is available, and lock this until the commit.

        Write the row instead of only locking it: a concurrent loss of access then fails
        and is retried, so that it sees our assignment and removes it.
        """
        self.flush_model(["available"])
        rows = self.env.execute_query(
            SQL(
                "UPDATE messaging_availability SET user_id = user_id"
                " WHERE user_id = %s RETURNING available",
                user.id,
            )
        )
        return rows[0][0] if rows else False

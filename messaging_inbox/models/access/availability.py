from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .res_users import AGENT


class MessagingAvailability(models.Model):
    """Whether conversations may be assigned to an Agent now; every Agent has a row."""

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
        """Give new Agents their row; let others follow who has access by now."""
        self._add_missing()
        # An assignment writes its row too: of two at the same instant, one is tried
        # again and sees what the other did.
        self.env.execute_query(
            SQL("UPDATE messaging_availability SET user_id = user_id RETURNING id")
        )
        self._after_access_change()

    @api.model
    def _after_access_change(self):
        """Hook: users gained or lost access to channels.

        Runs as whoever changed a user, a group, a company or a channel.
        """

    @api.model
    def _add_missing(self):
        """Give each new Agent a row, available from the start."""
        if not self.env.ref(AGENT, False):
            # The group is just being installed: nobody is an Agent yet.
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
        """Return whether the user is available, and keep it so until we commit.

        The row is written, not only locked: whoever takes access away meanwhile could
        not see our assignment otherwise, and would leave it.
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

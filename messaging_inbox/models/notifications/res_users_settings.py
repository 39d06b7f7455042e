from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KINDS = ("mine", "others", "unassigned", "assigned")
SWITCHES = tuple(
    f"messaging_notify_{kind}_{method}"
    for kind in KINDS
    for method in ("desktop", "email")
)
NOTIFICATION_SETTINGS = (*SWITCHES, "messaging_notify_repeat")


class ResUsersSettings(models.Model):
    """The notifications that a user asked for: four kinds by two methods."""

    _inherit = "res.users.settings"

    messaging_notify_mine_desktop = fields.Boolean(
        "Message in a conversation assigned to me, on the desktop", default=True
    )
    messaging_notify_mine_email = fields.Boolean(
        "Message in a conversation assigned to me, by email", default=True
    )
    messaging_notify_others_desktop = fields.Boolean(
        "Message in a conversation assigned to others, on the desktop"
    )
    messaging_notify_others_email = fields.Boolean(
        "Message in a conversation assigned to others, by email"
    )
    messaging_notify_unassigned_desktop = fields.Boolean(
        "Message in an unassigned conversation, on the desktop", default=True
    )
    messaging_notify_unassigned_email = fields.Boolean(
        "Message in an unassigned conversation, by email"
    )
    messaging_notify_assigned_desktop = fields.Boolean(
        "Someone assigned a conversation to me, on the desktop", default=True
    )
    messaging_notify_assigned_email = fields.Boolean(
        "Someone assigned a conversation to me, by email", default=True
    )
    messaging_notify_repeat = fields.Boolean(
        "Repeat the sound until I have read the message"
    )

    def write(self, vals):
        if not vals.keys() & set(NOTIFICATION_SETTINGS):
            return super().write(vals)
        self._check_own_notifications()
        result = super().write(vals)
        for settings in self:
            settings._bus_send_notifications()
        return result

    def _check_own_notifications(self):
        """Raise an AccessError for another user's settings, even to administrators."""
        if not self.env.su and self.user_id != self.env.user:
            raise AccessError(self.env._("You can only change your own notifications."))

    def _bus_send_notifications(self):
        """Publish the settings to the user's other tabs."""
        self.env["bus.bus"]._sendone(
            self.user_id.partner_id,
            "messaging_inbox/notification_settings",
            self._notification_values(),
        )

    def _notification_values(self):
        self.ensure_one()
        return {name: self[name] for name in NOTIFICATION_SETTINGS}

    @api.model
    def _save_notifications(self, values):
        """Write the current user's switches; raise a UserError for anything else."""
        if not isinstance(values, dict) or values.keys() - set(NOTIFICATION_SETTINGS):
            raise UserError(self.env._("Unknown notification setting."))
        if not all(isinstance(value, bool) for value in values.values()):
            raise UserError(self.env._("A notification setting must be on or off."))
        settings = self._find_or_create_for_user(self.env.user)
        settings.write(values)
        return settings._notification_values()

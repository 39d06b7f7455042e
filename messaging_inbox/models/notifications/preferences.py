from odoo import fields, models

from .res_users_settings import NOTIFICATION_SETTINGS


def _setting(name):
    related = f"res_users_settings_id.messaging_notify_{name}"
    return fields.Boolean(related=related, readonly=False)


class ResUsers(models.Model):
    """The user's own availability and notifications, in the preferences."""

    _inherit = "res.users"

    messaging_available = fields.Boolean(
        inverse="_inverse_messaging_available", readonly=False
    )
    messaging_is_agent = fields.Boolean(
        compute="_compute_messaging_is_agent", compute_sudo=True
    )
    messaging_notify_mine_desktop = _setting("mine_desktop")
    messaging_notify_mine_email = _setting("mine_email")
    messaging_notify_others_desktop = _setting("others_desktop")
    messaging_notify_others_email = _setting("others_email")
    messaging_notify_unassigned_desktop = _setting("unassigned_desktop")
    messaging_notify_unassigned_email = _setting("unassigned_email")
    messaging_notify_assigned_desktop = _setting("assigned_desktop")
    messaging_notify_assigned_email = _setting("assigned_email")
    messaging_notify_repeat = _setting("repeat")

    def _inverse_messaging_available(self):
        for user in self:
            user.action_messaging_set_available(user.messaging_available)

    def _compute_messaging_is_agent(self):
        for user in self:
            # A new record in a form has no user in the database yet.
            user.messaging_is_agent = bool(user.id) and user._messaging_is_agent()

    @property
    def SELF_READABLE_FIELDS(self):
        own = ["messaging_is_agent", *NOTIFICATION_SETTINGS]
        return super().SELF_READABLE_FIELDS + own

    @property
    def SELF_WRITEABLE_FIELDS(self):
        own = ["messaging_available", *NOTIFICATION_SETTINGS]
        return super().SELF_WRITEABLE_FIELDS + own

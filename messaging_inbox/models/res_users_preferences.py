from odoo import fields, models


class ResUsers(models.Model):
    """The switch of one's own availability among the preferences."""

    _inherit = "res.users"

    messaging_available = fields.Boolean(
        inverse="_inverse_messaging_available", readonly=False
    )
    messaging_is_agent = fields.Boolean(
        compute="_compute_messaging_is_agent", compute_sudo=True
    )

    def _inverse_messaging_available(self):
        for user in self:
            user.action_messaging_set_available(user.messaging_available)

    def _compute_messaging_is_agent(self):
        for user in self:
            # A form's new record is nobody's user yet.
            user.messaging_is_agent = bool(user.id) and user._messaging_is_agent()

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["messaging_is_agent"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["messaging_available"]

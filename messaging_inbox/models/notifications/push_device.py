from odoo import fields, models


class MailPushDevice(models.Model):
    """Stores when the inbox last pushed to a browser, to show it to the user."""

    _inherit = "mail.push.device"

    messaging_pushed_at = fields.Datetime(readonly=True)

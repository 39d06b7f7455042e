from odoo import fields, models


class MailPushDevice(models.Model):
    """When the inbox last pushed to a browser: its user may ask."""

    _inherit = "mail.push.device"

    messaging_pushed_at = fields.Datetime(readonly=True)

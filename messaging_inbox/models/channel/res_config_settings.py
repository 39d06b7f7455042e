from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    messaging_sms_button = fields.Boolean(
        related="company_id.messaging_sms_button", readonly=False
    )

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    messaging_sms_button = fields.Boolean(
        string="SMS buttons open the inbox",
        default=True,
        help=(
            "The SMS button beside a phone number sends through the company's own SMS"
            " channel, and the answer arrives in the inbox."
        ),
    )

from dataclasses import replace

from odoo import fields, models
from odoo.exceptions import UserError


class MessagingChannel(models.Model):
    """The provider's group of addresses that a channel belongs to, and sends through.

    Such a service may add the registration that a country asks for.
    """

    _inherit = "messaging.channel"

    service_reference = fields.Char(readonly=True, copy=False)
    service_name = fields.Char(string="Messaging service", readonly=True, copy=False)
    sends_through_service = fields.Boolean(
        string="Send through it",
        copy=False,
        help=(
            "The provider applies the settings of the messaging service to what is sent"
            " from this channel, such as a registration for SMS in the USA."
        ),
    )

    def write(self, vals):
        if vals.get("sends_through_service") and not all(
            self.mapped("service_reference")
        ):
            raise UserError(
                self.env._(
                    "This channel belongs to no messaging service. Add it to one at the"
                    " provider, then connect again."
                )
            )
        return super().write(vals)

    def _service_values(self, info):
        """Return the values of the service that the provider reports.

        A channel that left its service no longer sends through it.
        """
        values = {
            "service_reference": info.service or False,
            "service_name": info.service_name or False,
        }
        return values if info.service else {**values, "sends_through_service": False}

    def _provider_ref(self):
        ref = super()._provider_ref()
        # sudo: messaging.channel - who sends may not see the settings
        channel = self.sudo()
        if not channel.sends_through_service:
            return ref
        return replace(ref, service=channel.service_reference or "")

from odoo import api, models


class MessagingConversation(models.Model):
    """Places that an Agent may want to send."""

    _inherit = "messaging.conversation"

    @api.model
    def inbox_places(self, id):  # noqa: A002 - the client's word
        """Return where our company and the linked contact are, if Odoo knows it.

        The places come as ``reply`` takes them: [{latitude, longitude, label,
        address}]. Contacts that the user may not read are left out.
        """
        conversation = self._readable(id)
        partners = conversation.company_id.partner_id | conversation.partner_id
        return [
            {
                "latitude": partner.partner_latitude,
                "longitude": partner.partner_longitude,
                "label": partner.display_name,
                "address": ", ".join(partner._display_address(True).split("\n")),
            }
            for partner in partners._filtered_access("read")
            if partner.partner_latitude or partner.partner_longitude
        ]

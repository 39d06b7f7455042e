"""The conversations of a contact, lead or deal, for the form of the record."""

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.client_values import expects, is_number, is_text

MOST_LINKED = 20
LINKABLE = ("res.partner", "crm.lead")


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    @expects(model=is_text, id=is_number)
    def inbox_linked(self, model, id):  # noqa: A002 - the client's word
        """Return rows of the conversations that a record's smart button counts.

        They are the newest that the user can see, at most MOST_LINKED. Raise
        AccessError if the user may not read the record.
        """
        if model not in LINKABLE:
            raise UserError(
                self.env._("Only contacts, leads and deals have conversations.")
            )
        record = self.env[model].browse(id)
        record.check_access("read")
        field, records = record._messaging_link()
        return self._rows(self.search([(field, "in", records.ids)], limit=MOST_LINKED))

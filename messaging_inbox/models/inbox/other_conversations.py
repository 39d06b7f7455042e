from odoo import api, models

MOST_OTHERS = 10


class MessagingConversation(models.Model):
    """The same customer's other conversations, for the details pane."""

    _inherit = "messaging.conversation"

    @api.model
    def inbox_other_conversations(self, id):  # noqa: A002 - the client's word
        """Return rows of the same customer's other conversations, newest first.

        They have the same number, another id of this customer, or the same contact.
        """
        conversation = self._readable(id)
        others = conversation._conversations_elsewhere()
        if conversation.partner_id:
            same = [("partner_id", "=", conversation.partner_id.id)]
            others |= self.search([*same, ("id", "!=", id)], limit=MOST_OTHERS)
        newest = others.sorted(lambda c: c.last_message_id, reverse=True)
        return self._rows(newest[:MOST_OTHERS])

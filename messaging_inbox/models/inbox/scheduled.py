from odoo import api, fields, models

from .document_kinds import file_values


class MessagingScheduled(models.Model):
    """Scheduled messages as the client shows them."""

    _inherit = "messaging.scheduled"

    def _inbox_values(self):
        return [
            {
                "id": one.id,
                "author_id": one.author_id.id,
                "body": one.body or "",
                "template": one.template or False,
                "files": [file_values(file) for file in one.attachment_ids],
                "reply_to": one._inbox_quote(),
                "send_at": fields.Datetime.to_string(one.send_at),
                "cancel_on_answer": one.cancel_on_answer,
                "is_cancelled": one._is_cancelled(),
                "after_message_id": one.after_message_id,
                "reason": one.reason or "",
            }
            for one in self
        ]

    def _inbox_quote(self):
        """Return the quoted message as the composer keeps it, or False."""
        quote = self.reply_to_id
        names = ("id", "body", "kind", "direction")
        return bool(quote) and {
            **{name: quote[name] for name in names},
            "author_id": quote.author_id.id,
        }


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    def inbox_scheduled(self, id):  # noqa: A002 - the client's word
        """Return the scheduled messages of a conversation, the next one first."""
        return self._readable(id)._scheduled_values()

    def _scheduled_values(self):
        scheduled = self.env["messaging.scheduled"]
        found = scheduled.search([("conversation_id", "=", self.id)])
        # sudo: ir.attachment, messaging.message - of what the user may read
        return found.sudo()._inbox_values()

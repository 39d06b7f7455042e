from odoo import models

from ..conversation.conversation import preview_text


class MessagingMessage(models.Model):
    """Changes of a message's content: customers edit and unsend messages."""

    _inherit = "messaging.message"

    def _content_changed(self):
        """Update the conversation's preview, then run the hook for a change."""
        conversation = self.conversation_id
        if conversation.last_message_id == self.id:
            said = "\n".join(filter(None, (self.body, self._text_of_contacts())))
            conversation._store({"last_message_preview": preview_text(said)})
        self._after_display_change()

    def _forget_content(self):
        """Delete the message's text and files, also from the bus's stored rows."""
        self._before_files_delete()
        self.attachment_ids.unlink()
        self.media_ids.unlink()
        self._store({"body": False, "file_names": False, "data": {"unsent": True}})
        self._content_changed()
        # Last, because all concurrent changes of the message are on the bus by now.
        self.env["messaging.bus"]._forget(message_ids=self.ids)
        self._after_unsend()

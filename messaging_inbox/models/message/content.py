from odoo import models

from ..conversation.conversation import preview_text


class MessagingMessage(models.Model):
    """What a message holds may change: customers edit and unsend."""

    _inherit = "messaging.message"

    def _content_changed(self):
        """Bring the list up to what the message says now."""
        conversation = self.conversation_id
        if conversation.last_message_id == self.id:
            said = "\n".join(filter(None, (self.body, self._text_of_contacts())))
            conversation._store({"last_message_preview": preview_text(said)})
        self._after_display_change()

    def _forget_content(self):
        """Let go of text and files, here, and in what the bus still holds."""
        self._before_files_delete()
        self.attachment_ids.unlink()
        self.media_ids.unlink()
        self._store({"body": False, "data": {"unsent": True}})
        self._content_changed()
        # Last: every concurrent change of the message is on the bus by now.
        self.env["messaging.bus"]._forget(message_ids=self.ids)
        self._after_unsend()

from odoo import models
from odoo.tools.misc import hash_sign

from ...providers.events import OutboundFile, OutboundMessage

MEDIA_HOURS = 24


class MessagingMessage(models.Model):
    """The value that the provider sends for a message."""

    _inherit = "messaging.message"

    def _channel_provider(self):
        return self.channel_id.account_id._provider()

    def _outbound(self):
        """Return the OutboundMessage for this row."""
        identity = self.conversation_id._recipient()
        return OutboundMessage(
            channel=self.channel_id._provider_ref(),
            recipient=identity.external_id,
            reference=self._reference(),
            text=self.body or "",
            file=self._outbound_file(),
            status_url=self._status_url(),
            reply_to=self.reply_to_id.provider_message_id or "",
            tag=self.conversation_id._reply_tag(self.author_id),
        )

    def _status_url(self):
        url = self.channel_id.account_id.webhook_url
        return f"{url}?m={self._reference()}"

    def _reference(self):
        """Return our own reference of an outbound message, "" for others."""
        ours = self.direction == "outbound" and self.client_uuid
        return f"{self.client_uuid}.{self.part}" if ours else ""

    def _provider_filename(self, attachment):
        """Return the file name that the provider's download uses."""
        provider = self.channel_id.account_id._provider_class()
        return provider.filename(attachment.name or "")

    def _outbound_file(self):
        attachment = self.attachment_ids[:1]
        if not attachment:
            return None
        signed = hash_sign(
            self.env,
            "messaging_inbox.media",
            [self.id, attachment.id],
            expiration_hours=MEDIA_HOURS,
        )
        origin = self.channel_id.account_id._webhook_origin()
        return OutboundFile(
            url=f"{origin}/messaging/media/{signed}",
            content_type=attachment.mimetype,
            filename=attachment.name,
            read=lambda: attachment.raw,
        )

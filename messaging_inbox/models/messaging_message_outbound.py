from odoo import api, fields, models
from odoo.tools.misc import hash_sign

from ..providers.events import OutboundFile, OutboundMessage

MEDIA_HOURS = 24


class MessagingMessage(models.Model):
    """A message as the provider gets it."""

    _inherit = "messaging.message"

    def _channel_provider(self):
        return self.channel_id.account_id._provider()

    def _outbound(self):
        """Return this row as the provider gets it."""
        identity = self.conversation_id._recipient()
        return OutboundMessage(
            channel=self.channel_id._provider_ref(),
            recipient=identity.external_id,
            reference=self._reference(),
            text=self.body or "",
            file=self._outbound_file(),
            status_url=self._status_url(),
            reply_to=self.reply_to_id.provider_message_id or "",
            tag=self._tag(),
        )

    def _tag(self):
        """Return why this may go out after the reply window; within it, nothing."""
        if not self._is_after(self._free_window()):
            return ""
        channel = self.channel_id
        _window, tag = channel.account_id._late_reply(channel.kind)
        return tag if self._is_of_a_person() else ""

    def _is_too_late(self):
        """Tell whether the reply window has closed since this was written."""
        if not self._is_of_a_person():
            return self._is_after(self._free_window())
        channel = self.channel_id
        return self._is_after(channel.account_id._reply_window(channel.kind))

    def _free_window(self):
        channel = self.channel_id
        return channel.account_id._free_reply_window(channel.kind)

    def _is_after(self, window):
        start = self.conversation_id._window_start()
        return bool(window) and fields.Datetime.now() >= start + window

    def _is_of_a_person(self):
        """Tell what somebody wrote from what a program sends, which has no late window.

        Programs run as nobody or as OdooBot.
        """
        return self.author_id.id not in (False, api.SUPERUSER_ID)

    def _status_url(self):
        url = self.channel_id.account_id.webhook_url
        return f"{url}?m={self._reference()}"

    def _reference(self):
        """Return our own name of an outbound message, empty for all others."""
        ours = self.direction == "outbound" and self.client_uuid
        return f"{self.client_uuid}.{self.part}" if ours else ""

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

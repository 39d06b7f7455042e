from functools import partial
from urllib.parse import quote

from odoo import models
from odoo.tools.misc import hash_sign

from ...providers.errors import Reason
from ...providers.events import (
    OutboundFile,
    OutboundMessage,
    OutboundTemplate,
    Place,
    TemplateButton,
)
from ...tools import media_types
from ...tools.transactions import own_cursor

MEDIA_HOURS = 24


def _content(attachment):
    """Return the bytes of a file. This may run in the thread of a request."""
    with own_cursor(attachment) as attachment:
        return attachment.raw


def _parts(source):
    """Return the fields of an OutboundTemplate for its texts with placeholders."""
    buttons = tuple(TemplateButton(**each) for each in source.get("buttons", ()))
    names = ("header", "body", "media_kind")
    return {**{name: source.get(name) or "" for name in names}, "buttons": buttons}


class MessagingMessage(models.Model):
    """The value that the provider sends for a message."""

    _inherit = "messaging.message"

    def _channel_provider(self):
        return self.channel_id.account_id._provider()

    def _outbound(self):
        """Return the OutboundMessage for this row."""
        identity = self.conversation_id._recipient()
        template = self._outbound_template()
        return OutboundMessage(
            channel=self.channel_id._provider_ref(),
            recipient=identity.external_id,
            reference=self._reference(),
            text=self.body or "",
            file=self._outbound_file(),
            status_url=self._status_url(),
            reply_to=self.reply_to_id.provider_message_id or "",
            # A template needs no tag: it may be sent after the window anyway.
            tag="" if template else self.conversation_id._reply_tag(self.author_id),
            template=template,
            place=self._outbound_place(),
        )

    def _outbound_place(self):
        if self.kind != "location":
            return None
        point = self.data["latitude"], self.data["longitude"]
        return Place(*point, self.data.get("label", ""), self.data.get("address", ""))

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
        name = media_types.with_ending(attachment.name or "", attachment.mimetype)
        return provider.filename(name)

    def _template(self):
        """Return the template that this message is made of, None if it has none.

        The record is empty if the template was deleted since.
        """
        used = (self.data or {}).get("template")
        if not used:
            return None
        # sudo: messaging.template - the conversation decides who sees its messages
        return self.env["messaging.template"].sudo().browse(used["id"]).exists()

    def _outbound_template(self):
        """Return the OutboundTemplate as it was when it was queued, or None."""
        used = (self.data or {}).get("template")
        if not used:
            return None
        return OutboundTemplate(
            reference=used["reference"],
            name=used["name"],
            language=used["language"],
            # JSON in the database doesn't keep the order of keys.
            variables={name: used["variables"][name] for name in used["names"]},
            media_url=used["media_url"],
            # Messages that were queued before an update lack these.
            **_parts(used.get("source") or {}),
        )

    def _obstacle(self):
        """Return the Reason why this message can't be sent now, or None."""
        if self._is_erased():
            return Reason.OTHER
        return self.conversation_id._obstacle(self.author_id, self._template())

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
        url = self.channel_id.account_id._media_root() + signed
        if (self.data or {}).get("template"):
            # Providers tell a file's type by the end of the template's address.
            url = f"{url}/{quote(self._provider_filename(attachment))}"
        return OutboundFile(
            url=url,
            content_type=attachment.mimetype,
            filename=attachment.name,
            read=partial(_content, attachment),
        )

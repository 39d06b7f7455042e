import logging

from odoo import models

from ...providers.errors import ProviderError
from ...providers.events import MediaRef
from ...tools import media_types, pictures, time_limit

_logger = logging.getLogger(__name__)
LARGEST = 25 * media_types.MEGABYTE
SECONDS = 20


class MessagingMessage(models.Model):
    """The story that a customer replies to. It lasts a day and is never stored."""

    _inherit = "messaging.message"

    def _story(self):
        """Download the story; return (bytes, type), or None if it is gone."""
        story = (self.data or {}).get("reply_to_story") or {}
        if not story.get("url"):
            return None
        # sudo: messaging.account - its provider accepts only its own addresses
        provider = self.sudo().channel_id.account_id._provider()
        try:
            # Both the agent and a worker wait for it.
            with time_limit.limited(SECONDS):
                media = provider.download(MediaRef(story["url"]))
                file = media_types.spool(media, LARGEST)
        except ProviderError as error:
            _logger.info("The story of message %s is unavailable: %s", self.id, error)
            return None
        with file:
            if pictures.is_too_big(file.content):
                return None
            mimetype = media_types.sniff(file.content, media.content_type)
            return _shown(file.content.read(), mimetype)


def _shown(content, mimetype):
    is_story = mimetype.startswith(("image/", "video/"))
    return (content, mimetype) if is_story else None

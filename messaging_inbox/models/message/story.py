import logging

from odoo import models

from ...providers.errors import ProviderError
from ...providers.events import MediaRef
from ...tools import media_types, pictures, time_limit

_logger = logging.getLogger(__name__)
LARGEST = 25 * media_types.MEGABYTE
SECONDS = 20


class MessagingMessage(models.Model):
    """The story that a customer answers: the provider's, for a day, and never kept."""

    _inherit = "messaging.message"

    def _story(self):
        """Return (bytes, type) of the story as it is now; None when it is gone."""
        story = (self.data or {}).get("reply_to_story") or {}
        if not story.get("url"):
            return None
        # sudo: messaging.account - its provider knows which addresses are its own
        provider = self.sudo().channel_id.account_id._provider()
        try:
            # An Agent waits, and so does a worker.
            with time_limit.limited(SECONDS):
                media = provider.download(MediaRef(story["url"]))
                file = media_types.spool(media, LARGEST)
        except ProviderError as error:
            _logger.info("The story of message %s isn't there: %s", self.id, error)
            return None
        with file:
            if pictures.is_too_big(file.content):
                return None
            mimetype = media_types.sniff(file.content, media.content_type)
            return _shown(file.content.read(), mimetype)


def _shown(content, mimetype):
    is_story = mimetype.startswith(("image/", "video/"))
    return (content, mimetype) if is_story else None

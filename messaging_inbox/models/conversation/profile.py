"""Customers' names and pictures, fetched from the provider outside of the webhook."""

import base64
import hashlib
import io
import logging
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL
from odoo.tools.image import image_process

from ...providers.errors import ProviderError, Reason, Retryable, SendError
from ...providers.events import MediaRef
from ...providers.text import clean_name
from ...tools import media_types, pictures, time_limit, work_queue

_logger = logging.getLogger(__name__)

# A customer's message after this time refreshes the profile.
PROFILE_KEPT = timedelta(days=30)
NEXT_TRY = timedelta(hours=1)
MAX_ATTEMPTS = 24
BATCH = 50
MAX_PICTURE = 5 * media_types.MEGABYTE
SIZE = (256, 256)
# The time for a profile and its picture; a slower picture is left out.
SECONDS = 20
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    picture = fields.Image(max_width=256, max_height=256, readonly=True)
    picture_key = fields.Char(readonly=True, help="Changes with the picture.")
    profile_due = fields.Boolean(
        readonly=True, help="The profile will be requested from the provider."
    )
    profile_attempts = fields.Integer(groups=NO_ACCESS)
    profile_at = fields.Datetime(
        readonly=True, help="When the profile was last requested from the provider."
    )

    _profile_due_idx = models.Index("(id) WHERE profile_due")

    @api.model
    def _cron_fetch_profiles(self):
        done = work_queue.run(self._fetch_next_profile, SECONDS, limit=BATCH)
        is_late = not time_limit.has_time_for(SECONDS)
        remaining = len(self._next_profiles(limit=BATCH)) if done or is_late else 0
        self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    @api.model
    def _next_profiles(self, limit=1, lock=False):
        query = SQL(
            """
            SELECT q.id FROM messaging_conversation q
              JOIN messaging_channel channel ON channel.id = q.channel_id
              JOIN messaging_account account ON account.id = channel.account_id
             WHERE q.profile_due AND account.state = 'connected' AND account.active
               AND (q.profile_at IS NULL OR q.profile_at < %s)
             ORDER BY q.profile_at NULLS FIRST, q.id LIMIT %s
            """,
            fields.Datetime.now() - NEXT_TRY,
            limit,
        )
        return work_queue.due(self, query, lock)

    def _count_profile_attempt(self):
        """Store the time and number of the attempt; after too many, return False."""
        attempts = self.profile_attempts + 1
        values = {"profile_at": fields.Datetime.now(), "profile_attempts": attempts}
        if attempts > MAX_ATTEMPTS:
            values = {"profile_due": False, "profile_attempts": 0}
        super().write(values)
        return attempts <= MAX_ATTEMPTS

    @api.model
    def _fetch_next_profile(self):
        """Fetch one due customer's profile; return False if none is due."""
        find = partial(self._next_profiles, lock=True)
        conversation, is_wanted = work_queue.claim(
            self.env, find, lambda row: row._count_profile_attempt()
        )
        if not is_wanted:
            return bool(conversation)
        try:
            values = conversation._fetch_profile()
        except Exception as error:
            # One unknown customer must not block the others.
            values = conversation._profile_failed(error)
        conversation._keep_profile(values)
        return True

    def _keep_profile(self, values):
        """Store the values, without the picture if its file can't be stored."""
        without_picture = partial(self._without_picture, values)
        work_queue.settle(self.env, self._store_profile, values, without_picture)

    def _without_picture(self, values, error):
        if "picture" not in values:
            raise error
        _logger.error(
            "The picture of conversation %s can't be stored", self.id, exc_info=error
        )
        known = {"contact_name", "contact_username"} & values.keys()
        return {name: values[name] for name in known} | {"profile_due": True}

    def _store_profile(self, values):
        # A deletion either came first, or waits and then deletes the picture, too.
        self._lock()
        if self.exists():
            reset = {} if values.get("profile_due", True) else {"profile_attempts": 0}
            self._store({**values, **reset})

    def _fetch_profile(self):
        """Fetch the profile; return values with name and picture, if any."""
        channel = self.channel_id
        provider = channel.account_id._provider()
        external_id = self._recipient().external_id
        profile = external_id and provider.profile(channel._provider_ref(), external_id)
        values = {"profile_due": False}
        if profile and (name := clean_name(profile.name)):
            values["contact_name"] = name
        if profile and profile.username:
            values["contact_username"] = clean_name(profile.username)
        if profile and profile.picture_url:
            values.update(_picture_values(provider, profile.picture_url))
        return values

    def _profile_failed(self, error):
        if isinstance(error, SendError) and error.reason is Reason.BAD_CREDENTIALS:
            account = self.channel_id.account_id
            account._set_error(account._connection_error(error))
            return {}
        if not isinstance(error, ProviderError):
            _logger.exception("The profile of conversation %s failed", self.id)
        return {"profile_due": isinstance(error, Retryable)}


def _picture_values(provider, url):
    """Return values for a valid picture, or {}: then the client shows initials."""
    try:
        with media_types.spool(provider.download(MediaRef(url)), MAX_PICTURE) as file:
            is_too_big = pictures.is_too_big(file.content)
            content = file.content.read()
        if is_too_big or media_types.sniff(io.BytesIO(content)) not in PICTURES:
            return {}
        content = image_process(content, size=SIZE, verify_resolution=True)
    except (ProviderError, UserError):
        return {}
    key = hashlib.sha256(content).hexdigest()[:12]
    return {"picture": base64.b64encode(content), "picture_key": key}

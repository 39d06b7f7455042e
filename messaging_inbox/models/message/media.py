"""Customers' files: downloaded after the webhook, each with its own state."""

import logging
from datetime import timedelta
from functools import partial

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...providers.errors import ProviderError, Reason, Refused, Retryable, SendError
from ...providers.events import MediaRef
from ...tools import media_types, time_limit, work_queue
from ...tools.watched import log_event

_logger = logging.getLogger(__name__)

RETRY_DELAYS = [5, 30, 120, 600, 3600, 6 * 3600]
# Temporary errors: besides the provider's own, a full disk or a lost database.
TEMPORARY = (Retryable, OSError, psycopg2.OperationalError)
# Start no download with fewer seconds left.
SHORTEST_DOWNLOAD = 10
# Seconds reserved for storing a downloaded file.
TIME_TO_STORE = 5
LEASE = timedelta(minutes=10)


class MessagingMedia(models.Model):
    _name = "messaging.media"
    _description = "File of a customer"
    _order = "message_id, position"

    message_id = fields.Many2one(
        "messaging.message", required=True, index=True, ondelete="cascade"
    )
    position = fields.Integer()
    name = fields.Char()
    url = fields.Char(groups="base.group_system")
    content_type = fields.Char(
        help="As reported by the provider. Shown until the file is downloaded."
    )
    state = fields.Selection(
        [("pending", "Downloading"), ("ready", "Downloaded"), ("failed", "Failed")],
        required=True,
        default="pending",
    )
    attempts = fields.Integer()
    next_try_at = fields.Datetime()
    error = fields.Char()
    expires_at = fields.Datetime(help="Until when the file may be kept.")
    # Indexed because deleting any attachment in Odoo looks for references here.
    attachment_id = fields.Many2one(
        "ir.attachment", ondelete="set null", index="btree_not_null"
    )

    _pending_idx = models.Index("(id) WHERE state = 'pending'")
    _expires_idx = models.Index("(expires_at) WHERE expires_at IS NOT NULL")

    @api.autovacuum
    def _gc_expired(self):
        """Delete files that must no longer be kept."""
        expired = self.search([("expires_at", "<", fields.Datetime.now())])
        expired.message_id._before_files_delete()
        expired.attachment_id.unlink()
        expired.message_id.file_names = False
        error = self.env._("Stories are only available for one day.")
        expired.write({"state": "failed", "error": error, "expires_at": False})
        self.env["messaging.bus"]._changed([], expired.message_id.ids)

    def action_retry(self):
        """Retry failed downloads; raise UserError for any other state."""
        for media in self:
            media.message_id.conversation_id.check_access("write")
            if media.state != "failed":
                raise UserError(self.env._("Only failed downloads can be retried."))
        # sudo: messaging.media - users can't write it; access is checked above
        self.sudo().write({"state": "pending", "attempts": 0, "next_try_at": False})
        self.sudo()._publish()
        self._trigger_download()
        return True

    @api.model
    def _trigger_download(self, at=None):
        # sudo: ir.cron - agents and webhooks may wake it
        self.env.ref("messaging_inbox.ir_cron_download_media").sudo()._trigger(at)

    @api.model
    def _cron_download(self):
        done = work_queue.run(self._download_next, SHORTEST_DOWNLOAD)
        if self._next_pending():
            self._trigger_download()
        self.env["ir.cron"]._commit_progress(done)

    @api.model
    def _next_pending(self, lock=False):
        """Return a due file, those never tried first."""
        query = SQL(
            """
            SELECT q.id FROM messaging_media q
             WHERE q.state = 'pending'
               AND (q.next_try_at IS NULL OR q.next_try_at <= %s)
             ORDER BY q.next_try_at NULLS FIRST, q.id LIMIT 1
            """,
            fields.Datetime.now(),
        )
        return work_queue.due(self, query, lock)

    def _prepare_download(self):
        """Count an attempt and lease the file for it; return (provider, reference).

        Return None if no attempts are left.
        """
        if self.attempts > len(RETRY_DELAYS):
            return None
        lease = fields.Datetime.now() + LEASE
        self.write({"attempts": self.attempts + 1, "next_try_at": lease})
        provider = self.message_id.channel_id.account_id._provider()
        return provider, MediaRef(self.url, self.content_type or "", self.name or "")

    @api.model
    def _download_next(self):
        """Download one due file; return False if none is due."""
        find = partial(self._next_pending, lock=True)
        media, request = work_queue.claim(
            self.env, find, lambda row: row._prepare_download()
        )
        if not media:
            return False
        if not request:
            # Each attempt died with its process before it could be settled.
            media._keep_outcome(Refused(Reason.OTHER, detail=self._died_sentence()))
            return True
        provider, reference = request
        try:
            with time_limit.limited(max(time_limit.remaining() - TIME_TO_STORE, 0)):
                file = media_types.spool(provider.download(reference))
        except Exception as error:
            media._keep_outcome(error)
            return True
        # Before locking any row, since it may take seconds.
        file.look_at_picture()
        with file:
            media._keep_outcome(file)
        return True

    def _died_sentence(self):
        return self.env._("The server stopped during every download of this file.")

    def _keep_outcome(self, outcome):
        """Store the file or the failure; an error while storing counts as failure."""
        work_queue.settle(self.env, self._settle, outcome, lambda error: error)

    def _settle(self, outcome):
        if not self._lock_wanted():
            return
        if isinstance(outcome, Exception):
            self._download_failed(outcome)
        else:
            self._attach(outcome)
        self._publish()
        self.message_id._after_display_change()

    def _lock_wanted(self):
        """Lock conversation and message; return whether the file is still wanted.

        The message may have been unsent or deleted during the download. Both lock the
        conversation first, so if they come after us, they find the file.
        """
        self.env.invalidate_all()
        self.env.execute_query(
            SQL(
                """
                SELECT m.id FROM messaging_media media
                  JOIN messaging_message m ON m.id = media.message_id
                  JOIN messaging_conversation c ON c.id = m.conversation_id
                 WHERE media.id = %s FOR NO KEY UPDATE OF c, m
                """,
                self.id,
            )
        )
        return bool(self.exists())

    def _attach(self, file):
        message = self.message_id
        name = file.filename or self.name or ""
        mimetype = media_types.sniff(file.content, self._claim(file), name)
        name = media_types.with_ending(name or message.kind, mimetype)
        attachment = self.env["ir.attachment"]._messaging_create(
            file.content,
            {
                "name": name,
                "mimetype": mimetype if file.is_shown else media_types.OTHER,
                "res_model": message.conversation_id._name,
                "res_id": message.conversation_id.id,
            },
            file.thumbnail,
        )
        message.attachment_ids += attachment
        if mimetype == "text/vcard":
            message._add_contacts(file.content)
        self.write({"attachment_id": attachment.id, "state": "ready", "error": False})

    def _claim(self, file):
        """Return the content type that the sender claims.

        With some providers, only the message's kind distinguishes audio from video.
        """
        of_kind = "audio/*" if self.message_id.kind == "audio" else ""
        return self.content_type or of_kind or file.content_type

    def _download_failed(self, error):
        if not isinstance(error, (ProviderError, *TEMPORARY)):
            _logger.error("Media %s can't be downloaded", self.id, exc_info=error)
        elif not isinstance(error, ProviderError):
            _logger.warning("Media %s can't be stored: %r", self.id, error)
        values = {"error": _error_text(error)}
        if isinstance(error, TEMPORARY) and self.attempts <= len(RETRY_DELAYS):
            retry_after = getattr(error, "retry_after", None) or 0
            delay = max(RETRY_DELAYS[self.attempts - 1], retry_after)
            values["next_try_at"] = fields.Datetime.now() + timedelta(seconds=delay)
            self._trigger_download(values["next_try_at"])
        else:
            values["state"] = "failed"
            log_event("file_given_up", file=self.id, message=self.message_id.id)
        self.write(values)

    def _publish(self):
        self.env["messaging.bus"]._changed([], self.message_id.ids)


def _error_text(error):
    """Return why a download failed, without paths or values from our own errors."""
    if isinstance(error, SendError) and error.detail:
        return error.detail[:500]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (
        str(error)[:500] if isinstance(error, ProviderError) else type(error).__name__
    )

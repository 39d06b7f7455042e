"""Files that customers sent: fetched after the webhook, each with its own state."""

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

_logger = logging.getLogger(__name__)

RETRY_DELAYS = [5, 30, 120, 600, 3600, 6 * 3600]
# What passes by itself, besides what the provider says: a full disk, a lost database.
PASSING = (Retryable, OSError, psycopg2.OperationalError)
# The seconds without which no download is begun.
SHORTEST = 10
# The seconds for storing a file once it is here.
FOR_STORING = 5
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
        [("pending", "On its way"), ("ready", "Here"), ("failed", "Given up")],
        required=True,
        default="pending",
    )
    attempts = fields.Integer()
    next_try_at = fields.Datetime()
    error = fields.Char()
    expires_at = fields.Datetime(help="Until when the file may be kept.")
    # Indexed: every attachment that Odoo deletes is looked for here.
    attachment_id = fields.Many2one(
        "ir.attachment", ondelete="set null", index="btree_not_null"
    )

    _pending_idx = models.Index("(id) WHERE state = 'pending'")
    _expires_idx = models.Index("(expires_at) WHERE expires_at IS NOT NULL")

    @api.autovacuum
    def _gc_expired(self):
        """Let go of files that may not be kept."""
        expired = self.search([("expires_at", "<", fields.Datetime.now())])
        expired.message_id._before_files_delete()
        expired.attachment_id.unlink()
        error = self.env._("Stories are only available for a day.")
        expired.write({"state": "failed", "error": error, "expires_at": False})
        self.env["messaging.bus"]._changed([], expired.message_id.ids)

    def action_retry(self):
        """Try once more what was given up."""
        for media in self:
            media.message_id.conversation_id.check_access("write")
            if media.state != "failed":
                raise UserError(self.env._("Only failed downloads can be retried."))
        # sudo: messaging.media - written by our own code alone, checked above
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
        done = work_queue.run(self._download_next, SHORTEST)
        if self._next_pending():
            self._trigger_download()
        self.env["ir.cron"]._commit_progress(done)

    @api.model
    def _next_pending(self, lock=False):
        """Return a file that is due; one that wasn't tried yet before any other."""
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
        """Lease it for an attempt; return (provider, reference), None without one."""
        if self.attempts > len(RETRY_DELAYS):
            return None
        lease = fields.Datetime.now() + LEASE
        self.write({"attempts": self.attempts + 1, "next_try_at": lease})
        provider = self.message_id.channel_id.account_id._provider()
        return provider, MediaRef(self.url, self.content_type or "", self.name or "")

    @api.model
    def _download_next(self):
        """Fetch one due file; False when none is due."""
        find = partial(self._next_pending, lock=True)
        media, request = work_queue.claim(
            self.env, find, lambda row: row._prepare_download()
        )
        if not media:
            return False
        if not request:
            # Each try ended with its process, before it could say so.
            media._keep_outcome(Refused(Reason.OTHER, detail=self._died_sentence()))
            return True
        provider, reference = request
        try:
            with time_limit.limited(max(time_limit.remaining() - FOR_STORING, 0)):
                file = media_types.spool(provider.download(reference))
        except Exception as error:
            media._keep_outcome(error)
            return True
        # Before any row is locked: it may take seconds.
        file.look_at_picture()
        with file:
            media._keep_outcome(file)
        return True

    def _died_sentence(self):
        return self.env._("The server stopped each time it downloaded this file.")

    def _keep_outcome(self, outcome):
        """Store the file or its failure; a file that can't be stored has failed."""
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
        """Lock conversation and message; tell whether the file may still be stored.

        A message may have been taken back or deleted while its file was on its way.
        Both lock the conversation first: what comes after us finds the file.
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
        """Return what the sender says the file is.

        Some providers tell sound from film only by the kind of the message.
        """
        of_kind = "audio/*" if self.message_id.kind == "audio" else ""
        return self.content_type or of_kind or file.content_type

    def _download_failed(self, error):
        if not isinstance(error, (ProviderError, *PASSING)):
            _logger.error("Media %s can't be fetched", self.id, exc_info=error)
        elif not isinstance(error, ProviderError):
            _logger.warning("Media %s can't be stored: %r", self.id, error)
        values = {"error": _words(error)}
        if isinstance(error, PASSING) and self.attempts <= len(RETRY_DELAYS):
            wish = getattr(error, "retry_after", None) or 0
            delay = max(RETRY_DELAYS[self.attempts - 1], wish)
            values["next_try_at"] = fields.Datetime.now() + timedelta(seconds=delay)
            self._trigger_download(values["next_try_at"])
        else:
            values["state"] = "failed"
        self.write(values)

    def _publish(self):
        self.env["messaging.bus"]._changed([], self.message_id.ids)


def _words(error):
    """Return why a download failed; an error of ours may name paths and values."""
    if isinstance(error, SendError) and error.detail:
        return error.detail[:500]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (
        str(error)[:500] if isinstance(error, ProviderError) else type(error).__name__
    )

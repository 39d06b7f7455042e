"""Erasing: a message loses what was said, and keeps what must stay true.

Its row stays, so that order, counters, read markers, quotes and statuses don't change
and a redelivery doesn't restore it. ``data.unsent`` tells everybody that there is no
content; ``data.erased`` says why.
"""

from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...tools import work_queue

BATCH = 200
CONVERSATION = "messaging.conversation"
# What isn't content: how the message came about, and names of former colleagues.
KEPT_DATA = ("sent_outside", "former", "history", "replayed")
# Not erased yet. Whatever waits to be sent stays until then.
HAS_CONTENT = SQL("m.direction <> 'event' AND (m.data ? 'unsent') IS NOT TRUE")
IS_QUEUED = SQL("coalesce(m.state IN ('queued', 'sending'), FALSE)")


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    _kept_idx = models.Index(
        "(channel_id, sent_at)"
        " WHERE direction <> 'event' AND (data ? 'unsent') IS NOT TRUE"
    )
    _files_idx = models.Index("(channel_id, sent_at) WHERE file_names IS NOT NULL")

    def _is_erased(self):
        return bool((self.data or {}).get("erased"))

    def _may_retry(self):
        return super()._may_retry() and not self._is_erased()

    def _erase(self):
        """Delete the content of these messages; call it under their locks."""
        self._delete_files()
        self._reaction().unlink()
        self.env.execute_query(
            SQL(
                """
                UPDATE messaging_message
                   SET body = NULL, file_names = NULL, error_detail = NULL,
                       data = '{"unsent": true, "erased": "retention"}'::jsonb || (
                           SELECT coalesce(jsonb_object_agg(key, value), '{}')
                             FROM jsonb_each(coalesce(data, '{}'))
                            WHERE key = ANY(%s))
                 WHERE id = ANY(%s) RETURNING id
                """,
                list(KEPT_DATA),
                list(self.ids),
            )
        )
        conversations = self._forget_previews()
        self._erased(conversations)
        self._after_erase()

    def _erase_files(self):
        """Delete the files of these messages only; call it under their locks."""
        counts = {each.id: len(each.attachment_ids | each._files()) for each in self}
        self._delete_files()
        for message in self:
            data = {**(message.data or {}), "files_erased": counts[message.id]}
            message.data = data
        self._erased([])

    def _files(self):
        return self.media_ids.attachment_id

    def _delete_files(self):
        """Delete files, also from notes and the filestore, and pending downloads.

        A file that another message has, too, stays there.
        """
        self._before_files_delete()
        files = self.attachment_ids | self._files()
        domain = Domain("attachment_ids", "in", files.ids)
        others = self.search(domain & Domain("id", "not in", self.ids)) if files else []
        shared = self.browse().union(*others).attachment_ids
        self.media_ids.unlink()
        self.write({"attachment_ids": [Command.clear()]})
        (files - shared).filtered(lambda f: f.res_model == CONVERSATION).unlink()
        self.env.flush_all()

    def _forget_previews(self):
        """Empty the previews in lists; return the ids of the conversations."""
        rows = self.env.execute_query(
            SQL(
                "UPDATE messaging_conversation SET last_message_preview = NULL"
                " WHERE last_message_id = ANY(%s) RETURNING id",
                list(self.ids),
            )
        )
        return [row[0] for row in rows]

    def _erased(self, conversation_ids):
        self.env.invalidate_all()
        self._after_display_change()
        self.env["messaging.bus"]._changed(conversation_ids, self.ids)
        # Last, because all concurrent changes of the message are on the bus by now.
        self.env["messaging.bus"]._forget(message_ids=self.ids)


class MessagingChannel(models.Model):
    """Messages and files that a channel no longer keeps."""

    _inherit = "messaging.channel"

    def _erase_some(self):
        return super()._erase_some() or self._erase_messages() or self._erase_files()

    def _erase_messages(self):
        due = self._lock_old_messages(self._kept_since("messages"), HAS_CONTENT)
        return _done(due, lambda messages: messages._erase(), "Erasing")

    def _erase_files(self):
        since = self._kept_since("files")
        due = self._lock_old_messages(since, SQL("m.file_names IS NOT NULL"))
        return _done(due, lambda messages: messages._erase_files(), "Erasing files")

    @api.model
    def _lock_old_messages(self, since, condition):
        """Lock and return the oldest messages from before ``since``, at most BATCH.

        Lock the conversations first, as everybody does. Those that others have locked
        are left to the next batch.
        """
        Message = self.env["messaging.message"]
        if not since:
            return Message
        due = SQL(
            "SELECT m.id, m.conversation_id FROM messaging_message m"
            " WHERE m.channel_id = %s AND m.sent_at < %s AND %s AND NOT %s",
            self.id,
            since,
            condition,
            IS_QUEUED,
        )
        found = SQL("%s ORDER BY m.sent_at LIMIT %s", due, BATCH)
        rows = self.env.execute_query(found)
        if not rows:
            return Message
        ids, conversation_ids = map(list, zip(*rows, strict=True))
        query = SQL(
            "SELECT q.id FROM messaging_conversation q WHERE q.id = ANY(%s)"
            " ORDER BY q.id",
            conversation_ids,
        )
        locked = work_queue.due(self.env[CONVERSATION], query, lock=True)
        rows = self.env.execute_query(
            SQL(
                "%s AND m.id = ANY(%s) AND m.conversation_id = ANY(%s)"
                " ORDER BY m.id FOR NO KEY UPDATE",
                due,
                ids,
                locked.ids,
            )
        )
        self.env.invalidate_all()
        return Message.browse([row[0] for row in rows])


def _done(due, work, action):
    """Do it for all messages or one by one; return whether any succeeded."""
    if not due:
        return False
    failed = work_queue.together_or_one_by_one(due.env, work, due, action)
    return len(failed) < len(due)

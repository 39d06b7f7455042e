from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from ...providers.events import MessageReceived
from .messages import direction_of

# What a customer showed for a day is not ours to keep for longer.
STORY = timedelta(hours=24)


class MessagingIngest(models.AbstractModel):
    """What new messages bring about.

    ``stored`` are (the conversation as the inbox knows it, the message's id, the
    conversation as it was, the event).
    """

    _inherit = "messaging.ingest"

    def _follow(self, rows, entries):
        """Do what new messages bring about: quotes, files, events, live news."""
        stored = [
            (row, message_id, *entries[row["channel_id"], provider_message_id])
            for row in rows
            for provider_message_id, message_id in row.pop("messages")
        ]
        self._link_quotes(stored)
        self._insert_media(stored)
        for row, message_id, _conversation, event in stored:
            self._publish(row, message_id, event)
        self._note_changes(stored)
        self._after_messages(stored)

    def _after_messages(self, stored):
        """Hook: new messages are stored, with their quotes, files and events.

        Runs in the webhook's transaction, which must stay short. The insert has set
        what is due of the conversations (``notes_due``, ``notifications_due``).
        """

    def _is_call(self, event):
        """Whether users are to be told: a replay can be found, but calls nobody."""
        is_replay = self.env.context.get("messaging_replay")
        return isinstance(event, MessageReceived) and not is_replay

    def _publish(self, row, message_id, event):
        """Tell open inboxes: a plain message is known without reading it again."""
        bus = self.env["messaging.bus"]
        if self._is_call(event):
            bus._arrived(message_id)
        if event.media or event.reply_to:
            bus._changed_values(row)
            bus._changed([], [message_id])
        else:
            bus._changed_values(row, self._message_value(row, message_id, event))

    def _message_value(self, row, message_id, event):
        return self.env["messaging.message"]._inbox_value(
            {
                "id": message_id,
                "conversation_id": row["id"],
                "channel_id": row["channel_id"],
                "access_epoch": row["access_epoch"],
                **direction_of(event),
                "kind": event.kind,
                "body": event.text,
                "data": dict(event.data),
                "sent_at": event.sent_at,
            }
        )

    def _link_quotes(self, stored):
        """Let messages point to those that they answer, of this body or earlier."""
        quotes = [
            (id_, event.reply_to) for _r, id_, _c, event in stored if event.reply_to
        ]
        if quotes:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE messaging_message m SET reply_to_id = quoted.id
                      FROM unnest(%s::int[], %s::varchar[]) AS q(id, quoted),
                           messaging_message quoted
                     WHERE m.id = q.id AND quoted.channel_id = m.channel_id
                       AND quoted.provider_message_id = q.quoted
                    """,
                    *map(list, zip(*quotes, strict=True)),
                )
            )

    def _insert_media(self, stored):
        rows = [
            SQL("(%s, %s, %s, %s, %s, %s, 'pending', 0)", message_id, position, *values)
            for _row, message_id, _conversation, event in stored
            for position, media in enumerate(event.media)
            for values in [
                (media.url, media.content_type, media.filename, _expiry(event))
            ]
        ]
        if not rows:
            return
        self.env.execute_query(
            SQL(
                "INSERT INTO messaging_media (message_id, position, url, content_type,"
                " name, expires_at, state, attempts) VALUES %s RETURNING id",
                SQL(", ").join(rows),
            )
        )
        self.env["messaging.media"]._trigger_download()

    def _note_changes(self, stored):
        """Keep in events what these messages change: opened again, opted out or in."""
        for row, _message_id, conversation, event in stored:
            if not isinstance(event, MessageReceived):
                continue
            record = self.env["messaging.conversation"].browse(row["id"])
            if conversation["state"] == "closed":
                conversation["state"] = "open"
                record._log_event("reopened", automatic=True)
            if event.opt:
                record._set_opted_out(event.opt == "out")


def _expiry(event):
    """Return until when a file may be kept, None for as long as the conversation."""
    is_story = event.data.get("story_mention") or event.data.get("shared_story")
    return event.sent_at + STORY if is_story else None

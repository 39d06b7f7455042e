"""The body of a note. Customers' text is always escaped."""

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import SQL

from ..live.bus import about

MOST_MESSAGES = 200


class MessagingNoteWindow(models.Model):
    _inherit = "messaging.note.window"

    def _shown(self):
        """Return {window: its latest messages, oldest first}."""
        if not self:
            return {}
        self.env["messaging.message"].flush_model(["sent_at"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT w.id, shown.ids
                  FROM unnest(%s::int[]) AS w (id), LATERAL (
                       SELECT array_agg(m.id ORDER BY m.sent_at, m.id) AS ids
                         FROM (
                              SELECT m.id, m.sent_at
                                FROM messaging_note_window_message_rel rel
                                JOIN messaging_message m
                                  ON m.id = rel.messaging_message_id
                               WHERE rel.messaging_note_window_id = w.id
                               ORDER BY m.sent_at DESC, m.id DESC LIMIT %s) m) shown
                """,
                list(self.ids),
                MOST_MESSAGES,
            )
        )
        Message = self.env["messaging.message"]
        together = [id_ for _window, ids in rows for id_ in ids or ()]
        windows = self.browse(window_id for window_id, _ids in rows)
        return {
            window._in_user_language(): Message.browse(ids or ()).with_prefetch(
                together
            )
            for window, (_id, ids) in zip(windows, rows, strict=True)
        }

    def _assignee_name(self):
        return self.conversation_id.user_id.name or self.env._("Unassigned")

    def _in_user_language(self):
        """Return these windows in the language and time zone of their note's author."""
        author = self.author_id
        return self.with_context(lang=author.lang or None, tz=author.tz or "UTC")

    def _head(self):
        """Return the part above the messages, and update the assignee it names."""
        if not self.assignee or self._running(fields.Datetime.now()):
            self.assignee = self._assignee_name()
        parts = [self._heading(), self._assignee_line()]
        earlier = self.message_count - MOST_MESSAGES
        if earlier > 0:
            parts.append(self._earlier_line(earlier))
        return Markup("").join(parts)

    def _body(self, head, messages):
        lines = Markup("<ul>%s</ul>") % messages.with_env(self.env)._lines()
        return Markup("<div>%s%s</div>") % (head, lines if messages else "")

    def _heading(self):
        conversation = self.conversation_id
        names = [conversation.contact_name, conversation.contact_phone]
        who = " · ".join(dict.fromkeys(name for name in names if name))
        title = self.env._(
            "%(channel)s conversation with %(customer)s",
            channel=conversation._kind_name(),
            customer=who,
        )
        zone = self.env._("times in %(zone)s", zone=self.env.context["tz"])
        return Markup("<p><strong>%s</strong> · %s · %s</p>") % (
            title,
            self._link(self.env._("Open the conversation")),
            zone,
        )

    def _link(self, text):
        # A relative URL survives a change of the server's domain.
        return Markup('<a href="/odoo/messaging/%s">%s</a>') % (
            self.conversation_id.id,
            text,
        )

    def _assignee_line(self):
        return Markup("<p>%s</p>") % self.env._(
            "Assigned to: %(user)s", user=self.assignee
        )

    def _earlier_line(self, number):
        words = self.env._("%(number)s earlier messages", number=number)
        return Markup("<p>%s</p>") % self._link(words)

    # ------------------------------------------------------------------
    # the open chatter
    # ------------------------------------------------------------------

    def _publish(self):
        """Publish the notes to open chatters of users who may see the conversation."""
        values = []
        for channel, windows in self.grouped(
            lambda w: w.conversation_id.channel_id
        ).items():
            notes = [window._note_values() for window in windows]
            key = channel.id, channel.access_epoch
            subjects = about(windows.conversation_id.ids)
            values.append((key, "notes", {"notes": notes}, subjects))
        self.env["messaging.bus"]._send(values)

    def _note_values(self):
        record = self._record()
        return {
            "thread": {"model": record._name, "id": record.id},
            "note": self.mail_message_id.id,
        }

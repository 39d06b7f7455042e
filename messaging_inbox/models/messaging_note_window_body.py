"""What a note says: text of customers is text here, never markup."""

from markupsafe import Markup

from odoo import models
from odoo.tools import SQL

from odoo.addons.mail.tools.discuss import Store

MOST_MESSAGES = 200


class MessagingNoteWindow(models.Model):
    _inherit = "messaging.note.window"

    def _shown(self):
        """Return {window: (its latest messages in the order of time, their total)}."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT w.id, shown.ids, shown.total
                  FROM unnest(%s::int[]) AS w (id), LATERAL (
                       SELECT array_agg(m.id ORDER BY m.sent_at, m.id) AS ids,
                              max(m.total) AS total
                         FROM (
                              SELECT m.id, m.sent_at, count(*) OVER () AS total
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
        together = Message.browse(
            id_ for _window, ids, _total in rows for id_ in ids or ()
        )
        return {
            self.browse(window_id).with_prefetch(self.ids): (
                Message.browse(ids or ()).with_prefetch(together.ids),
                total or 0,
            )
            for window_id, ids, total in rows
        }

    def _assignee_name(self):
        return self.conversation_id.user_id.name or self._in_words().env._("Unassigned")

    def _in_words(self):
        """Speak as the author does: language and time zone of who linked."""
        author = self.author_id
        return self.with_context(lang=author.lang or None, tz=author.tz or "UTC")

    def _body(self, messages, total):
        window = self._in_words()
        parts = [window._heading(), window._assignee_line()]
        if total > len(messages):
            parts.append(window._earlier_line(total - len(messages)))
        parts.append(messages.with_env(window.env)._lines())
        return Markup("<div>%s</div>") % Markup("").join(parts)

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
        # Relative: it survives a change of the server's name.
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

    def _tell(self, new):
        """Refresh open chatters of those who may see the conversations.

        A chatter fetches a note that is ``new`` by itself.
        """
        told = []
        for window in self:
            record, conversation = window._record(), window.conversation_id
            # The conversation's id lets the bus forget it with the conversation.
            payload = {
                "conversations": [{"id": conversation.id}],
                "thread": {"model": record._name, "id": record.id},
            }
            if window not in new:
                payload["store_data"] = window._store_data()
            channel = conversation.channel_id
            told.append(((channel.id, channel.access_epoch), "note", payload))
        self.env["messaging.bus"]._send(told)

    def _store_data(self):
        names = ["body", "write_date", Store.Many("attachment_ids", sort="id")]
        return Store().add(self.mail_message_id, names).get_result()

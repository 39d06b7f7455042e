"""What a note says: text of customers is text here, never markup."""

from markupsafe import Markup, escape

from odoo import models
from odoo.tools import SQL, format_datetime

from odoo.addons.mail.tools.discuss import Store

MOST_MESSAGES = 200


class MessagingNoteWindow(models.Model):
    _inherit = "messaging.note.window"

    def _shown(self):
        """Return the latest messages in the order of their time, and the total."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id, count(*) OVER ()
                  FROM messaging_note_window_message_rel rel
                  JOIN messaging_message m ON m.id = rel.messaging_message_id
                 WHERE rel.messaging_note_window_id = %s
                 ORDER BY m.sent_at DESC, m.id DESC LIMIT %s
                """,
                self.id,
                MOST_MESSAGES,
            )
        )
        ids = [row[0] for row in reversed(rows)]
        return self.env["messaging.message"].browse(ids), rows[0][1] if rows else 0

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
        messages = messages.with_env(window.env)
        lines = Markup("").join(window._message_line(message) for message in messages)
        parts.append(Markup("<ul>%s</ul>") % lines if lines else Markup(""))
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
    # a message
    # ------------------------------------------------------------------

    def _message_line(self, message):
        data = message.data or {}
        texts = [message.body or "", *self._content(message), *self._files(message)]
        if data.get("unsent"):
            texts = [self.env._("[message deleted]")]
        if message.direction == "outbound" and message.state == "failed":
            texts.append(self.env._("[not delivered]"))
        text = Markup("<br/>").join(
            escape(line) for text in texts if text for line in text.splitlines()
        )
        when = format_datetime(self.env, message.sent_at, tz=self.env.context["tz"])
        return Markup("<li>%s · <strong>%s</strong>: %s</li>") % (
            when,
            self._sender(message),
            text,
        )

    def _sender(self, message):
        if message.direction == "inbound":
            conversation = message.conversation_id
            return conversation.contact_name or conversation.contact_phone or ""
        return message.author_id.name or self.env._("Sent outside Odoo")

    def _content(self, message):
        """Return what a message that is neither text nor file carries."""
        if message.kind not in ("location", "contact", "reply_choice", "unsupported"):
            return []
        if message.kind == "reply_choice" and message.body:
            return []
        data = message.data or {}
        names = ("label", "address", "name", "title", "latitude", "longitude")
        values = [str(data[name]) for name in names if data.get(name)]
        return [f"[{': '.join([self._kind_word(message), *values[:4]])}]"]

    def _kind_word(self, message):
        selection = message._fields["kind"]._description_selection(self.env)
        return dict(selection)[message.kind]

    def _files(self, message):
        """Return a line per file; one that isn't here yet has a place-holder."""
        lines = [f"📎 {file.name}" for file in message.attachment_ids]
        for media in message.media_ids.filtered(lambda m: not m.attachment_id):
            words = media.name or self._kind_word(message)
            fate = self.env._("on its way")
            if media.state != "pending":
                fate = self.env._("could not be fetched")
            lines.append(f"[{words}: {fate}]")
        return lines

    # ------------------------------------------------------------------
    # the open chatter
    # ------------------------------------------------------------------

    def _tell(self, is_new):
        """Refresh open chatters of those who may see the conversation."""
        record, conversation = self._record(), self.conversation_id
        channel = conversation.channel_id
        # The conversation's id lets the bus forget it with the conversation.
        payload = {
            "conversations": [{"id": conversation.id}],
            "thread": {"model": record._name, "id": record.id},
        }
        if not is_new:
            payload["store_data"] = self._store_data()
        self.env["bus.bus"]._sendone(
            (channel, f"inbox-{channel.access_epoch}"), "messaging_inbox/note", payload
        )

    def _store_data(self):
        names = ["body", "write_date", Store.Many("attachment_ids", sort="id")]
        return Store().add(self.mail_message_id, names).get_result()

"""Messages as lines of a note or an email: what customers wrote is never markup.

Language and time zone are those of the context.
"""

from markupsafe import Markup, escape

from odoo import models
from odoo.tools import format_datetime

from .messaging_conversation import EXTRAS


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    def _lines(self):
        return Markup("").join(message._line() for message in self)

    def _line(self):
        self.ensure_one()
        texts = [self.body or "", *self._line_of_content(), *self._lines_of_files()]
        if (self.data or {}).get("unsent"):
            texts = [self.env._("[message deleted]")]
        elif self._is_empty(texts):
            texts = [self.env._("(empty message)")]
        if self.direction == "outbound" and self.state == "failed":
            texts.append(self.env._("[not delivered]"))
        text = Markup("<br/>").join(
            escape(line) for text in texts if text for line in text.splitlines()
        )
        when = format_datetime(self.env, self.sent_at, tz=self.env.context["tz"])
        return Markup("<li>%s · <strong>%s</strong>: %s</li>") % (
            when,
            self._sender_name(),
            text,
        )

    def _is_empty(self, texts):
        """Tell whether it is a text that says nothing and brings nothing else."""
        says = any(text.strip() for text in texts) or self.kind != "text"
        return not says and not (self.data or {}).keys() & set(EXTRAS)

    def _sender_name(self):
        if self.direction == "inbound":
            conversation = self.conversation_id
            return conversation.contact_name or conversation.contact_phone or ""
        return self.author_id.name or self.env._("Sent outside Odoo")

    def _line_of_content(self):
        """Return what a message that is neither text nor file carries."""
        if self.kind not in ("location", "contact", "reply_choice", "unsupported"):
            return []
        if self.kind == "reply_choice" and self.body:
            return []
        data = self.data or {}
        names = ("label", "address", "name", "title", "latitude", "longitude")
        values = [str(data[name]) for name in names if data.get(name)]
        return [f"[{': '.join([self._kind_word(), *values[:4]])}]"]

    def _kind_word(self):
        selection = self._fields["kind"]._description_selection(self.env)
        return dict(selection).get(self.kind, self.kind)

    def _lines_of_files(self):
        """Return a line per file; one that isn't here yet has a place-holder."""
        lines = [f"📎 {file.name}" for file in self.attachment_ids]
        for media in self.media_ids.filtered(lambda m: not m.attachment_id):
            words = media.name or self._kind_word()
            fate = self.env._("on its way")
            if media.state != "pending":
                fate = self.env._("could not be fetched")
            lines.append(f"[{words}: {fate}]")
        return lines

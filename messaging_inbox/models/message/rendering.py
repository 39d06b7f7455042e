"""Messages as HTML lines for notes and emails. Customers' text is always escaped.

Language and time zone come from the context.
"""

import json

from markupsafe import Markup, escape

from odoo import api, models
from odoo.tools import SQL

from ...tools.moments import moment_words
from ...tools.whatsapp_formatting import draw_formatting, without_formatting
from ..conversation.conversation import EXTRAS


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    def _lines(self):
        return Markup("").join(message._line() for message in self)

    def _line(self):
        self.ensure_one()
        template = (self.data or {}).get("template", {})
        texts = [template.get("header"), self._drawn_body(), template.get("footer")]
        texts += [self._text_of_contacts()]
        texts += [*self._line_of_content(), *self._lines_of_cards()]
        texts += self._lines_of_files()
        if (self.data or {}).get("unsent"):
            texts = [self._gone_sentence()]
        elif self._is_empty(texts):
            texts = [self.env._("(empty message)")]
        if self.direction == "outbound" and self.state == "failed":
            texts.append(self.env._("[not delivered]"))
        text = Markup("<br/>").join(
            escape(line) for text in texts if text for line in text.splitlines()
        )
        return Markup("<li>%s · <strong>%s</strong>: %s</li>") % (
            moment_words(self.env, self.sent_at),
            self._sender_name(),
            text,
        )

    def _gone_sentence(self):
        if self._is_erased():
            return self.env._("[message erased]")
        return self.env._("[message deleted]")

    def _has_formatting(self):
        """Return whether to render formatting such as *bold*, as WhatsApp does."""
        return self.direction != "note" and self.channel_id.kind == "whatsapp"

    def _drawn_body(self):
        body = self.body or ""
        return draw_formatting(body) if self._has_formatting() else body

    def _plain_text(self):
        """Return the message as plain text, with formatting characters removed."""
        body = self.body or ""
        said = without_formatting(body) if self._has_formatting() else body
        return "\n".join(filter(None, (said, self._text_of_contacts())))

    def _is_empty(self, texts):
        """Return whether the message has neither text nor any other content."""
        says = any(text.strip() for text in texts if text) or self.kind != "text"
        return not says and not (self.data or {}).keys() & set(EXTRAS)

    def _sender_name(self):
        if self.direction == "inbound":
            conversation = self.conversation_id
            return conversation.contact_name or conversation.contact_phone or ""
        if (self.data or {}).get("sent_outside"):
            return self.env._("Sent outside Odoo")
        return self._author_name() or self.env._("Someone")

    def _author_name(self):
        return self.author_id.name or (self.data or {}).get("former", {}).get("author")

    @api.model
    def _keep_names(self, users):
        """Store the names of users about to be deleted in their messages and events.

        ``data.former`` is ``{"author", "from", "to": name}``, for the columns that the
        deletion empties.
        """
        # sudo: res.users - names of colleagues
        names = {str(user.id): user.name for user in users.sudo()}
        self.flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE messaging_message
                   SET data = coalesce(data, '{}') || jsonb_build_object('former',
                       coalesce(data->'former', '{}') || jsonb_strip_nulls(
                           jsonb_build_object(
                               'author', %(names)s::jsonb -> author_id::text,
                               'from', %(names)s::jsonb -> event_from::text,
                               'to', %(names)s::jsonb -> event_to::text)))
                 WHERE author_id = ANY(%(ids)s) OR event_from = ANY(%(ids)s)
                    OR event_to = ANY(%(ids)s)
             RETURNING id
                """,
                names=json.dumps(names),
                ids=users.ids,
            )
        )
        self.invalidate_model(["data"])

    def _line_of_content(self):
        """Return a list with the line for a place, contact, choice or unknown kind."""
        data = self.data or {}
        is_place = self.kind == "location" or "latitude" in data
        if not is_place and self.kind not in ("contact", "reply_choice", "unsupported"):
            return []
        if self.kind in ("reply_choice", "contact") and self.body:
            return []
        names = ("label", "address", "name", "title", "latitude", "longitude")
        values = [str(data[name]) for name in names if data.get(name)]
        word = self._kind_word("location" if is_place else self.kind)
        return [f"[{': '.join([word, *values[:4]])}]"]

    def _lines_of_cards(self):
        """Return lines for shared posts, products, the booking and the referral."""
        data, body = self.data or {}, self.body or ""
        lines = [_joined(share, "title", "url") for share in data.get("shares", ())]
        lines += [
            _joined(product, "title", "subtitle", "price", "retailer_id", "id")
            for product in data.get("products", ())
        ]
        lines.append(_joined(data.get("appointment") or {}, "status", "when"))
        product = (data.get("referral") or {}).get("product_id")
        if product:
            lines.append(self.env._("Asks about product %(id)s", id=product))
        return [f"[{line}]" for line in lines if line and line not in body]

    def _kind_word(self, kind=None):
        kind = kind or self.kind
        selection = self._fields["kind"]._description_selection(self.env)
        return dict(selection).get(kind, kind)

    def _lines_of_files(self):
        """Return a line per file, with a placeholder if it isn't downloaded."""
        lines = [f"📎 {file.name}" for file in self.attachment_ids]
        for media in self.media_ids.filtered(lambda m: not m.attachment_id):
            words = media.name or self._kind_word()
            state = self.env._("downloading")
            if media.state != "pending":
                state = self.env._("could not be downloaded")
            lines.append(f"[{words}: {state}]")
        if (self.data or {}).get("files_erased"):
            lines.append(self.env._("[files erased]"))
        return lines


def _joined(values, *names):
    """Return the non-empty values of these names on one line, without repeats."""
    found = [str(values[name]) for name in names if values.get(name)]
    return " · ".join(dict.fromkeys(found))

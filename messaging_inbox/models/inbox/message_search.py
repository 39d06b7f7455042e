"""Search in what was written: messages, private notes and names of files."""

from datetime import date, datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.client_values import (
    are_filters,
    expects,
    is_id,
    is_number,
    is_text,
    is_true,
)
from ...tools.folding import excerpt, find_words
from ..search.folded_text import MOST_WORDS, are_short, has_words
from .lists import first_matching, select
from .search import text_of

MOST_HITS = 50
MOST_FOUND_WITHIN = 500
# More than any conversation has.
MOST_READ_WITHIN = 1_000_000
EXCERPT = 160
# With short words only, so many of the latest messages are searched.
RECENT = 10_000
# So many of the latest ids are searched first, without the index: there the hits of a
# frequent word are found at once, while the index would return all of them.
LATEST = 5_000
SEARCHED = ("body", "file_names")


def is_day(value):
    """Return whether a value is a date as "2026-11-23"."""
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    # ------------------------------------------------------------------
    # messages of all conversations
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @expects(query=is_text, before=is_id, limit=is_number, filters=are_filters)
    def inbox_search_messages(self, query, before=False, limit=20, filters=None):
        """Return messages that contain all words of a query, the newest first.

        ``before`` is the id of the previous page's last message; ``filters`` maps names
        of ``_message_filters`` to values. Return ``{hits, has_more, is_recent_only}``,
        a hit as ``_hit`` describes it. ``is_recent_only``: all words are so short that
        only the latest messages were searched.
        """
        self.browse().check_access("read")
        words = text_of(query).split()[:MOST_WORDS]
        if not words:
            return {"hits": [], "has_more": False, "is_recent_only": False}
        is_short = are_short(words)
        domain = has_words(SEARCHED, query) & self._message_filters_domain(filters)
        limit = max(1, min(limit, MOST_HITS))
        newest = self._newest_message_id()
        if is_short:
            domain &= Domain("id", ">", newest - RECENT)

        def search(within, most):
            return self._search_messages(domain & within, most)

        found = _latest_first(search, "id", before or newest + 1, limit + 1)
        return {
            "hits": self._hits_of(found[:limit], words),
            "has_more": len(found) > limit,
            "is_recent_only": is_short,
        }

    def _search_messages(self, domain, limit):
        """Search what people wrote, events left out."""
        domain &= Domain("direction", "!=", "event")
        return self.env["messaging.message"].search(
            domain, order="id desc", limit=limit
        )

    def _newest_message_id(self):
        query = SQL("SELECT coalesce(max(id), 0) FROM messaging_message")
        return self.env.execute_query(query)[0][0]

    def _hits_of(self, messages, words):
        rows = {row["id"]: row for row in self._rows(messages.conversation_id)}
        # sudo: res.users - names of colleagues
        names = {user.id: user.name for user in messages.author_id.sudo()}
        return [
            self._hit(message, rows[message.conversation_id.id], names, words)
            for message in messages
            if message.conversation_id.id in rows
        ]

    def _hit(self, message, row, names, words):
        """Return one hit.

        ``{message_id, row, direction, kind, author_name, sent_at, excerpt, marks,
        file_name}``: ``row`` is the conversation as in lists; ``marks`` are [start,
        end] of the words in the excerpt, in UTF-16 units; ``file_name`` is the name of
        a file in which a word was found.
        """
        text = message.body or ""
        part, marks = excerpt(text, find_words(text, words), EXCERPT)
        files = (message.file_names or "").split("\n")
        return {
            "message_id": message.id,
            "row": row,
            "direction": message.direction,
            "kind": message.kind,
            "author_name": names.get(message.author_id.id, ""),
            "sent_at": message._fields["sent_at"].to_string(message.sent_at),
            "excerpt": part,
            "marks": [list(mark) for mark in marks],
            "file_name": next((f for f in files if find_words(f, words)), ""),
        }

    # ------------------------------------------------------------------
    # filters
    # ------------------------------------------------------------------

    @api.model
    def _message_filters(self):
        """Return ``{name: (check, build)}`` as ``_list_filters`` does."""
        return {
            "channel_id": (is_id, lambda id_: Domain("channel_id", "=", id_)),
            "user_id": (is_id, lambda id_: Domain("conversation_id.user_id", "=", id_)),
            "date_from": (is_day, lambda day: self._since("sent_at", day)),
            "date_to": (is_day, lambda day: self._until("sent_at", day)),
            "has_file": (is_true, lambda _value: Domain("file_names", "!=", False)),
        }

    def _message_filters_domain(self, filters):
        return self._domain_of_filters(self._message_filters(), filters)

    @api.model
    def _list_filters(self):
        return {
            **super()._list_filters(),
            "user_id": (is_id, lambda id_: Domain("user_id", "=", id_)),
            "date_from": (is_day, lambda day: self._since("last_message_at", day)),
            "date_to": (is_day, lambda day: self._until("last_message_at", day)),
        }

    def _since(self, field, day):
        return Domain(field, ">=", self._start_of(date.fromisoformat(day)))

    def _until(self, field, day):
        after = date.fromisoformat(day) + timedelta(days=1)
        return Domain(field, "<", self._start_of(after))

    def _start_of(self, day):
        """Return when a day begins for the user, in UTC."""
        zone = pytz.timezone(self.env.user.tz or "UTC")
        start = zone.localize(datetime.combine(day, time.min))
        return start.astimezone(pytz.UTC).replace(tzinfo=None)

    # ------------------------------------------------------------------
    # within one conversation
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @expects(query=is_text)
    def inbox_find(self, id, query):  # noqa: A002 - the client's word
        """Return the messages of one conversation that contain all words.

        Return ``{ids, has_more}``, the newest first, at most MOST_FOUND_WITHIN.
        """
        conversation = self._readable(id)
        if not text_of(query):
            return {"ids": [], "has_more": False}
        found = list(conversation._find(text_of(query), MOST_FOUND_WITHIN + 1))
        return {
            "ids": found[:MOST_FOUND_WITHIN],
            "has_more": len(found) > MOST_FOUND_WITHIN,
        }

    def _find(self, query, limit):
        """Return a Query of messages with all words, read from the newest downwards.

        The index would return those of all conversations.
        """
        Message = self.env["messaging.message"]
        domain = Domain("conversation_id", "=", self.id)
        domain &= Domain("direction", "!=", "event")
        own = Message._search(domain, order="id desc", limit=MOST_READ_WITHIN)
        rows = select(own, ("id", *SEARCHED))
        words = has_words(SEARCHED, query)
        return first_matching(Message, rows, words, "id desc", limit)


def _latest_first(search, field, before, limit):
    """Search a growing integer field downwards, its latest values by themselves first.

    ``search(domain, limit)`` returns records, the newest first; ``before`` is excluded.
    """
    bound = before - LATEST
    latest = Domain(field, "<", before) & Domain(field, ">=", bound)
    found = search(latest, limit)
    if len(found) < limit:
        found += search(Domain(field, "<", bound), limit - len(found))
    return found

"""The order of the inbox's lists: pages of sections, and names found in them.

Each section has an index in the order of its list, and a list of all sections merges
them. So a page reads about as many rows as it shows, whichever page it is and however
many conversations there are.
"""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, Query
from odoo.tools.sql import escape_psql

from ...tools.phone_numbers import digits_of
from ..conversation.conversation import SECTIONS
from ..search.folded_text import are_short, has_words
from .search import text_of

NEWEST = "last_message_id desc"
# Names are looked for in so many of the newest conversations first, one by one: there
# frequent letters are found at once, while the index would return all that have them.
READ_FIRST = 2_000
# A query leads to conversations by at most so many contacts, and so many deals.
MOST_RECORDS = 100
SEARCHED = ("contact_name", "contact_phone", "contact_username")


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def _search_newest(self, section, domain, before, limit, query=""):
        """Return the newest conversations of a section, or of all, below a cursor."""
        if before:
            domain &= _below(before)
        if text_of(query):
            found = self._search_names(section, domain, limit, text_of(query))
        else:
            found = self.env.execute_query(self._newest(section, domain, limit))
        return self.browse([row[0] for row in found])

    def _search_waiting(self, section, domain, before, limit, query=""):
        """Return those who wait, the longest wait first, then the others, newest first.

        The cursor of a waiting conversation is its first unanswered message. That of
        the others is negative, which tells the two parts apart.
        """
        found = self.browse()
        if before >= 0:
            waiting = domain & Domain("waiting_message_id", ">", before)
            if section:
                waiting &= self._section_domain(section)
            if text_of(query):
                waiting &= self._query_domain(query)
            found = self.search(waiting, order="waiting_message_id", limit=limit)
        if len(found) < limit:
            others = domain & Domain("waiting_message_id", "=", 0)
            most = limit - len(found)
            found += self._search_newest(section, others, max(0, -before), most, query)
        return found

    def _newest(self, section, domain, limit, columns=("id", "last_message_id")):
        """Return SQL for the newest rows of a section, or of all if it is empty."""
        parts = []
        for name in [section] if section else dict(SECTIONS):
            domain_of_part = self._section_domain(name) & domain
            part = self._search(domain_of_part, order=NEWEST, limit=limit)
            parts.append(select(part, columns))
        if section:
            return parts[0]
        return SQL(
            "SELECT * FROM (%s) AS sections ORDER BY last_message_id DESC LIMIT %s",
            SQL(" UNION ALL ").join(SQL("(%s)", part) for part in parts),
            limit,
        )

    # ------------------------------------------------------------------
    # names
    # ------------------------------------------------------------------

    def _search_names(self, section, domain, limit, query):
        """Return [(id, last message's id)] of those that a query finds, newest first.

        All parts of words are found. Only if all words are short (``are_short``), older
        conversations are found by the beginnings of words.
        """
        linked = self._linked_domain(query)
        wanted = self._contact_domain(query) | linked
        names = ("id", "last_message_id", *SEARCHED, "partner_id", "lead_id")
        newest = self._newest(section, domain, READ_FIRST, names)
        found = self._ids_in_order(first_matching(self, newest, wanted, NEWEST, limit))
        if len(found) < limit:
            if section:
                domain &= self._section_domain(section)
            domain &= self._contact_domain(query, indexed=True) | linked
            rest = self._search(domain, order=NEWEST, limit=limit)
            found = {*found, *self._ids_in_order(rest)}
            found = sorted(found, key=lambda row: -(row[1] or 0))[:limit]
        return found

    def _ids_in_order(self, query):
        return self.env.execute_query(select(query, ("id", "last_message_id")))

    def _query_domain(self, query):
        """Search by words of the name, by @username, by number, or by linked record."""
        query = text_of(query)
        if not query:
            return Domain.TRUE
        return self._contact_domain(query) | self._linked_domain(query)

    def _contact_domain(self, query, indexed=False):
        """Search by words of the name, by @username, or by number in any spelling.

        With ``indexed``, as an index can (``has_words``).
        """
        domain = has_words(["contact_name"], query, indexed)
        username = query.removeprefix("@")
        if indexed and are_short([username]):
            pattern = escape_psql(username) + "%"
            domain |= Domain("contact_username", "=ilike", pattern)
        else:
            domain |= Domain("contact_username", "ilike", escape_psql(username))
        if not (indexed and are_short([query])):
            domain |= Domain("contact_phone", "ilike", escape_psql(query))
        if digits := digits_of(query):
            domain |= Domain("contact_phone", "ilike", digits)
        return domain

    def _linked_domain(self, query):
        """Find conversations by the name or email of a linked record."""
        domain = Domain.FALSE
        for field in ("partner_id", "lead_id"):
            Model = self.env[self._fields[field].comodel_name]
            if Model.has_access("read"):
                words = has_words(Model._messaging_search_fields, query, indexed=True)
                # Without an order, so that frequent words needn't be sorted.
                found = Model._search(words, limit=MOST_RECORDS, order="")
                domain |= Domain(field, "in", list(found))
        return domain


def select(query, names):
    """Return SQL for these stored columns of a Query's own table."""
    return query.select(*(SQL.identifier(query.table, name) for name in names))


def first_matching(model, rows, domain, order, limit):
    """Return a Query of the first of some rows that match a domain.

    ``rows`` is SQL with a limit of its own, in the same order. They are read in it
    until enough are found: the database doesn't look behind a limit, so it can't begin
    with all that match.
    """
    query = Query(model.env, model._table, SQL("(%s)", rows))
    query.add_where(domain.optimize_full(model)._to_sql(model, model._table, query))
    query.order, query.limit = SQL(order), limit
    return query


def _below(before):
    """Return a domain of conversations below a cursor.

    Odoo's own comparison would include those without a message, by an OR that keeps
    the database from beginning there in the index.
    """

    def to_sql(model, alias, query):
        column = model._field_to_sql(alias, "last_message_id", query)
        return SQL("%s < %s", column, before)

    return Domain.custom(to_sql=to_sql)

"""Text search that ignores case, accents and the order of words."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.folding import LETTERS, LIGATURES, fold

# More words don't narrow the result, and a client may send any number.
MOST_WORDS = 12
# The indexes know no words shorter than this: they consist of trigrams.
SHORTEST_WORD = 3


class MessagingFoldedText(models.AbstractModel):
    """Creates the database function that folds text for indexes and searches.

    We don't use the extension `unaccent`: with it in the schema, Odoo would wrap
    `unaccent()` around the searches of all modules, which would bypass their indexes.
    """

    _name = "messaging.folded.text"
    _description = "Text folded for search"

    def init(self):
        """Create the function before the indexes that use it."""
        letters, plain = (text.replace("'", "''") for text in LETTERS)
        text = f"translate(lower(normalize($1, NFKD)), '{letters}', '{plain}')"
        for ligature, plain in LIGATURES.items():
            text = f"replace({text}, '{ligature}', '{plain}')"
        # After a change of the expression, rebuild the indexes that use it.
        # A function body accepts no query parameters; this one consists of constants.
        self.env.cr.execute(  # pylint: disable=sql-injection
            "CREATE OR REPLACE FUNCTION messaging_fold(text) RETURNS text"
            " LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
            f" AS $$ SELECT regexp_replace({text}, '[\\u0300-\\u036f]', '', 'g') $$"
        )


def folded(*columns):
    """Return the indexed SQL expression: several columns joined and folded."""
    text = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
    return f"messaging_fold({text})"


def has_words(names, text, indexed=False):
    """Return a domain that requires each word of a text in one of the stored fields.

    An index on ``folded()`` of the same fields supports it, unless all words are short.
    With ``indexed``, it always does: short words are then found only where a word of
    the fields begins.
    """
    words = text.split()[:MOST_WORDS]
    if not words:
        return Domain.TRUE
    begin = indexed and are_short(words)

    def to_sql(model, alias, query):
        columns = [model._field_to_sql(alias, name, query) for name in names]
        haystack = SQL(folded(*["%s"] * len(columns)), *columns)
        has = _has_beginning if begin else _has
        return SQL(" AND ").join(has(haystack, word) for word in words)

    return Domain.custom(to_sql=to_sql)


def are_short(words):
    """Return whether all words are too short for the indexes."""
    return max(len(fold(word)) for word in words) < SHORTEST_WORD


def _has(haystack, word):
    return SQL("%s LIKE '%%' || %s || '%%'", haystack, _literal(word))


def _has_beginning(haystack, word):
    """Match where a word begins; the index has trigrams with the space before it."""
    word = _literal(word)
    return SQL(
        "(%s LIKE %s || '%%' OR %s LIKE '%% ' || %s || '%%')",
        *(haystack, word, haystack, word),
    )


def _literal(word):
    """Return a folded word as SQL for a LIKE pattern; "%" and "_" match literally."""
    return SQL(
        r"regexp_replace(messaging_fold(%s), '([\\%%_])', '\\\1', 'g')",
        word,
    )

"""Text search that ignores case, accents and the order of words."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.folding import LETTERS, LIGATURES

# More words don't narrow the result, and a client may send any number.
MOST_WORDS = 12


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


def has_words(names, text):
    """Return a domain that requires each word of a text in one of the stored fields.

    An index on ``folded()`` of the same fields supports it.
    """
    words = text.split()[:MOST_WORDS]
    if not words:
        return Domain.TRUE

    def to_sql(model, alias, query):
        columns = [model._field_to_sql(alias, name, query) for name in names]
        haystack = SQL(folded(*["%s"] * len(columns)), *columns)
        return SQL(" AND ").join(SQL("%s LIKE %s", haystack, _like(w)) for w in words)

    return Domain.custom(to_sql=to_sql)


def _like(word):
    """Return a LIKE pattern as SQL; "%" and "_" match literally."""
    text = SQL(
        r"regexp_replace(messaging_fold(%s), '([\\%%_])', '\\\1', 'g')",
        word,
    )
    return SQL("('%%' || %s || '%%')", text)

"""Text as people search for it: case, accents and the order of words don't matter."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

# More words narrow nothing down, and a client may send any number.
MOST_WORDS = 12
# Letters that Unicode doesn't decompose, and typographic apostrophes.
LETTERS = ("øØłŁđĐħĦıŧ’‘ʼ", "oollddhhit'''")
LIGATURES = {"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe"}


class MessagingFoldedText(models.AbstractModel):
    """The database function that indexes and searches fold text by.

    It is our own: with the extension `unaccent` in the schema, Odoo would put
    `unaccent()` around the searches of all its modules, past their indexes.
    """

    _name = "messaging.folded.text"
    _description = "Text folded for search"

    def init(self):
        """Create the function, before the indexes of the models that follow."""
        letters, plain = (text.replace("'", "''") for text in LETTERS)
        text = f"translate(lower(normalize($1, NFKD)), '{letters}', '{plain}')"
        for ligature, plain in LIGATURES.items():
            text = f"replace({text}, '{ligature}', '{plain}')"
        # Whoever changes the expression has to rebuild the indexes that use it.
        # A function's body takes no parameters; this one is made of constants.
        self.env.cr.execute(  # pylint: disable=sql-injection
            "CREATE OR REPLACE FUNCTION messaging_fold(text) RETURNS text"
            " LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
            f" AS $$ SELECT regexp_replace({text}, '[\\u0300-\\u036f]', '', 'g') $$"
        )


def folded(*columns):
    """Return the SQL text of several columns as one, folded: what is indexed."""
    text = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
    return f"messaging_fold({text})"


def has_words(names, text):
    """Return a domain: each word of a text occurs in one of these stored fields.

    An index on ``folded`` of the same fields serves it.
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
    """Return a constant of SQL; "%" and "_" stand for themselves."""
    text = SQL(
        r"regexp_replace(messaging_fold(%s), '([\\%%_])', '\\\1', 'g')",
        word,
    )
    return SQL("('%%' || %s || '%%')", text)

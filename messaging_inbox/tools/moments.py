"""Points in time in the words of a reader."""

from odoo.tools import format_date, format_time


def moment_words(env, moment):
    """Return a time without seconds; the month is a word: no order misleads."""
    day = format_date(env, moment, date_format="medium")
    clock = format_time(env, moment, tz=env.context.get("tz"), time_format="short")
    return f"{day} {clock}"

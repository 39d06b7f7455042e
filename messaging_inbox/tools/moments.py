"""Dates and times in the reader's language."""

from odoo.tools import format_date, format_time


def moment_words(env, moment):
    """Return a date and time without seconds, in the context's language and zone.

    The month is a word, so that day and month can't be confused.
    """
    day = format_date(env, moment, date_format="medium")
    clock = format_time(env, moment, tz=env.context.get("tz"), time_format="short")
    return f"{day} {clock}"

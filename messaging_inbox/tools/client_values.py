"""Checks of the arguments of public methods, declared by a decorator.

Without them, bad values raise Python or database errors that clients can't understand.
"""

from collections.abc import Mapping
from functools import wraps
from inspect import signature
from math import isfinite

from odoo.exceptions import UserError

from ..providers.text import clean
from ..providers.values import degrees

# The greatest id that a column can hold; PostgreSQL refuses to compare others to it.
MOST_ID = 2**31 - 1
MOST_DEGREES = {"latitude": 90, "longitude": 180}
PLACE_TEXTS = ("label", "address")
MOST_OF_A_PLACE = 250


def is_number(value):
    # A bool is an int, too.
    return type(value) is int


def is_id(value):
    """Return whether a value is an id or empty."""
    return can_be_id(value) or value is None or value is False


def is_one_id(value):
    """Return whether a value is the id of a record, which there may not be."""
    return can_be_id(value) and value > 0


def can_be_id(value):
    """Return whether a value is a number that a column of ids can hold."""
    return is_number(value) and abs(value) <= MOST_ID


def is_true(value):
    return value is True


def is_flag(value):
    return isinstance(value, bool)


def is_text(value):
    """Return whether a value is text or empty."""
    return isinstance(value, str) or value is None or value is False


def are_ids(value):
    return isinstance(value, (list, tuple, set)) and all(map(can_be_id, value))


def are_values(value):
    return isinstance(value, Mapping)


def are_filters(value):
    """Return whether a value maps names of filters to values, or is empty."""
    return value is None or value is False or are_values(value)


def is_place(value):
    """Return whether a value is a place, as messages keep it in ``data``, or empty.

    That is {latitude, longitude, label, address}: degrees and short texts, which may be
    missing.
    """
    return not value or (
        are_values(value)
        and value.keys() <= {*MOST_DEGREES, *PLACE_TEXTS}
        and all(
            _are_degrees(value.get(each), MOST_DEGREES[each]) for each in MOST_DEGREES
        )
        and all(_is_short(value.get(each)) for each in PLACE_TEXTS)
    )


def _are_degrees(value, most):
    # A provider's degrees may be text; a client's are numbers.
    return not isinstance(value, str) and degrees(value, most) is not None


def _is_short(value):
    return is_text(value) and len(value or "") <= MOST_OF_A_PLACE


def are_texts(value):
    """Return whether a value maps names to texts, which may be empty."""
    return are_values(value) and all(
        isinstance(name, str) and is_text(text) for name, text in value.items()
    )


def cleaned(value):
    """Return a value without what PostgreSQL rejects: NULs, half characters, NaN.

    JSON may contain the first two, and Python reads NaN and infinity from it, which
    become None. Clean nested values and keys, too.
    """
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {cleaned(key): cleaned(each) for key, each in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(cleaned, value))
    return value


def expects(**checks):
    """Clean all text arguments; raise UserError for those that fail their checks."""

    def decorate(method):
        parameters = signature(method)

        @wraps(method)
        def checked(self, *args, **kwargs):
            args, kwargs = cleaned(args), cleaned(kwargs)
            given = parameters.bind(self, *args, **kwargs).arguments
            for name in checks.keys() & given.keys():
                check_value(self.env, name, given[name], checks[name])
            return method(self, *args, **kwargs)

        return checked

    return decorate


def check_value(env, name, value, check):
    """Raise UserError if the value fails the check."""
    if not check(value):
        raise UserError(env._("Invalid value for “%s”.", name))

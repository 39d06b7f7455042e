"""What clients may send to a public method, said beside it.

Python's and the database's own errors would say nothing to who sent something else.
"""

from collections.abc import Mapping
from functools import wraps
from inspect import signature

from odoo.exceptions import UserError

from ..providers.text import clean


def is_number(value):
    # A bool is an int, and no id.
    return type(value) is int


def is_id(value):
    """Whether it may be an id, or says that there is none."""
    return is_number(value) or value is None or value is False


def is_text(value):
    """Whether it is text, or none."""
    return isinstance(value, str) or value is None or value is False


def are_ids(value):
    return isinstance(value, (list, tuple, set)) and all(map(is_number, value))


def are_values(value):
    return isinstance(value, Mapping)


def cleaned(value):
    """Return a value whose texts PostgreSQL takes: JSON holds NUL and lone surrogates.

    However deep they are, keys included.
    """
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {cleaned(key): cleaned(each) for key, each in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(cleaned, value))
    return value


def expects(**checks):
    """Clean the texts of all arguments, and refuse those that fail their checks."""

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
    """Refuse what a client sent under this name, in a sentence."""
    if not check(value):
        raise UserError(env._("Invalid value for “%s”.", name))

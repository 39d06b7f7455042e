"""Placeholders in the texts of templates, written ``{{name}}``."""

import re

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
# Several spaces, or any line break or tab: providers refuse them in values.
GAP = re.compile(r"[\n\r\t]| {4,}")


def names_in(*texts):
    """Return the names of the placeholders, in order and each once."""
    found = (match[1] for text in texts for match in PLACEHOLDER.finditer(text or ""))
    return list(dict.fromkeys(found))


def filled(text, values):
    """Return a text with its placeholders replaced by values, where there are some."""

    def value(match):
        return str(values.get(match[1]) or match[0])

    return PLACEHOLDER.sub(value, text or "")


def is_number(name):
    """Return whether a variable has a number instead of a name."""
    return name.isascii() and name.isdecimal() and len(name) < 10


def without(text):
    """Return a text without its placeholders."""
    return PLACEHOLDER.sub("", text or "")

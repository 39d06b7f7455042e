"""The placeholders of templates, written ``{{name}}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

PLACEHOLDER = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")


def plain(text: str) -> str:
    """Return the text with its placeholders written without spaces."""
    return PLACEHOLDER.sub(r"{{\1}}", text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the values of its placeholders, empty without one."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)


def names_in(texts: Iterable[str]) -> list[str]:
    """Return the names of the placeholders, each once.

    Numbers come first, in their order; then names in the order in which they appear.
    """
    found = [name for text in texts for name in PLACEHOLDER.findall(text)]
    names = list(dict.fromkeys(found))
    numbers = sorted(filter(_is_number, names), key=int)
    return [*numbers, *(name for name in names if not _is_number(name))]


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) < 10

"""The people of a contact card as text.

A person is ``{name, organization, title, phones, emails, addresses}``: phones and
emails are ``{value, label}``, addresses ``{street, city, zip, region, country}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# Limits of what a message shows.
MAX_PEOPLE = 50
MAX_VALUES = 10
MAX_LENGTH = 200


def text_of_people(people: Iterable[Mapping[str, Any]]) -> str:
    """Return the cards as text, one value per line, for search, notes and previews."""
    lines: list[str] = []
    for person in people:
        about = ", ".join(filter(None, (person["title"], person["organization"])))
        lines += [person["name"], about if about != person["name"] else ""]
        lines += [each["value"] for each in person["phones"] + person["emails"]]
        lines += map(text_of_address, person["addresses"])
    return "\n".join(filter(None, lines))


def text_of_address(address: Mapping[str, str]) -> str:
    """Return an address on one line."""
    town = " ".join(filter(None, (address["zip"], address["city"])))
    parts = (address["street"], town, address["region"], address["country"])
    return ", ".join(filter(None, parts))

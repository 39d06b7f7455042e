"""Parse contact cards (vCard 2.1 to 4.0, RFC 6350) into plain values with vobject.

Odoo itself requires vobject, so our requirements don't list it.
"""

import codecs
import logging
import re

import vobject

from ..providers.people import MAX_LENGTH, MAX_PEOPLE, MAX_VALUES
from ..providers.text import clean, clean_name

_logger = logging.getLogger(__name__)
# It logs the lines it skips, which contain customers' data.
logging.getLogger("vobject.base").setLevel(logging.CRITICAL)

MAX_LINES = 200
MAX_LINE = 4 * 1024
# Pictures, sounds and keys may take megabytes, and we don't show them.
BULKY = re.compile(rb"(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY|AGENT)[;:]", re.IGNORECASE)
CHARSET = re.compile(rb"CHARSET=\"?([\w-]+)", re.IGNORECASE)
# Apple writes its own labels as _$!<Mobile>!$_.
APPLE_LABEL = re.compile(r"^_\$!<(.*)>!\$_$")
NO_LABELS = frozenset(("pref", "voice", "internet", "text", "type", "x-internet"))


def people_of(content):
    """Return (people, count) of an open binary file with cards.

    People are those of ``providers/people.py``. At most MAX_PEOPLE are read, while
    ``count`` covers all cards. Unreadable cards are skipped; nothing is raised.
    """
    people, count = [], 0
    for card in _cards(content):
        if len(people) < MAX_PEOPLE:
            person = _person(card)
            if not person:
                continue
            people.append(person)
        count += 1
    return people, count


def _cards(content):
    """Yield the bytes of each card, without bulky properties."""
    card = None
    for line in _useful_lines(content):
        word = line.strip().upper()
        if word == b"BEGIN:VCARD":
            card = [line]
        elif card is not None and word == b"END:VCARD":
            yield b"".join((*card, line))
            card = None
        elif card is not None and len(card) < MAX_LINES:
            card.append(line)
    if card:
        yield b"".join((*card, b"\r\nEND:VCARD\r\n"))


def _useful_lines(content):
    """Yield lines of bounded length, without bulky properties and their folds."""
    content.seek(0)
    skipping = False
    while line := content.readline(MAX_LINE):
        whole = line.endswith(b"\n")
        while not whole and (rest := content.readline(MAX_LINE)):
            whole = rest.endswith(b"\n")
        if not line.startswith((b" ", b"\t")):
            line = line.removeprefix(codecs.BOM_UTF8)
            skipping = bool(BULKY.match(line))
        if not skipping and line.strip():
            yield line.rstrip(b"\r\n") + b"\r\n"
    content.seek(0)


def _person(card):
    """Return the values of one card; None if it is unreadable or has no name."""
    try:
        parsed = next(
            vobject.readComponents(_decoded(card), ignoreUnreadable=True, allowQP=True)
        )
        person = _values(parsed)
    except Exception as error:  # noqa: BLE001 - the library raises anything on bad cards
        _logger.info("A contact card can't be read: %s", type(error).__name__)
        return None
    return person if person["name"] else None


def _decoded(card):
    named = [name.decode() for name in CHARSET.findall(card)]
    for charset in ("utf-8", *named[:1]):
        try:
            return card.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return card.decode("cp1252", "replace")


def _values(card):
    contents = card.contents
    labels = {
        line.group: line.value for line in contents.get("x-ablabel", ()) if line.group
    }
    organization = clean_name(", ".join(_parts(_first(contents, "org"))))
    phones = _entries(contents, "tel", labels)
    emails = _entries(contents, "email", labels)
    addresses = [_address(line.value) for line in contents.get("adr", ())[:MAX_VALUES]]
    names = (
        clean_name(str(_first(contents, "fn") or "")),
        clean_name(str(_first(contents, "n") or "")),
        organization,
        *(each["value"] for each in (phones + emails)[:1]),
    )
    return {
        "name": next(filter(None, names), ""),
        "organization": organization,
        "title": _line(_first(contents, "title") or _first(contents, "role")),
        "phones": phones,
        "emails": emails,
        "addresses": [address for address in addresses if any(address.values())],
    }


def _first(contents, name):
    return contents[name][0].value if name in contents else ""


def _parts(value):
    """Return a list of a value's parts; vobject returns a str for a single part."""
    parts = value if isinstance(value, (list, tuple)) else [value]
    return [part for part in map(_line, parts) if part]


def _line(value):
    """Return a value on one line, cut to MAX_LENGTH."""
    return " ".join(clean(str(value or "")).split())[:MAX_LENGTH]


def _entries(contents, name, labels):
    entries = []
    for line in contents.get(name, ())[:MAX_VALUES]:
        value = _line(line.value).removeprefix("tel:").removeprefix("mailto:")
        if value:
            entries.append({"value": value, "label": _label(line, labels)})
    return entries


def _label(line, labels):
    """Return the sender's label of an entry, such as "work" or "Mobile", or ""."""
    own = _line(labels.get(line.group, "")) if line.group else ""
    if own:
        return APPLE_LABEL.sub(r"\1", own)
    types = [*line.params.get("TYPE", ()), *line.singletonparams]
    words = [word for each in types for word in str(each).lower().split(",")]
    return ", ".join(dict.fromkeys(w for w in words if w not in NO_LABELS))[:40]


def _address(value):
    street = [*_parts(value.street), *_parts(value.extended), *_parts(value.box)]
    return {
        "street": ", ".join(street),
        "city": " ".join(_parts(value.city)),
        "zip": " ".join(_parts(value.code)),
        "region": " ".join(_parts(value.region)),
        "country": " ".join(_parts(value.country)),
    }

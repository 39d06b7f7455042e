"""Contact cards: a shared contact travels as a vCard file."""

import re

TYPE = "text/vcard"


def write(contact):
    name, number = contact.get("name") or "", contact.get("phone") or ""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:;{_escape(name)};;;"]
    lines.append(f"FN:{_escape(name)}")
    if number:
        lines.append(f"TEL;type=CELL;waid={number.lstrip('+')}:{_escape(number)}")
    lines += ["END:VCARD", ""]
    return "\r\n".join(lines).encode()


def found_in(phone, media):
    """Return the person on a shared contact card, for the page to show."""
    for each in media:
        if each.content_type == TYPE and each.size:
            return read(phone.store.media_path(each).read_bytes())
    return None


def read(content):
    """Return the name and the first number, all that a bubble shows."""
    text = content.decode("utf-8", "replace")
    return {"name": _value("FN", text), "phone": _value("TEL", text)}


def _value(name, text):
    found = re.search(
        rf"^{name}[^:\r\n]*:(.*?)\r?$", text, re.MULTILINE | re.IGNORECASE
    )
    return re.sub(r"\\(.)", r"\1", found.group(1).strip()) if found else ""


def _escape(text):
    for letter in ("\\", ",", ";"):
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\r", "").replace("\n", "\\n")

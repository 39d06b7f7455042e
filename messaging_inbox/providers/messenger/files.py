"""Meta's file servers, whose URLs are signed and expire."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

HOSTS = frozenset((".fbcdn.net", ".fbsbx.com", ".cdninstagram.com"))
MAX_NAME = 128


def is_file_of_meta(url: str) -> bool:
    """Return whether a URL is a file on Meta's servers."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and f".{parts.hostname}".endswith(tuple(HOSTS))


def name_of(url: str) -> str:
    """Return the filename at the end of the URL's path."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    name = unquote(path).replace("\\", "/").rpartition("/")[2]
    return "".join(filter(str.isprintable, name))[-MAX_NAME:]

"""Meta's servers of files, whose addresses are signed and expire."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

HOSTS = frozenset((".fbcdn.net", ".fbsbx.com", ".cdninstagram.com"))
MAX_NAME = 128


def is_file_of_meta(url: str) -> bool:
    """Tell a file of Meta's from a page somewhere else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and f".{parts.hostname}".endswith(tuple(HOSTS))


def name_of(url: str) -> str:
    """Return the file's own name, with which the path of its address ends."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    name = unquote(path).replace("\\", "/").rpartition("/")[2]
    return "".join(filter(str.isprintable, name))[-MAX_NAME:]

"""Downloads customers' files, whose addresses Meta gives by their ids."""

from __future__ import annotations

from ..events import Media, MediaRef
from .app import App

FILE_HOSTS = frozenset((".fbsbx.com", ".fbcdn.net", ".whatsapp.net"))


def download(app: App, media: MediaRef, base_url: str, max_bytes: int) -> Media:
    """Open a customer's file; ``media.url`` is its id at Meta.

    An id of a webhook lives 7 days, and the address that Meta gives for it 5 minutes.
    """
    raise NotImplementedError

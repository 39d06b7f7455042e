"""Our files, as the rest of the addon hands them to providers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class OutboundFile:
    """A file of an outbound message.

    ``url`` is a signed address that the provider can fetch for 24 hours; ``read``
    returns the bytes for providers that require an upload.
    """

    url: str
    content_type: str
    filename: str
    read: Callable[[], bytes]

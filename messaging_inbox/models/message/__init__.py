"""One message: its content, its files, and its way out to the provider."""

from . import (
    message,
    content,
    contacts,
    story,
    rendering,
    failure_reason,
    outbound,
    outbox,
    health,
    media,
    tombstone,
    hooks,
)

"""Messages: content, files, and sending to the provider."""

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
    waiting,
    reaction,
    react,
    read_mark,
    erasing,
)

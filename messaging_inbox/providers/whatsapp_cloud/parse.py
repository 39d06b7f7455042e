"""Turns Meta's webhook requests into events."""

from __future__ import annotations

from ..events import Event


def events_of(body: bytes) -> list[Event]:
    """Return the events of a body in Meta's order."""
    raise NotImplementedError

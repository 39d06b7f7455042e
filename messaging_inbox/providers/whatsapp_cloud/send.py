"""Sends a message: a text, a template or one file."""

from __future__ import annotations

from ..events import OutboundMessage, Sent
from .app import App


def send(app: App, message: OutboundMessage) -> Sent:
    """Send one message; raise Unsettled if Meta may have accepted it."""
    raise NotImplementedError

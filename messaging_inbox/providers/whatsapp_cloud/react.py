"""Sends our reactions."""

from __future__ import annotations

from ..events import OutboundReaction
from ..provider import Reactions
from .app import App

REACTIONS = {"whatsapp": Reactions(("👍", "❤️", "😂", "😮", "😢", "🙏"), any_emoji=True)}


def react(app: App, reaction: OutboundReaction) -> None:
    """Set, replace or take away our reaction to a customer's message."""
    raise NotImplementedError

"""Sends our reactions."""

from __future__ import annotations

from ..events import OutboundReaction
from ..provider import Reactions
from .app import App
from .messages import post

# What the phone offers first; all other emojis go, too.
REACTIONS = {"whatsapp": Reactions(("👍", "❤️", "😂", "😮", "😢", "🙏"), any_emoji=True)}


def react(app: App, reaction: OutboundReaction) -> None:
    """Set, replace or take away our reaction to a customer's message."""
    # Without an emoji, it is taken away.
    content = {"message_id": reaction.message_id, "emoji": reaction.emoji}
    body = {"type": "reaction", "reaction": content}
    # The same reaction twice is still one.
    post(app, reaction.channel, reaction.recipient, body, repeatable=True)

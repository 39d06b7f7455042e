"""Sends our reactions: on Messenger any emoji, on Instagram the heart alone."""

from __future__ import annotations

from ..errors import Reason, Refused
from ..events import OutboundReaction
from ..provider import Reactions
from .app import App
from .item import is_made_up

HEART = "❤️"
REACTIONS = {
    "messenger": Reactions((HEART, "😆", "😮", "😢", "😠", "👍"), any_emoji=True),
    "instagram": Reactions((HEART,)),
}
# Instagram names its reaction instead of sending the emoji.
INSTAGRAM_NAMES = {HEART: "love"}


def react(app: App, reaction: OutboundReaction) -> None:
    """Set, replace or take away our reaction to a customer's message."""
    if is_made_up(reaction.message_id):
        raise Refused(Reason.OTHER, detail="Meta has no id of this message.")
    payload = {"message_id": reaction.message_id}
    if reaction.emoji:
        payload["reaction"] = _word(reaction)
    body = {
        "recipient": {"id": reaction.recipient},
        "sender_action": "react" if reaction.emoji else "unreact",
        "payload": payload,
    }
    token = app.token_of(reaction.channel)
    # The same reaction twice is still one.
    app.graph.request("POST", "me/messages", token, json=body, repeatable=True)


def _word(reaction: OutboundReaction) -> str:
    if reaction.channel.kind == "instagram":
        return INSTAGRAM_NAMES[reaction.emoji]
    return reaction.emoji

"""Requests below the id of one of our numbers."""

from __future__ import annotations

from typing import Any

from ..errors import Reason, Refused
from ..events import ChannelRef
from .app import App
from .recipient import recipient_of


def path_of(channel: ChannelRef, edge: str) -> str:
    """Return the path below a number's id; raise Refused without an id."""
    if not channel.reference:
        words = "This channel has no id at Meta yet: connect the account again."
        raise Refused(Reason.BAD_SENDER, detail=words)
    return f"{channel.reference}/{edge}"


def post(
    app: App,
    channel: ChannelRef,
    recipient: str,
    content: dict[str, Any],
    repeatable: bool = False,
) -> dict[str, Any]:
    """Post a message to a customer; return Meta's answer."""
    body = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient_of(recipient),
        **content,
    }
    path = path_of(channel, "messages")
    return app.graph.request(
        "POST", path, app.access_token, json=body, repeatable=repeatable
    )

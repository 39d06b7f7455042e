"""Posts to a number's messages, to a customer."""

from __future__ import annotations

from typing import Any

from ..events import ChannelRef
from .app import App
from .recipient import recipient_of


def post(
    app: App,
    channel: ChannelRef,
    recipient: str,
    content: dict[str, Any],
    repeatable: bool = False,
) -> dict[str, Any]:
    """Return Meta's answer; raise SendError unless it is a success."""
    body = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient_of(recipient),
        **content,
    }
    path = f"{channel.reference}/messages"
    return app.graph.request(
        "POST", path, app.access_token, json=body, repeatable=repeatable
    )

"""Shows customers that we have read their messages, and that we type.

https://developers.facebook.com/docs/whatsapp/cloud-api/typing-indicators
"""

from __future__ import annotations

from typing import Any

from ..events import OutboundRead
from .app import App
from .messages import path_of


def show_read(app: App, read: OutboundRead) -> None:
    """Mark a message and all before as read; typing shows for at most 25 seconds.

    Meta knows the customer by the message, so the request names none.
    """
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": read.message_id,
    }
    if read.is_typing:
        body["typing_indicator"] = {"type": "text"}
    path = path_of(read.channel, "messages")
    app.graph.request("POST", path, app.access_token, json=body, repeatable=True)

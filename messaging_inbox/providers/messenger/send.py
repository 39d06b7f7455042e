"""Sends a message to Meta: a text, or a file that is uploaded first."""

from __future__ import annotations

import json
from typing import Any

from ..call import CONNECT_TIMEOUT
from ..errors import Reason, Retryable, Unsettled
from ..events import OutboundFile, OutboundMessage, Sent
from ..graph import is_instagram_login
from ..values import text
from .app import App
from .item import is_made_up

UPLOAD_TIMEOUT = 30
FAMILIES = ("image", "audio", "video")


def send(app: App, message: OutboundMessage) -> Sent:
    """Send one message; raise Unsettled if Meta may have accepted it."""
    token = app.token_of(message.channel)
    body = {
        "recipient": {"id": message.recipient},
        **_type_of(message),
        "message": {**_content(app, message), **_metadata(message, token)},
    }
    if message.reply_to and not is_made_up(message.reply_to):
        body["reply_to"] = {"mid": message.reply_to}
    answer = app.graph.request("POST", "me/messages", token, json=body)
    message_id = text(answer.get("message_id"))
    if not message_id:
        raise Unsettled(Reason.OTHER, detail="Meta's response has no message id.")
    return Sent(message_id)


def _type_of(message: OutboundMessage) -> dict[str, str]:
    if not message.tag:
        return {"messaging_type": "RESPONSE"}
    return {"messaging_type": "MESSAGE_TAG", "tag": message.tag}


def _metadata(message: OutboundMessage, token: str) -> dict[str, str]:
    """Return our reference of the message, which comes back in the echo.

    Instagram's own login documents no such field.
    """
    return {} if is_instagram_login(token) else {"metadata": message.reference}


def _content(app: App, message: OutboundMessage) -> dict[str, Any]:
    if message.file is None:
        return {"text": message.text}
    payload = {"attachment_id": _upload(app, message, message.file)}
    return {"attachment": {"type": _family(message.file), "payload": payload}}


def _upload(app: App, message: OutboundMessage, file: OutboundFile) -> str:
    """Upload a file and return its id at Meta, so that Meta needs no URL of it."""
    token = app.token_of(message.channel)
    attachment = {"type": _family(file), "payload": {"is_reusable": True}}
    fields = {"message": json.dumps({"attachment": attachment})}
    if message.channel.kind == "instagram" and not is_instagram_login(token):
        fields["platform"] = "instagram"
    # Uploading a file twice is harmless: it doesn't send a message.
    answer = app.graph.request(
        "POST",
        "me/message_attachments",
        token,
        data=fields,
        files={"filedata": (file.filename, file.read(), file.content_type)},
        timeout=(CONNECT_TIMEOUT, UPLOAD_TIMEOUT),
        repeatable=True,
    )
    attachment_id = text(answer.get("attachment_id"))
    if not attachment_id:
        raise Retryable(Reason.OTHER, detail="Meta's response has no file id.")
    return attachment_id


def _family(file: OutboundFile) -> str:
    family = file.content_type.partition("/")[0]
    return family if family in FAMILIES else "file"

"""Sends a message: a text, a template, one file or one place.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

from __future__ import annotations

from typing import Any

from ..errors import Reason, Unsettled
from ..events import OutboundFile, OutboundMessage, OutboundTemplate, Place, Sent
from ..values import items, mapping, text
from .app import App
from .limits import STICKER
from .media import upload
from .messages import post
from .template_message import content_of

FAMILIES = ("image", "audio", "video")


def send(app: App, message: OutboundMessage) -> Sent:
    """Send one message; raise Unsettled if Meta may have accepted it."""
    content = _content(app, message)
    # It comes back in the statuses.
    content["biz_opaque_callback_data"] = message.reference
    if message.reply_to:
        content["context"] = {"message_id": message.reply_to}
    answer = post(app, message.channel, message.recipient, content)
    message_id = text(
        mapping(next(iter(items(answer.get("messages"))), None)).get("id")
    )
    if not message_id:
        raise Unsettled(Reason.OTHER, detail="Meta's response has no message id.")
    return Sent(message_id)


def _content(app: App, message: OutboundMessage) -> dict[str, Any]:
    if message.template:
        return _of_template(app, message, message.template)
    if message.file:
        return _of_file(app, message, message.file)
    if message.place:
        return _of_place(message.place)
    shown = {"body": message.text, "preview_url": True}
    return {"type": "text", "text": shown}


def _of_template(
    app: App, message: OutboundMessage, template: OutboundTemplate
) -> dict[str, Any]:
    """Return the content, complete or refused before its file is uploaded."""
    content_of(template, message.file, "")
    uploaded = message.file and upload(app, message.channel, message.file)
    return content_of(template, message.file, uploaded.id if uploaded else "")


def _of_file(app: App, message: OutboundMessage, file: OutboundFile) -> dict[str, Any]:
    kind = _kind(file.content_type)
    uploaded = upload(app, message.channel, file)
    media: dict[str, Any] = {"id": uploaded.id}
    if kind == "document":
        media["filename"] = file.filename
    if uploaded.is_voice_note:
        media["voice"] = True
    if message.text:
        media["caption"] = message.text
    return {"type": kind, kind: media}


def _of_place(place: Place) -> dict[str, Any]:
    named = {"name": place.label, "address": place.address}
    # Meta's published contract (v23.0) has degrees as text.
    degrees = {"latitude": place.latitude, "longitude": place.longitude}
    point = {name: f"{value:.6f}" for name, value in degrees.items()}
    shown = {name: value for name, value in named.items() if value}
    return {"type": "location", "location": {**point, **shown}}


def _kind(content_type: str) -> str:
    if content_type == STICKER:
        return "sticker"
    family = content_type.partition("/")[0]
    return family if family in FAMILIES else "document"

"""Messages of customers, from the list of conversations at Meta.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/conversations
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ..errors import InvalidPayload
from ..events import ChannelRef, MessageReceived
from ..values import items, mapping, moment, text
from .app import App
from .content import content_of
from .item import checked_id, message_id

CONVERSATIONS = 50
# Meta shows no more messages of a conversation than its latest 20.
FIELDS = "updated_time,messages.limit(20){id,created_time,from,to,message,attachments}"


def missed(
    app: App, channel: ChannelRef, since: datetime, until: datetime
) -> Iterator[MessageReceived]:
    """Yield the customers' messages of this period, the latest conversation first."""
    conversations = app.graph.items(
        "me/conversations",
        app.token_of(channel),
        whole=True,
        limit=CONVERSATIONS,
        platform=channel.kind,
        fields=FIELDS,
    )
    for conversation in conversations:
        if (moment(conversation.get("updated_time")) or until) < since:
            return
        for value in items(mapping(conversation.get("messages")).get("data")):
            message = _received(channel, mapping(value))
            if message and since <= message.sent_at <= until:
                yield message


def _received(channel: ChannelRef, value: Mapping[str, Any]) -> MessageReceived | None:
    """Return a message to our address, None for all others and unreadable ones."""
    recipients = items(mapping(value.get("to")).get("data"))
    ours = channel.address in [text(mapping(each).get("id")) for each in recipients]
    sent_at = moment(value.get("created_time"))
    if not (ours and sent_at):
        return None
    files = map(mapping, items(mapping(value.get("attachments")).get("data")))
    part = {
        "mid": text(value.get("id")),
        "text": text(value.get("message")),
        "attachments": list(map(_attachment, files)),
    }
    try:
        return MessageReceived(
            channel=ChannelRef(channel.kind, channel.address),
            message_id=message_id(part),
            external_ids=(checked_id(text(mapping(value.get("from")).get("id"))),),
            sent_at=sent_at,
            **content_of(part),
        )
    except InvalidPayload:
        return None


def _attachment(file: Mapping[str, Any]) -> dict[str, Any]:
    """Return a file as the webhook would have reported it."""
    main = text(file.get("mime_type")).partition("/")[0]
    picture = mapping(file.get("image_data")) or mapping(file.get("video_data"))
    kind = main if main in ("image", "video", "audio") else "file"
    url = text(picture.get("url")) or text(file.get("file_url"))
    return {"type": kind, "payload": {"url": url}}

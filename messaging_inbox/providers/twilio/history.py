"""Past and missed messages of a channel, from Twilio's list of messages."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from ..error_table import MAX_CODE
from ..errors import InvalidPayload, Refused
from ..events import (
    ChannelRef,
    MediaRef,
    MessageReceived,
    MessageSent,
    StatusChanged,
)
from ..text import clean
from .api import Api
from .codes import meaning_of
from .content import MAX_MEDIA, Form, kind_of
from .parse import (
    INBOUND_STATUSES,
    STATUSES,
    message_id,
    message_received,
    recipient_ids,
    status_changed,
)

PAGE_SIZE = 500
TIME = "%Y-%m-%dT%H:%M:%SZ"
Past = MessageReceived | MessageSent
# These haven't left Twilio, or never will.
UNSENT = ("accepted", "scheduled", "queued", "canceled")
FIELDS = {
    "MessageSid": "sid",
    "From": "from",
    "To": "to",
    "Body": "body",
    "SmsStatus": "status",
    "ErrorCode": "error_code",
    "ErrorMessage": "error_message",
}
Item = tuple[datetime, dict[str, Any]]


def history(
    api: Api, channel: ChannelRef, since: datetime, until: datetime | None = None
) -> Iterator[Past]:
    """Yield the messages of a channel in this period, the newest first."""
    lists = (_items(api, channel, side, since, until) for side in ("To", "From"))
    for sent_at, item in heapq.merge(*lists, key=lambda found: found[0], reverse=True):
        try:
            yield _event(api, item, channel, sent_at)
        except InvalidPayload:
            # Of a channel that we don't know: the others can be read.
            continue


def missed(
    api: Api, channel: ChannelRef, since: datetime, until: datetime
) -> Iterator[MessageReceived | StatusChanged]:
    """Yield customers' messages of this period and the states of our messages."""
    for side in ("To", "From"):
        for sent_at, item in _items(api, channel, side, since, until):
            try:
                if side == "To":
                    form = _form(item, _media(api, item))
                    yield replace(message_received(form), sent_at=sent_at)
                else:
                    yield status_changed(_form(item), reference="")
            except InvalidPayload:
                # Of a kind of channel, or in a state, that we don't know.
                continue


def _items(
    api: Api, channel: ChannelRef, side: str, since: datetime, until: datetime | None
) -> Iterator[Item]:
    """Yield one side's messages with their times."""
    scheme = "whatsapp:" if channel.kind == "whatsapp" else ""
    query = {
        side: scheme + channel.address,
        "DateSent>": since.strftime(TIME),
        "PageSize": PAGE_SIZE,
    }
    if until:
        # Others may have been sent in the same second.
        query["DateSent<"] = (until + timedelta(seconds=1)).strftime(TIME)
    for page in api.pages(f"{api.account_url}/Messages.json", whole=True, **query):
        for item in page.get("messages") or ():
            sent_at = _time(item)
            if sent_at and sent_at >= since and _is_past(item, side):
                yield sent_at, item


def _time(item: dict[str, Any]) -> datetime | None:
    """Return when a message was sent, in naive UTC."""
    value = item.get("date_sent") or item.get("date_created")
    try:
        moment = parsedate_to_datetime(str(value))
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def _is_past(item: dict[str, Any], side: str) -> bool:
    is_inbound = _word(item) in INBOUND_STATUSES or item.get("direction") == "inbound"
    return is_inbound == (side == "To") and _word(item) not in UNSENT


def _word(item: dict[str, Any]) -> str:
    return str(item.get("status") or "").lower()


def _event(
    api: Api, item: dict[str, Any], channel: ChannelRef, sent_at: datetime
) -> Past:
    """Return a message, read like the webhook that it once was."""
    media = _media(api, item)
    form = _form(item, media)
    if channel.address == form["To"].rpartition(":")[2]:
        # What the customer once asked for has had its effect, or was revoked since.
        return replace(message_received(form), sent_at=sent_at, opt="")
    return _sent(form, channel, media, sent_at)


def _form(item: dict[str, Any], media: tuple[MediaRef, ...] = ()) -> dict[str, str]:
    """Return the fields of the webhook that a message once was."""
    form = {name: clean(str(item.get(field) or "")) for name, field in FIELDS.items()}
    form["NumMedia"] = str(len(media))
    for index, file in enumerate(media):
        form[f"MediaUrl{index}"] = file.url
        form[f"MediaContentType{index}"] = file.content_type
    return form


def _sent(
    form: Form, channel: ChannelRef, media: tuple[MediaRef, ...], sent_at: datetime
) -> MessageSent:
    status = STATUSES.get(form["SmsStatus"].lower(), "sent")
    code = form["ErrorCode"][:MAX_CODE] if status == "failed" else ""
    return MessageSent(
        channel=channel,
        message_id=message_id(form),
        external_ids=recipient_ids(form),
        kind=kind_of(form, channel, media),
        text=form["Body"],
        media=media,
        sent_at=sent_at,
        status=status,
        error_code=code,
        reason=meaning_of(code).reason.value if status == "failed" else "",
    )


def _media(api: Api, item: dict[str, Any]) -> tuple[MediaRef, ...]:
    """Return the files of a message, none if they were deleted at Twilio."""
    if str(item.get("num_media") or "0") == "0":
        return ()
    url = f"{api.account_url}/Messages/{item.get('sid')}/Media"
    try:
        page = api.request("GET", f"{url}.json", params={"PageSize": MAX_MEDIA})
    except Refused:
        return ()
    files = page.get("media_list") or ()
    return tuple(
        MediaRef(f"{url}/{file.get('sid')}", str(file.get("content_type") or ""))
        for file in files
    )

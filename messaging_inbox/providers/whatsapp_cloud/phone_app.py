"""Reads what Meta copies from the WhatsApp Business app: history and address book.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/history
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..error_table import MAX_DETAIL
from ..errors import InvalidPayload
from ..events import (
    BadEvent,
    ChannelNotice,
    ChannelRef,
    CustomerNamed,
    Event,
    HistoryReceived,
    MessageReceived,
    MessageSent,
)
from ..text import clean_name
from ..values import items, mapping, text
from .inbound import received, sent
from .item import Item, customer, e164, number_of
from .statuses import words_of

# A file whose id comes in a later webhook, if it is from the last two weeks.
PLACEHOLDER = "media_placeholder"
STATUSES = {
    "PENDING": "sent",
    "SENT": "sent",
    "DELIVERED": "delivered",
    "READ": "read",
    "PLAYED": "read",
    "ERROR": "failed",
}
START = datetime(1970, 1, 1)
Past = MessageReceived | MessageSent


def history(value: Mapping[str, Any], _time: Any) -> Iterator[Event]:
    """Yield the past messages of a number, and what can't be read of them."""
    channel = number_of(value)
    found: list[Past | BadEvent] = [
        _past(channel, mapping(message), "") for message in items(value.get("messages"))
    ]
    for part in map(mapping, items(value.get("history"))):
        for thread in map(mapping, items(part.get("threads"))):
            found += [
                _past(channel, mapping(message), text(thread.get("id")))
                for message in items(thread.get("messages"))
            ]
        errors = items(part.get("errors"))
        if errors:
            words = words_of(mapping(errors[0]))[:MAX_DETAIL]
            yield ChannelNotice(channel, "problem", words)
    past = [each for each in found if not isinstance(each, BadEvent)]
    if past:
        past.sort(key=lambda message: message.sent_at or START, reverse=True)
        yield HistoryReceived(channel, tuple(past))
    yield from (each for each in found if isinstance(each, BadEvent))


def _past(channel: ChannelRef, value: dict[str, Any], thread: str) -> Past | BadEvent:
    try:
        return _message(Item(channel, value), thread)
    except InvalidPayload as error:
        return BadEvent(str(error))


def _message(item: Item, thread: str) -> Past:
    sender = text(item.value.get("from"))
    is_ours = e164(sender) == item.channel.address or (thread and sender != thread)
    event: Past
    if is_ours:
        recipient = customer(item.value.get("to") or thread)
        word = text(mapping(item.value.get("history_context")).get("status"))
        event = sent(item, recipient, STATUSES.get(word.upper(), "sent"))
    else:
        # Nobody opts out or in by what was said long ago.
        event = replace(received(item), opt="")
    if event.sent_at is None:
        raise InvalidPayload("Meta sent a past message without a time.")
    if item.type == PLACEHOLDER:
        data = {"original_type": "media", "announced": True}
        event = replace(event, data=data)
    return event


def address_book(item: Item) -> CustomerNamed | None:
    """Return the name that our side gave to a customer in the app."""
    contact = mapping(item.value.get("contact"))
    names = (contact.get("full_name"), contact.get("first_name"))
    name = next(filter(None, map(clean_name, map(text, names))), "")
    if not name or item.value.get("action") == "remove":
        return None
    return CustomerNamed(item.channel, customer(contact.get("phone_number")), name)

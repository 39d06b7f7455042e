"""Reads what happens with customers besides messages: calls, marketing, groups."""

from __future__ import annotations

from typing import Any

from ..events import CustomerNamed, Occurred
from ..text import clean_name
from ..values import text
from .item import MAX_MESSAGE_ID, Item, customer, message_id

MAX_STATUS = 32
PREFERENCES = {"stop": "marketing_stopped", "resume": "marketing_resumed"}


def call(item: Item) -> Occurred:
    """Return that a call begins or ends; only its end has a status."""
    by_us = text(item.value.get("direction")) == "BUSINESS_INITIATED"
    has_ended = text(item.value.get("event")) == "terminate"
    status = text(item.value.get("status")).lower()[:MAX_STATUS]
    data: dict[str, Any] = {"by_us": by_us}
    data["status"] = status or ("ended" if has_ended else "ringing")
    duration = item.value.get("duration")
    if isinstance(duration, int) and 0 < duration < 10**6:
        data["seconds"] = int(duration)
    recipient = item.customer_ids() if by_us else item.sender_ids()
    return Occurred(
        channel=item.channel,
        external_ids=recipient,
        message_id=message_id(item.value),
        event_type="called",
        data=data,
        occurred_at=item.at,
        by_customer=not by_us,
        name="" if by_us else item.name,
    )


def preference(item: Item) -> Occurred | None:
    """Return whether a customer wants marketing; other messages still reach them."""
    event_type = PREFERENCES.get(text(item.value.get("value")))
    if not event_type:
        return None
    ids = customer(item.value.get("wa_id"), item.value.get("user_id"))
    # Meta gives it no id, and sends it again like all others.
    parts = (event_type, ids[0].removeprefix("+"), text(item.value.get("timestamp")))
    return Occurred(
        channel=item.channel,
        external_ids=ids,
        message_id=".".join(parts)[:MAX_MESSAGE_ID],
        event_type=event_type,
        occurred_at=item.at,
    )


def group(item: Item) -> CustomerNamed | None:
    """Return the name of a group."""
    name = clean_name(text(item.value.get("subject")))
    return (
        CustomerNamed(item.channel, (item.group,), name)
        if name and item.group
        else None
    )

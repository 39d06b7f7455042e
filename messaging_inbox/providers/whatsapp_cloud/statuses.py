"""Reads the statuses of our messages.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status
"""

from __future__ import annotations

from typing import Any

from ..error_table import MAX_CODE, MAX_DETAIL
from ..errors import InvalidPayload
from ..events import StatusChanged
from ..values import items, mapping, text
from .codes import meaning_of
from .item import MAX_ID, Item, message_id

# Who listened to a voice note has read it.
STATUSES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
# Our side deleted the message in the app, which comes as an echo, too.
IGNORED = frozenset(("deleted",))


def status(item: Item) -> StatusChanged | None:
    """Return the new status of a message; None in a group, where we send nothing."""
    word = text(item.value.get("status"))
    is_of_group = text(item.value.get("recipient_type")) == "group"
    if is_of_group or word in IGNORED or item.type == "call":
        return None
    if word not in STATUSES:
        raise InvalidPayload(f"Meta sent an unknown status: {word[:40]}.")
    reference = text(item.value.get("biz_opaque_callback_data"))
    return StatusChanged(
        channel=item.channel,
        message_id=message_id(item.value),
        status=STATUSES[word],
        reference=reference[:MAX_ID],
        external_ids=item.recipient_ids("recipient", "recipient_id"),
        occurred_at=item.at,
        data=_data(item, word),
        **(_failure(item) if word == "failed" else {}),
    )


def _data(item: Item, word: str) -> dict[str, Any]:
    category = text(mapping(item.value.get("pricing")).get("category"))[:MAX_CODE]
    data: dict[str, Any] = {"price_category": category} if category else {}
    if word == "played":
        data["played"] = True
    return data


def _failure(item: Item) -> dict[str, str]:
    error = mapping(next(iter(items(item.value.get("errors"))), None))
    code = text(error.get("code"))[:MAX_CODE]
    return {
        "error_code": code,
        "error_detail": words_of(error)[:MAX_DETAIL],
        "reason": meaning_of(code).reason.value,
    }


def words_of(error: dict[str, Any]) -> str:
    """Return Meta's words about an error, the most detailed ones."""
    details = mapping(error.get("error_data")).get("details")
    words = (details, error.get("message"), error.get("title"))
    return next(filter(None, map(text, words)), "")

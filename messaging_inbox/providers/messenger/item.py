"""An event of a webhook body, with the context of its entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..errors import InvalidPayload
from ..events import ChannelRef
from ..values import mapping, moment, text

MAX_ID = 128
MAX_MESSAGE_ID = 512
MADE_UP = ("postback.", "referral.", "optin.")


@dataclass(frozen=True)
class Item:
    """``value`` is the event as received from Meta; ``app_id`` is our app's id."""

    channel: ChannelRef
    value: Mapping[str, Any]
    entry_time: datetime | None = None
    standby: bool = False
    app_id: str = ""

    @property
    def at(self) -> datetime | None:
        return moment(self.value.get("timestamp")) or self.entry_time

    @property
    def sender(self) -> str:
        return text(mapping(self.value.get("sender")).get("id"))

    @property
    def recipient(self) -> str:
        return text(mapping(self.value.get("recipient")).get("id"))

    @property
    def is_ours(self) -> bool:
        """Whether our own side caused the event."""
        return self.sender == self.channel.address

    @property
    def is_with_oneself(self) -> bool:
        """Whether the event involves no customer."""
        return self.is_ours and self.recipient == self.channel.address

    @property
    def customer(self) -> str:
        return checked_id(self.recipient if self.is_ours else self.sender)

    def part(self, name: str) -> dict[str, Any]:
        """Return the object under the event's name."""
        return mapping(self.value.get(name))


def checked_id(customer: str) -> str:
    """Return a customer's id; raise InvalidPayload if it isn't valid."""
    if not customer:
        raise InvalidPayload("Meta sent no id of the customer.")
    if len(customer) > MAX_ID:
        raise InvalidPayload("Meta sent an id of the customer that is too long.")
    return customer


def made_up_id(item: Item, name: str) -> str:
    """Return an id for an event without one; a redelivery gets the same id."""
    made_up = f"{name}.{item.customer}.{text(item.value.get('timestamp'))}"
    return made_up[:MAX_MESSAGE_ID]


def is_made_up(mid: str) -> bool:
    """Return whether we made up an id, so that Meta doesn't know it."""
    return mid.startswith(MADE_UP)


def message_id(part: Mapping[str, Any]) -> str:
    """Return the id of the event's message."""
    mid = text(part.get("mid"))
    if not mid:
        raise InvalidPayload("Meta sent no mid, so we can't tell which message it is.")
    if len(mid) > MAX_MESSAGE_ID:
        raise InvalidPayload("Meta sent a mid that is too long.")
    return mid

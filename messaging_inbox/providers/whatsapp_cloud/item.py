"""One part of a webhook body, with the number that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..errors import InvalidPayload
from ..events import ChannelRef
from ..values import items, mapping, moment, text

KIND = "whatsapp"
MAX_ID = 128
MAX_MESSAGE_ID = 512


@dataclass(frozen=True)
class Item:
    """``value`` is a message, status or call; ``contacts`` are those beside it."""

    channel: ChannelRef
    value: Mapping[str, Any]
    contacts: tuple[Mapping[str, Any], ...] = ()

    @property
    def at(self) -> datetime | None:
        return moment(self.value.get("timestamp"))

    @property
    def type(self) -> str:
        return text(self.value.get("type"))[:MAX_ID]

    @property
    def content(self) -> dict[str, Any]:
        """The object under the type's name."""
        return mapping(self.value.get(self.type))

    @property
    def context(self) -> dict[str, Any]:
        return mapping(self.value.get("context"))

    @property
    def group(self) -> str:
        return checked(text(self.value.get("group_id")))

    @property
    def contact(self) -> Mapping[str, Any]:
        """The contact who wrote this: it may spell the number in another way."""
        ids = {text(self.value.get("from")), text(self.value.get("from_user_id"))}
        for contact in self.contacts:
            if ids - {""} & {text(contact.get(name)) for name in ("wa_id", "user_id")}:
                return contact
        return self.contacts[0] if len(self.contacts) == 1 else {}

    @property
    def name(self) -> str:
        return text(mapping(self.contact.get("profile")).get("name"))

    @property
    def username(self) -> str:
        username = text(mapping(self.contact.get("profile")).get("username"))
        return username.strip().removeprefix("@")[:MAX_ID]

    def customer_ids(self) -> tuple[str, ...]:
        """Return the ids of the customer whom our side wrote to or called."""
        return customer("", *self.recipient_ids("to", "to"))

    def sender_ids(self) -> tuple[str, ...]:
        """Return the ids of the customer who wrote this, the number first."""
        contact = self.contact
        number = self.value.get("from") or contact.get("wa_id")
        ids = ("user_id", "parent_user_id")
        others = [self.value.get(f"from_{name}") or contact.get(name) for name in ids]
        return customer(number, *others)

    def recipient_ids(self, prefix: str, number: str) -> tuple[str, ...]:
        """Return the ids of the customer whom this went to, if Meta tells any."""
        others = (f"{prefix}_user_id", f"{prefix}_parent_user_id")
        return ids_of(self.value.get(number), *map(self.value.get, others))


def number_of(value: Mapping[str, Any]) -> ChannelRef:
    """Return the number that a change is about; raise InvalidPayload without one."""
    metadata = mapping(value.get("metadata"))
    reference = text(metadata.get("phone_number_id"))
    address = e164(metadata.get("display_phone_number"))
    if not (reference or address):
        raise InvalidPayload(
            "Meta sent an event that doesn't say which number it is about."
        )
    return ChannelRef(KIND, checked(address), reference=checked(reference))


def contacts_of(value: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    return tuple(map(mapping, items(value.get("contacts"))))


def e164(number: Any) -> str:
    """Return a number with its plus, which Meta leaves out; other ids as they are."""
    digits = "".join(text(number).split()).removeprefix("+")
    is_number = digits.isascii() and digits.isdecimal()
    return f"+{digits}" if is_number else digits


def ids_of(number: Any, *others: Any) -> tuple[str, ...]:
    """Return a customer's ids without repeats."""
    found = (e164(number), *map(text, others))
    return tuple(dict.fromkeys(map(checked, filter(None, found))))


def customer(number: Any, *others: Any) -> tuple[str, ...]:
    """Return a customer's ids; raise InvalidPayload without any."""
    ids = ids_of(number, *others)
    if not ids:
        raise InvalidPayload("Meta sent no id of the customer.")
    return ids


def checked(found: str) -> str:
    if len(found) > MAX_ID:
        raise InvalidPayload("Meta sent an id that is too long.")
    return found


def message_id(value: Mapping[str, Any], name: str = "id") -> str:
    """Return the id of the message that a part is about."""
    found = text(value.get(name))
    if not found:
        raise InvalidPayload("Meta sent no id of the message.")
    if len(found) > MAX_MESSAGE_ID:
        raise InvalidPayload("Meta sent an id of the message that is too long.")
    return found

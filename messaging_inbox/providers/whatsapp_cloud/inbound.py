"""Reads what customers send, and what our side sends from the phone app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..events import (
    CustomerMoved,
    Event,
    MessageEdited,
    MessageReceived,
    MessageSent,
    MessageUnsent,
    Reacted,
)
from ..keywords import keyword
from ..values import mapping, text
from .content import content_of, text_of
from .item import Item, customer, message_id

MAX_EMOJI = 32
# What a customer did without writing: opened the conversation for the first time.
NOTHING_WRITTEN = "request_welcome"
# Their ids changed. Another type says that a customer has a new security code.
MOVES = ("user_changed_number", "user_changed_user_id")


def message(item: Item) -> Event | None:
    """Return what a customer sent."""
    if item.type in (NOTHING_WRITTEN, "system"):
        return _system(item)
    reader = CHANGES.get(item.type)
    if reader:
        return reader(item, item.sender_ids())
    return received(item)


def echo(item: Item) -> Event | None:
    """Return what our side sent from the WhatsApp Business app."""
    recipient = item.customer_ids()
    reader = CHANGES.get(item.type)
    if reader:
        event = reader(item, recipient)
        return replace(event, by_us=True) if isinstance(event, Reacted) else event
    return sent(item, recipient)


def received(item: Item) -> MessageReceived:
    """Return a customer's message."""
    content = content_of(item)
    event = MessageReceived(
        channel=item.channel,
        message_id=message_id(item.value),
        external_ids=item.sender_ids(),
        name=item.name,
        username=item.username,
        sent_at=item.at,
        opt=keyword(content["text"]) if item.type == "text" else "",
        **content,
    )
    return _in_group(item, event) if item.group else event


def _in_group(item: Item, event: MessageReceived) -> MessageReceived:
    """Return a message as one of the group, whose conversation can't be answered."""
    author = item.name or event.external_ids[0]
    return replace(
        event,
        external_ids=(item.group,),
        name="",
        username="",
        address=f"Group {item.group[-4:]}",
        text=f"{author}: {event.text}",
        data={**event.data, "group": True},
        opt="",
    )


def sent(item: Item, recipient: tuple[str, ...], status: str = "") -> MessageSent:
    """Return a message that our side sent outside Odoo."""
    return MessageSent(
        channel=item.channel,
        message_id=message_id(item.value),
        external_ids=recipient,
        sent_at=item.at,
        status=status,
        **content_of(item),
    )


def _reaction(item: Item, external_ids: tuple[str, ...]) -> Reacted:
    return Reacted(
        channel=item.channel,
        external_ids=external_ids,
        message_id=message_id(item.content, "message_id"),
        emoji=text(item.content.get("emoji"))[:MAX_EMOJI],
        occurred_at=item.at,
    )


def _edit(item: Item, external_ids: tuple[str, ...]) -> MessageEdited:
    edited = replace(item, value=mapping(item.content.get("message")))
    return MessageEdited(
        channel=item.channel,
        external_ids=external_ids,
        message_id=message_id(item.content, "original_message_id"),
        text=text_of(edited),
        occurred_at=item.at,
    )


def _revoke(item: Item, external_ids: tuple[str, ...]) -> MessageUnsent:
    return MessageUnsent(
        channel=item.channel,
        external_ids=external_ids,
        message_id=message_id(item.content, "original_message_id"),
        occurred_at=item.at,
    )


def _system(item: Item) -> CustomerMoved | None:
    """Return a customer's new ids; a changed number comes with a new user id."""
    part = item.content
    if text(part.get("type")) not in MOVES:
        return None
    names = ("user_id", "parent_user_id")
    former = [part.get(f"previous_{name}") for name in names]
    return CustomerMoved(
        channel=item.channel,
        external_ids=customer(part.get("wa_id"), *map(part.get, names)),
        former_ids=customer(item.value.get("from"), *former),
        occurred_at=item.at,
    )


CHANGES: dict[str, Callable[[Item, tuple[str, ...]], Event]] = {
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
}

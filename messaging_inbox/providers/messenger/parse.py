"""Turns Meta's webhook requests into events.

One body contains entries of several Pages and accounts, each with several events, up
to a thousand in total. An unreadable event doesn't affect the others. Meta adds fields
and events without notice: we read those that we know and ignore the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import InvalidPayload
from ..events import BadEvent, ChannelRef, Event
from ..graph import read_body
from ..values import items, mapping, moment, text
from . import messages, other_events
from .item import MAX_ID, Item

CHANNEL_KINDS = {"page": "messenger", "instagram": "instagram"}
# Ids in the events that the "Test" button of Meta's dashboard sends.
TEST_ENTRY = "0"
TEST_SENDER, TEST_RECIPIENT = "12334", "23245"
READERS = {
    "message": messages.message,
    "postback": messages.postback,
    "referral": messages.referral,
    "optin": messages.optin,
    "message_edit": messages.edit,
    "reaction": other_events.reaction,
    "delivery": other_events.delivery,
    "read": other_events.read,
    "policy_enforcement": other_events.policy_enforcement,
    "policy-enforcement": other_events.policy_enforcement,
    "pass_thread_control": other_events.thread_passed,
    "take_thread_control": other_events.thread_taken,
    "request_thread_control": other_events.thread_requested,
}


def events_of(body: bytes, app_id: str) -> list[Event]:
    """Return the events of a body in Meta's order."""
    product, entries = read_body(body, CHANNEL_KINDS)
    return [
        event
        for entry in entries
        for event in _events_of_entry(CHANNEL_KINDS[product], entry, app_id)
    ]


def _events_of_entry(kind: str, entry: dict[str, Any], app_id: str) -> Iterator[Event]:
    """Yield the events of one Page or account, without test events."""
    address = text(entry.get("id"))
    if not 0 < len(address) <= MAX_ID:
        yield BadEvent("Meta sent an entry that doesn't say which Page it is about.")
        return
    if address == TEST_ENTRY:
        return
    channel, time = ChannelRef(kind, address), moment(entry.get("time"))
    for name in ("messaging", "standby"):
        for value in items(entry.get(name)):
            item = Item(channel, mapping(value), time, name == "standby", app_id)
            event = _event(item)
            if event is not None:
                yield event


def _event(item: Item) -> Event | None:
    """Return an event, None if it is irrelevant to us."""
    name = next((name for name in READERS if name in item.value), None)
    is_test = (item.sender, item.recipient) == (TEST_SENDER, TEST_RECIPIENT)
    if name is None or is_test or item.is_with_oneself:
        return None
    try:
        return READERS[name](item)
    except InvalidPayload as error:
        return BadEvent(str(error))

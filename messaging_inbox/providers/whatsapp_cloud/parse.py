"""Turns Meta's webhook requests into events.

One body contains entries of several accounts, each with changes to several numbers, up
to a thousand in total. An unreadable part doesn't affect the others. Meta adds fields
and types without notice: we read those that we know and ignore the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..error_table import MAX_DETAIL
from ..errors import InvalidPayload
from ..events import BadEvent, ChannelNotice, Event, MessageReceived, MessageSent
from ..graph import read_body
from ..values import items, mapping, text
from . import about_customers, about_numbers, inbound, phone_app
from .item import Item, contacts_of, number_of
from .statuses import status, words_of

PRODUCT = "whatsapp_business_account"
# The id of the account in what the "Test" button of Meta's dashboard sends.
TEST_ENTRY = "0"
Value = Mapping[str, Any]
Reader = Callable[[Value, Any], Iterator[Event]]


def events_of(body: bytes) -> list[Event]:
    """Return the events of a body in Meta's order."""
    _product, entries = read_body(body, (PRODUCT,))
    return [
        event
        for entry in entries
        if text(entry.get("id")) != TEST_ENTRY
        for change in map(mapping, items(entry.get("changes")))
        for event in _events_of(change, entry.get("time"))
    ]


def _events_of(change: Value, time: Any) -> Iterator[Event]:
    reader = READERS.get(text(change.get("field")))
    if reader is None:
        return
    try:
        yield from reader(mapping(change.get("value")), time)
    except InvalidPayload as error:
        yield BadEvent(str(error))


def _messages(value: Value, _time: Any) -> Iterator[Event]:
    """Yield messages and statuses; without either, the error that Meta reports."""
    messages = items(value.get("messages"))
    statuses = items(value.get("statuses"))
    yield from _each(inbound.message, value, messages)
    yield from _each(status, value, statuses)
    errors = items(value.get("errors"))
    if errors and not (messages or statuses):
        error = mapping(errors[0])
        words = f"{words_of(error)} ({text(error.get('code'))})"
        yield ChannelNotice(number_of(value), "problem", words[:MAX_DETAIL])


def _standby(value: Value, time: Any) -> Iterator[Event]:
    """Yield what happens while Meta's own agent answers, and we only listen."""
    echoes = _each(inbound.echo, value, items(value.get("message_echoes")))
    for event in (*_messages(value, time), *echoes):
        if isinstance(event, (MessageReceived, MessageSent)):
            event = replace(event, data={**event.data, "standby": True})
        yield event


def _list(name: str, read: Callable[[Item], Event | None]) -> Reader:
    """Return the reader of a change that is one list of parts."""

    def reader(value: Value, _time: Any) -> Iterator[Event]:
        yield from _each(read, value, items(value.get(name)))

    return reader


def _each(
    read: Callable[[Item], Event | None], value: Value, found: list[Any]
) -> Iterator[Event]:
    if not found:
        return
    channel, contacts = number_of(value), contacts_of(value)
    for part in found:
        try:
            event = read(Item(channel, mapping(part), contacts))
        except InvalidPayload as error:
            event = BadEvent(str(error))
        if event is not None:
            yield event


READERS: dict[str, Reader] = {
    "messages": _messages,
    "standby": _standby,
    "smb_message_echoes": _list("message_echoes", inbound.echo),
    "history": phone_app.history,
    "smb_app_state_sync": _list("state_sync", phone_app.address_book),
    "calls": _list("calls", about_customers.call),
    "user_preferences": _list("user_preferences", about_customers.preference),
    "group_lifecycle_update": _list("groups", about_customers.group),
    "group_settings_update": _list("groups", about_customers.group),
    "message_template_status_update": about_numbers.template,
    "message_template_quality_update": about_numbers.template,
    "message_template_components_update": about_numbers.template,
    "template_category_update": about_numbers.template,
    "phone_number_quality_update": about_numbers.quality,
    "phone_number_name_update": about_numbers.name,
    "business_capability_update": about_numbers.capability,
    "account_update": about_numbers.account,
    "account_alerts": about_numbers.alert,
    "security": about_numbers.security,
}

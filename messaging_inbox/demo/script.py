"""Helpers with which `conversations.py` describes demo conversations, without Odoo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

UNITS = {"d": "days", "h": "hours", "m": "minutes"}


@dataclass(frozen=True)
class Line:
    """One message or event, ``ago`` before now; ``who`` is an Agent's xml id, or empty.

    ``file`` is in ``files/``, ``lost_file`` was never fetched. ``quotes`` is the index
    of a line of the conversation. ``assignee``, ``to`` and ``record`` are the xml ids
    of an event.
    """

    ago: timedelta
    direction: str
    who: str = ""
    file: str = ""
    lost_file: str = ""
    quotes: int | None = None
    assignee: str = ""
    to: str = ""
    record: str = ""
    next_try_in: timedelta | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Conversation:
    """A conversation; ``ids`` are the customer's identities on the channel."""

    key: str
    channel: str
    name: str
    ids: tuple[str, ...]
    lines: tuple[Line, ...]
    assignee: str = ""
    state: str = "open"
    unread: int = 0
    opted_out: bool = False
    partner: str = ""
    lead: str = ""


def span(words: str) -> timedelta:
    """Parse a time span such as ``1d 2h 5m``."""
    parts = re.findall(r"(\d+)([dhm])", words)
    return timedelta(**{UNITS[unit]: int(number) for number, unit in parts})


def customer(
    ago: str, body: str = "", kind: str = "text", data: Any = None, **line: Any
) -> Line:
    values = {"body": body, "kind": kind, "state": "received", "data": data}
    return Line(span(ago), "inbound", values=values, **line)


def agent(
    who: str,
    ago: str,
    body: str = "",
    state: str = "read",
    kind: str = "text",
    data: Any = None,
    **line: Any,
) -> Line:
    values = {"body": body, "kind": kind, "state": state, "data": data}
    return Line(span(ago), "outbound", who, values=values, **line)


def outside(ago: str, body: str, data: Any = None) -> Line:
    """Return a message that the shop wrote in the Page's inbox or on the phone."""
    return agent("", ago, body, data={"sent_outside": True, **(data or {})})


def failed(who: str, ago: str, body: str, state: str, reason: str, code: str) -> Line:
    values = {"body": body, "state": state, "reason": reason, "error_code": code}
    return Line(span(ago), "outbound", who, values=values)


def queued(who: str, ago: str, body: str, reason: str, next_try_in: str) -> Line:
    values = {"body": body, "state": "queued", "reason": reason}
    return Line(
        span(ago), "outbound", who, next_try_in=span(next_try_in), values=values
    )


def event(who: str, ago: str, event_type: str, data: Any = None, **line: Any) -> Line:
    values = {"event_type": event_type, "data": data}
    return Line(span(ago), "event", who, values=values, **line)


def assigned(who: str, ago: str, to: str = "", assignee: str = "") -> Line:
    return event(who, ago, "assigned", to=to, assignee=assignee)


def talk(start: str, pause: str, *sayings: tuple[str, str]) -> tuple[Line, ...]:
    """Return a conversation in turns; those without an Agent are the customer's."""
    first, step = span(start), span(pause)
    times = (first - step * turn for turn in range(len(sayings)))
    return tuple(
        Line(
            time,
            "outbound" if who else "inbound",
            who,
            values={"body": body, "state": "read" if who else "received"},
        )
        for time, (who, body) in zip(times, sayings, strict=True)
    )

"""What every event of a provider promises to the rest of the addon."""

from __future__ import annotations

import dataclasses
import math
from datetime import datetime
from typing import Any

from providers.events import KINDS, MessageReceived, MessageSent

# An index of the database takes no longer keys.
LONGEST_ID = 512
MOST_DEPTH = 20


def check(event: Any) -> None:
    """Raise AssertionError or ValueError unless the event can be stored and shown."""
    _check_storable(event)
    ids = [getattr(event, name, None) or "" for name in ("message_id", "external_id")]
    ids += getattr(event, "external_ids", ())
    assert max(map(len, ids)) <= LONGEST_ID, "an id is too long"
    assert all(getattr(event, "external_ids", ())), "an empty id"
    if isinstance(event, (MessageReceived, MessageSent)):
        assert event.kind in KINDS, event.kind
        assert event.message_id and event.external_ids


def _check_storable(value: Any, depth: int = 0) -> None:
    """Refuse what PostgreSQL refuses: NULs, halves of characters, endless nesting."""
    assert depth < MOST_DEPTH
    if isinstance(value, str):
        assert "\x00" not in value
        value.encode()
    elif isinstance(value, float):
        assert math.isfinite(value)
    elif isinstance(value, datetime):
        assert value.tzinfo is None
    elif isinstance(value, dict):
        for name, each in value.items():
            assert isinstance(name, str)
            _check_storable(name, depth + 1)
            _check_storable(each, depth + 1)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _check_storable(each, depth + 1)
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            _check_storable(getattr(value, each.name), depth + 1)
    else:
        assert value is None or isinstance(value, int), type(value)

"""Reads untrusted JSON: unexpected values become harmless ones."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import Any

from .text import clean

EPOCH = datetime(1970, 1, 1)
# As seconds, this is 33,000 years away; as milliseconds, it is September 2001.
LEAST_MILLISECONDS = 10**12
ISO = "%Y-%m-%dT%H:%M:%S%z"
WEB = ("https://", "http://")


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return a string, also for an id that is a number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return clean(value) if isinstance(value, str) else ""


def link(value: Any) -> str:
    """Return a URL that is safe to open in a browser, else an empty string."""
    address = text(value).strip()
    return address if address.lower().startswith(WEB) else ""


def degrees(value: Any, limit: int) -> float | None:
    """Return a coordinate, None if it is no number between -limit and limit."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (OverflowError, ValueError):
        return None
    return found if math.isfinite(found) and abs(found) <= limit else None


def moment(value: Any) -> datetime | None:
    """Return a time from milliseconds, seconds or, rarely, an ISO string."""
    if isinstance(value, str):
        digits = value.strip()
        is_number = digits.isascii() and digits.isdecimal() and len(digits) < 20
        return moment(int(digits)) if is_number else _of_iso(digits)
    if not isinstance(value, (int, float)) or not value > 0:
        return None
    unit = "milliseconds" if value >= LEAST_MILLISECONDS else "seconds"
    try:
        return EPOCH + timedelta(**{unit: value})
    except (OverflowError, ValueError):
        return None


def _of_iso(words: str) -> datetime | None:
    try:
        parsed = datetime.strptime(words, ISO)
        return parsed.astimezone(timezone.utc).replace(tzinfo=None)
    except (OverflowError, ValueError):
        return None

"""What a provider's error codes mean, as tables that read like its documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from .errors import Reason

MAX_CODE = 32
MAX_DETAIL = 500


class Retry(Enum):
    """Whether the same request may succeed when it is sent again."""

    NEVER = "never"
    LATER = "later"


class Meaning(NamedTuple):
    """What a code means for the message."""

    reason: Reason
    retry: Retry = Retry.NEVER


UNKNOWN = Meaning(Reason.OTHER)
Codes = Mapping[Reason, Iterable[int]]


def meanings(never: Codes, later: Codes) -> dict[int, Meaning]:
    """Turn two tables of codes by reason into one of meanings by code."""
    return {
        code: Meaning(reason, retry)
        for retry, table in ((Retry.NEVER, never), (Retry.LATER, later))
        for reason, codes in table.items()
        for code in codes
    }

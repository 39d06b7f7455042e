"""What a provider's error codes mean, as tables that read like its documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from .errors import Reason, Refused, Retryable, SendError, Unsettled

MAX_CODE = 32
MAX_DETAIL = 500


class Retry(Enum):
    """Whether to make the same request again, which may send a message.

    NEVER and LATER: the provider surely refused, for ever or for now. UNSURE: it failed
    and may have taken the message all the same.
    """

    NEVER = "never"
    LATER = "later"
    UNSURE = "unsure"


class Meaning(NamedTuple):
    """What a code means for the message."""

    reason: Reason
    retry: Retry = Retry.NEVER


UNKNOWN = Meaning(Reason.OTHER)
Codes = Mapping[Reason, Iterable[int]]


def error_table(
    never: Codes, later: Codes, unsure: Codes | None = None
) -> dict[int, Meaning]:
    """Turn tables of codes by reason into one table by code."""
    tables = {Retry.NEVER: never, Retry.LATER: later, Retry.UNSURE: unsure or {}}
    return {
        code: Meaning(reason, retry)
        for retry, table in tables.items()
        for reason, codes in table.items()
        for code in codes
    }


class Failure(NamedTuple):
    """What a provider says of a request that failed: its code and its words.

    ``meaning`` is UNKNOWN where the provider's own JSON doesn't tell; ``wait`` is its
    wish in seconds.
    """

    meaning: Meaning
    code: str
    detail: str
    wait: float | None = None


def error_of(failure: Failure, status: int, repeatable: bool) -> SendError:
    """Turn a failure into one of the three errors.

    A request that isn't ``repeatable`` may have sent a message: it is Retryable only if
    the provider surely refused it.
    """
    reason, retry = failure.meaning
    if status == 429:
        retry = Retry.LATER
    elif failure.meaning == UNKNOWN:
        retry = _retry_of(status, repeatable)
    if reason is Reason.OTHER:
        reason = _reason_of(status)
    said = (reason, failure.code, failure.detail)
    if retry is Retry.NEVER:
        return Refused(*said)
    if retry is Retry.UNSURE and not repeatable:
        return Unsettled(*said)
    return Retryable(*said, retry_after=failure.wait)


def _retry_of(status: int, repeatable: bool) -> Retry:
    """Return what an HTTP status says by itself, which any gateway may have sent.

    One that gives up waiting answers so for a provider that has taken the request: by
    5xx, some by 408. A redirect may lead to what the request has made.
    """
    if status >= 500 or status == 408:
        return Retry.UNSURE
    is_redirect = status // 100 == 3
    return Retry.UNSURE if is_redirect and not repeatable else Retry.NEVER


def _reason_of(status: int) -> Reason:
    if status == 429:
        return Reason.RATE_LIMITED
    return Reason.PROVIDER_DOWN if status >= 500 else Reason.OTHER

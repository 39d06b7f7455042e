"""Tables of a provider's error codes, laid out like its documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from .errors import Reason, Refused, Retryable, SendError, Unsettled

MAX_CODE = 32
MAX_DETAIL = 500


class Retry(Enum):
    """Whether to repeat a request that may send a message.

    NEVER and LATER: the provider certainly refused it, permanently or for now. UNSURE:
    the request failed, but the provider may have accepted the message.
    """

    NEVER = "never"
    LATER = "later"
    UNSURE = "unsure"


class Meaning(NamedTuple):
    """What an error code means for the message."""

    reason: Reason
    retry: Retry = Retry.NEVER


UNKNOWN = Meaning(Reason.OTHER)
Codes = Mapping[Reason, Iterable[int]]


def error_table(
    never: Codes, later: Codes, unsure: Codes | None = None
) -> dict[int, Meaning]:
    """Return one table by code from tables of codes by reason."""
    tables = {Retry.NEVER: never, Retry.LATER: later, Retry.UNSURE: unsure or {}}
    return {
        code: Meaning(reason, retry)
        for retry, table in tables.items()
        for reason, codes in table.items()
        for code in codes
    }


class Failure(NamedTuple):
    """What a provider reports about a failed request.

    ``meaning`` is UNKNOWN if the provider's own JSON doesn't say; ``wait`` is the delay
    in seconds that it asks for.
    """

    meaning: Meaning
    code: str
    detail: str
    wait: float | None = None


def error_of(failure: Failure, status: int, repeatable: bool) -> SendError:
    """Return Refused, Retryable or Unsettled for a failure.

    A request that isn't ``repeatable`` may have sent a message: it is Retryable only if
    the provider certainly refused it.
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
    """Return what an HTTP status alone means: any gateway may have sent it.

    A gateway that times out answers 5xx or 408 although the provider may have accepted
    the request. A redirect may point to what the request created.
    """
    if status >= 500 or status == 408:
        return Retry.UNSURE
    is_redirect = status // 100 == 3
    return Retry.UNSURE if is_redirect and not repeatable else Retry.NEVER


def _reason_of(status: int) -> Reason:
    if status == 429:
        return Reason.RATE_LIMITED
    return Reason.PROVIDER_DOWN if status >= 500 else Reason.OTHER

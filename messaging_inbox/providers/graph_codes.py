"""The error codes that all of Meta's Graph API shares, in our words.

Meta says an error as a code and, often, a subcode that is more exact. Those of seven
digits mean the same wherever they come, so one table holds codes and subcodes; the
shorter ones only mean something beside their code.
https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .call import ONE_DAY, retry_after
from .errors import Reason, Refused, Retryable, SendError
from .meanings import MAX_CODE, MAX_DETAIL, UNKNOWN, Meaning, Retry, meanings
from .text import clean

LEAST_SUBCODE = 10**6

_CODES_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.BAD_CREDENTIALS: (101, 102, 104, 190),
    Reason.NOT_PERMITTED: (3, 10, *range(200, 300), 368),
    Reason.BAD_CALLBACK: (2200, 2201),
}

_LATER_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.RATE_LIMITED: (4, 17, 32, 341, 613, *range(80000, 80015)),
    Reason.PROVIDER_DOWN: (1, 2),
}

MEANINGS = meanings(_CODES_BY_REASON, _LATER_BY_REASON)


def failure(
    status: int,
    body: Mapping[str, Any],
    headers: Mapping[str, str],
    table: Mapping[int, Meaning],
) -> SendError:
    """Turn Meta's answer to a request, which isn't a success, into an error."""
    error = body.get("error")
    error = error if isinstance(error, dict) else {}
    reason, retry = _meaning(error, table)
    code, detail = _code(error, status), _words(error, status)
    if status == 429 or (status >= 500 and reason is Reason.OTHER):
        reason = Reason.RATE_LIMITED if status == 429 else Reason.PROVIDER_DOWN
        retry = Retry.LATER
    if retry is Retry.LATER or error.get("is_transient") is True:
        return Retryable(reason, code, detail, _seconds_to_wait(headers))
    return Refused(reason, code, detail)


def _meaning(error: Mapping[str, Any], table: Mapping[int, Meaning]) -> Meaning:
    code, subcode = error.get("code"), error.get("error_subcode")
    if isinstance(subcode, int) and subcode >= LEAST_SUBCODE and subcode in table:
        return table[subcode]
    return table.get(code, UNKNOWN) if isinstance(code, int) else UNKNOWN


def _code(error: Mapping[str, Any], status: int) -> str:
    """Return what to look for in Meta's documentation: ``10/2018278``."""
    parts = (error.get("code"), error.get("error_subcode"))
    return clean("/".join(str(part) for part in parts if part) or str(status))[
        :MAX_CODE
    ]


def _words(error: Mapping[str, Any], status: int) -> str:
    words = (error.get("error_user_msg"), error.get("message"), f"HTTP {status}")
    return clean(str(next(filter(None, words))))[:MAX_DETAIL]


def _seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """Return Meta's wish, from the usual header or its own, which speaks of minutes."""
    wish = retry_after(headers)
    if wish is not None:
        return wish
    minutes = _minutes(headers.get("X-Business-Use-Case-Usage", ""))
    return min(minutes * 60.0, ONE_DAY) if minutes > 0 else None


def _minutes(usage: str) -> float:
    try:
        cases = json.loads(usage).values()
        waits = [
            case["estimated_time_to_regain_access"] for row in cases for case in row
        ]
        return max(map(float, waits), default=0.0)
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return 0.0

"""The error codes that the whole Graph API of Meta shares, mapped to our reasons.

Meta reports an error as a code and often a more specific subcode. Subcodes of seven
digits have the same meaning everywhere, so one table holds codes and subcodes; shorter
subcodes only have a meaning together with their code.
https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import requests

from .call import ONE_DAY, retry_after
from .error_table import (
    MAX_CODE,
    MAX_DETAIL,
    UNKNOWN,
    Failure,
    Meaning,
    Retry,
    error_table,
)
from .errors import Reason
from .text import clean

LEAST_SUBCODE = 10**6

_CODES_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.BAD_CREDENTIALS: (101, 102, 104, 190),
    Reason.NOT_PERMITTED: (3, 10, *range(200, 300), 368),
    Reason.BAD_CALLBACK: (2200, 2201),
}

_LATER_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.RATE_LIMITED: (4, 17, 32, 341, 613, *range(80000, 80015)),
}

# "Unknown error" and "temporary issue due to downtime": the message may have been sent.
_UNSURE_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.PROVIDER_DOWN: (1, 2),
}

ERROR_TABLE = error_table(_CODES_BY_REASON, _LATER_BY_REASON, _UNSURE_BY_REASON)


def read_failure(
    response: requests.Response, body: Mapping[str, Any], table: Mapping[int, Meaning]
) -> Failure | None:
    """Return Meta's report of a failed request, None for a success."""
    status = response.status_code
    if status // 100 == 2 and "error" not in body:
        return None
    error = body.get("error")
    error = error if isinstance(error, dict) else {}
    meaning = _meaning(error, table)
    code, detail = _code(error, status), _words(error, status)
    return Failure(meaning, code, detail, _seconds_to_wait(response.headers))


def _meaning(error: Mapping[str, Any], table: Mapping[int, Meaning]) -> Meaning:
    meaning = _of_codes(error.get("code"), error.get("error_subcode"), table)
    if error.get("is_transient") is not True:
        return meaning
    # A known code says that nothing was sent; "try again" alone doesn't.
    if meaning == UNKNOWN:
        return Meaning(Reason.OTHER, Retry.UNSURE)
    is_final = meaning.retry is Retry.NEVER
    return Meaning(meaning.reason, Retry.LATER if is_final else meaning.retry)


def _of_codes(code: Any, subcode: Any, table: Mapping[int, Meaning]) -> Meaning:
    if isinstance(subcode, int) and subcode >= LEAST_SUBCODE and subcode in table:
        return table[subcode]
    return table.get(code, UNKNOWN) if isinstance(code, int) else UNKNOWN


def _code(error: Mapping[str, Any], status: int) -> str:
    """Return the code as in Meta's documentation: ``10/2018278``."""
    parts = (error.get("code"), error.get("error_subcode"))
    return clean("/".join(str(part) for part in parts if part) or str(status))[
        :MAX_CODE
    ]


def _words(error: Mapping[str, Any], status: int) -> str:
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    said = (error.get("error_user_msg"), details, error.get("message"))
    words = (*said, f"HTTP {status}")
    return clean(str(next(filter(None, words))))[:MAX_DETAIL]


def _seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """Return the delay that Meta asks for, from the standard header or its own."""
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

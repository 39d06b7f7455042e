"""The reasons of Twilio's error codes.

It lists the codes of https://www.twilio.com/docs/api/errors that an outbound message
can meet and that an agent or the installer can act on. Others keep Twilio's text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from ..call import retry_after
from ..error_table import MAX_CODE, MAX_DETAIL, UNKNOWN, Failure, Meaning, error_table
from ..errors import Reason
from ..text import clean

_CODES_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.WINDOW_CLOSED: (63016,),
    Reason.OPTED_OUT: (21610,),
    Reason.BAD_RECIPIENT: (21211, 21217, 21604, 21614, 30014, 63031),
    Reason.NOT_ON_CHANNEL: (63003, 63024),
    Reason.UNREACHABLE: (21612, 30003, 30005, 30006),
    Reason.BLOCKED_BY_CUSTOMER: (63014, 63033),
    Reason.BLOCKED_BY_CARRIER: (30004, 30007, 63026),
    Reason.TOO_LONG: (21605, 21617),
    Reason.EMPTY: (21602, 21619),
    Reason.CONTENT_REFUSED: (21618, 63005, 63006, 63013, 63021, 63030),
    Reason.FILE_REFUSED: (21621, 21622, 30011, 63025, 63037),
    Reason.FILE_TOO_BIG: (30019, 63034),
    Reason.FILE_NOT_FETCHED: (11200, 12300, 21620, 63019),
    Reason.TOO_MANY_FILES: (21623,),
    Reason.TEMPLATE_REFUSED: (63029,),
    Reason.TEMPLATE_MISSING: (21654, 21655, 63027, 92005, 92006),
    Reason.TEMPLATE_VARIABLES: (21656, 63028, 92002, 92007),
    Reason.TEMPLATE_REJECTED: (63040,),
    Reason.TEMPLATE_PAUSED: (63041,),
    Reason.DAILY_LIMIT: (30023, 30027, 63038),
    Reason.BAD_SENDER: (
        *(21212, 21601, 21603, 21606, 21616, 21659),
        *(21701, 21702, 21703, 21704, 21705, 21709, 30024),
        *(63002, 63007, 63022),
    ),
    Reason.BAD_CREDENTIALS: (20003, 20005, 20008, 20404, 30002, 63001),
    Reason.NOT_PERMITTED: (20006, 20403, 21408, 63008, 63020),
    Reason.NOT_REGISTERED: (21717, 30018, 30032, 30034),
    Reason.BAD_CALLBACK: (21609, 21626),
    Reason.SANDBOX: (21607, 21608, 63015),
    Reason.HELD_BACK: (63032, 63049),
    Reason.OTHER: (30008, 63011, 63023),
}

_LATER_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.RATE_LIMITED: (14107, 20429, 21611, 30001, 30017, 30022, 63017, 63018),
    Reason.PROVIDER_DOWN: (20503,),
}

# Internal errors at Twilio or behind it, before or after the message was accepted
_UNSURE_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.PROVIDER_DOWN: (20500, 63009, 63010, 63012),
}

ERROR_TABLE = error_table(_CODES_BY_REASON, _LATER_BY_REASON, _UNSURE_BY_REASON)

_MEANING_BY_STATUS = {
    401: Meaning(Reason.BAD_CREDENTIALS),
    403: Meaning(Reason.NOT_PERMITTED),
    404: Meaning(Reason.BAD_CREDENTIALS),
}


def meaning_of(code: str) -> Meaning:
    """Return what one of Twilio's codes means; OTHER for those that we don't know."""
    known = code.isascii() and code.isdecimal() and len(code) < 10
    return ERROR_TABLE.get(int(code), UNKNOWN) if known else UNKNOWN


def read_failure(
    response: requests.Response, body: Mapping[str, Any]
) -> Failure | None:
    """Return what Twilio says of a request that failed; None for a success."""
    status = response.status_code
    if status // 100 == 2:
        return None
    code = clean(str(body.get("code") or status))[:MAX_CODE]
    detail = clean(str(body.get("message") or f"HTTP {status}"))[:MAX_DETAIL]
    said = meaning_of(code)
    if said.reason is Reason.OTHER or status == 401:
        said = _MEANING_BY_STATUS.get(status, said)
    return Failure(said, code, detail, retry_after(response.headers))

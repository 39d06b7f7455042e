"""The error codes of WhatsApp, mapped to our reasons.

Codes of the whole Graph API are in ``graph_codes.py``. Unknown codes keep Meta's text.
https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from __future__ import annotations

from .. import graph_codes
from ..error_table import UNKNOWN, Meaning, error_table
from ..errors import Reason

_CODES_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.WINDOW_CLOSED: (131047,),
}

_LATER_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.RATE_LIMITED: (130429, 131056),
}

ERROR_TABLE = {
    **graph_codes.ERROR_TABLE,
    **error_table(_CODES_BY_REASON, _LATER_BY_REASON),
}


def meaning_of(code: str) -> Meaning:
    """Return what a code in a status means."""
    is_number = code.isascii() and code.isdecimal()
    return ERROR_TABLE.get(int(code), UNKNOWN) if is_number else UNKNOWN

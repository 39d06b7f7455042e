"""The error codes of WhatsApp's Cloud API, mapped to our reasons.

They come as the answer to a send, or later in a status. Codes of the whole Graph API
are in ``graph_codes.py``. Unknown codes keep Meta's text.
https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

from __future__ import annotations

from .. import graph_codes
from ..error_table import UNKNOWN, Meaning, error_table
from ..errors import Reason

_CODES_BY_REASON: dict[Reason, tuple[int, ...]] = {
    # 470 is the code of the older API.
    Reason.WINDOW_CLOSED: (131047, 470),
    Reason.MARKETING_STOPPED: (131050,),
    # The recipient is the channel's own number.
    Reason.BAD_RECIPIENT: (131021,),
    # No WhatsApp, an old version, its terms not accepted, or we are blocked.
    Reason.NOT_ON_CHANNEL: (131026,),
    Reason.CONTENT_REFUSED: (131051,),
    Reason.FILE_NOT_FETCHED: (131052,),
    # Marketing beyond what Meta lets one customer get, or a test of Meta's: another try
    # within a day fails, too.
    Reason.HELD_BACK: (130472, 131049),
    Reason.DAILY_LIMIT: (131064,),
    Reason.TOO_LONG: (132005,),
    Reason.TEMPLATE_VARIABLES: (132000, 132008, 132012, 132018),
    Reason.TEMPLATE_MISSING: (132001,),
    Reason.TEMPLATE_REJECTED: (132007, 132016),
    Reason.TEMPLATE_PAUSED: (132015,),
    # A flow of the template is blocked or throttled; a template for codes can't go to a
    # business-scoped id.
    Reason.TEMPLATE_REFUSED: (131062, 132068, 132069),
    # The display name isn't approved; the account can't pay.
    Reason.BAD_SENDER: (131037, 131042),
    Reason.NOT_REGISTERED: (131045, 133010),
    Reason.BAD_CREDENTIALS: (0,),
    # No permission, a locked account, a country that is off limits, no marketing.
    Reason.NOT_PERMITTED: (131005, 131031, 130497, 131063),
    Reason.SANDBOX: (131030,),
}

_LATER_BY_REASON: dict[Reason, tuple[int, ...]] = {
    # Of the number, and to one customer.
    Reason.RATE_LIMITED: (130429, 131056),
    # Too many customers blocked the number or reported it.
    Reason.HELD_BACK: (131048,),
    # The number is being upgraded, which takes a minute.
    Reason.PROVIDER_DOWN: (131057,),
    # The upload broke, or Meta doesn't know what it holds.
    Reason.FILE_REFUSED: (131053,),
}

# "Something went wrong" and "temporarily unavailable"
_UNSURE_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.PROVIDER_DOWN: (131000, 131016),
}

ERROR_TABLE = {
    **graph_codes.ERROR_TABLE,
    **error_table(_CODES_BY_REASON, _LATER_BY_REASON, _UNSURE_BY_REASON),
}


def meaning_of(code: str) -> Meaning:
    """Return what a code in a status means."""
    is_number = code.isascii() and code.isdecimal() and len(code) < 10
    return ERROR_TABLE.get(int(code), UNKNOWN) if is_number else UNKNOWN

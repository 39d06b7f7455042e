"""The error codes of sending to Messenger and Instagram, mapped to our reasons.

Codes of the whole Graph API are in ``graph_codes.py``. Unknown codes keep Meta's text.
https://developers.facebook.com/docs/messenger-platform/error-codes
"""

from __future__ import annotations

from .. import graph_codes
from ..error_table import error_table
from ..errors import Reason

_CODES_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.WINDOW_CLOSED: (2018065, 2018278, 2534022),
    Reason.UNREACHABLE: (551, 1545041, 2018108),
    Reason.BAD_RECIPIENT: (2018001, 2534014),
    Reason.SANDBOX: (2018028,),
    Reason.FILE_TOO_BIG: (2018109,),
    Reason.TOO_MANY_FILES: (2022, 2534068),
    Reason.CONTENT_REFUSED: (2534015,),
}

_LATER_BY_REASON: dict[Reason, tuple[int, ...]] = {
    Reason.PROVIDER_DOWN: (1200,),
    Reason.FILE_NOT_FETCHED: (2018047, 2018074, 2018294),
    # The Page is blocked from sending for a while.
    Reason.HELD_BACK: (1893063,),
}

ERROR_TABLE = {
    **graph_codes.ERROR_TABLE,
    **error_table(_CODES_BY_REASON, _LATER_BY_REASON),
}

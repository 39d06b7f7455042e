"""Whom a message is for: a number and a business-scoped id have their own fields.

Meta drops a business-scoped id in ``to`` without an error.
"""

from __future__ import annotations

import re

from ..errors import Reason, Refused

# People write numbers with these between the digits.
SEPARATORS = re.compile(r"[\s()./-]+")
# E.164: at most 15 digits; shorter ones than seven are short codes.
NUMBER = re.compile(r"\+?([1-9][0-9]{6,14})")
# A country and an id, such as US.1349120865530274; US.ENT.… is that of the owner of
# several businesses.
SCOPED_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


def recipient_of(external_id: str) -> dict[str, str]:
    """Return the field of a request that names the customer.

    Raise Refused for what is neither a number nor a business-scoped id.
    """
    given = external_id.strip()
    if SCOPED_ID.fullmatch(given):
        return {"recipient": given}
    number = given.isascii() and NUMBER.fullmatch(SEPARATORS.sub("", given))
    if number:
        return {"to": number[1]}
    raise Refused(
        Reason.BAD_RECIPIENT, detail="This is no number and no id of WhatsApp."
    )

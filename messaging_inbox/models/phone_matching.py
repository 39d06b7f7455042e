"""Which numbers and spellings mean the same telephone. Plain Python."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat

# What Odoo's own search leaves out of a spelling; its index has this very pattern.
SEPARATORS = r"[\s\\./\(\)\-]"
# Numbers that changed: WhatsApp knows many customers by one form, their contact by the
# other. Brazil put a 9 before mobile numbers, Mexico took a 1 away, Argentina has a 9
# in numbers that are called from abroad.
SAME_TELEPHONE = [
    (r"\+55(\d\d)9([6-9]\d{7})", r"+55\1\2"),
    (r"\+55(\d\d)([6-9]\d{7})", r"+55\g<1>9\2"),
    (r"\+521(\d{10})", r"+52\1"),
    (r"\+52([2-9]\d{9})", r"+521\1"),
    (r"\+549(\d{10})", r"+54\1"),
    (r"\+54([1-3]\d{9})", r"+549\1"),
]
FEWEST_DIGITS = 3


def variants(number):
    """Return the E.164 numbers of the same telephone, the given one first."""
    others = [
        re.sub(pattern, other, number)
        for pattern, other in SAME_TELEPHONE
        if re.fullmatch(pattern, number)
    ]
    return [number, *others]


def spellings(number):
    """Return how people write an E.164 number, at home and abroad, no separators."""
    digits = number.removeprefix("+")
    written = {number, digits, f"00{digits}"}
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return written
    dialled = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    dialled = "".join(filter(str.isdecimal, dialled))
    for national in (
        phonenumbers.national_significant_number(parsed),
        # Argentina's 15 stands in what is dialled at home, and in what is saved so.
        dialled.removeprefix("0"),
    ):
        abroad = f"{parsed.country_code}{national}"
        written |= {national, f"0{national}", abroad, f"+{abroad}", f"00{abroad}"}
    return written


def digits_of(query):
    """Return the digits of what may be (a part of) a number, "" for other words."""
    digits = "".join(filter(str.isdecimal, query))
    if len(digits) < FEWEST_DIGITS or any(map(str.isalpha, query)):
        return ""
    without_prefix = digits.lstrip("0")
    return without_prefix if len(without_prefix) >= FEWEST_DIGITS else digits

"""Which numbers and spellings mean the same telephone. Plain Python."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat

# What separates the digits of one number, and what separates two numbers.
SEPARATORS = r"[\s\\./\(\)\-]"
BETWEEN = r"[^\d\s.()+-]+|\s[-–]\s|[\r\n]+|(?<=\d)(?=\+)"
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


def pieces(text):
    """Return the parts of what somebody typed that may be a number each."""
    parts = (part.strip() for part in re.split(BETWEEN, text))
    return [part for part in parts if sum(map(str.isdecimal, part)) >= FEWEST_DIGITS]


def written(piece):
    """Return a number as somebody wrote it, without separators."""
    return re.sub(SEPARATORS, "", piece)


def numbers_within(text, region):
    """Return the valid numbers in a text, in E.164; ``region`` a country's code."""
    matches = phonenumbers.PhoneNumberMatcher(text, region or None)
    found = [
        phonenumbers.format_number(m.number, PhoneNumberFormat.E164) for m in matches
    ]
    return found or _numbers_between_hyphens(text, region)


def _numbers_between_hyphens(text, region):
    found = []
    for part in re.split("[-–]", text):
        try:
            number = phonenumbers.parse(part, region or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            found.append(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return found


def digits_of(query):
    """Return the digits of what may be (a part of) a number, "" for other words."""
    digits = "".join(filter(str.isdecimal, query))
    if len(digits) < FEWEST_DIGITS or any(map(str.isalpha, query)):
        return ""
    without_prefix = digits.lstrip("0")
    return without_prefix if len(without_prefix) >= FEWEST_DIGITS else digits

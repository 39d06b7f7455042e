"""Numbers and spellings of the same phone."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat

# Separators within a number, and separators between two numbers.
SEPARATORS = r"[\s\\./\(\)\-]"
BETWEEN = r"[^\d\s.()+-]+|\s[-–]\s|[\r\n]+|(?<=\d)(?=\+)"
# Numbers that exist in two forms: WhatsApp may know a customer by one while the contact
# has the other. Brazil added a 9 to mobile numbers, Mexico removed a 1, and Argentina
# uses a 9 in calls from abroad.
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
    """Return the E.164 numbers of the same phone, the given one first."""
    others = [
        re.sub(pattern, other, number)
        for pattern, other in SAME_TELEPHONE
        if re.fullmatch(pattern, number)
    ]
    return [number, *others]


def telephone(number):
    """Return the same name for all E.164 numbers of the same phone."""
    return min(variants(number))


def international(number):
    """Return a valid E.164 number as people write it."""
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def country_of(number):
    """Return the code of a valid E.164 number's country, "" if it has none."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""


def is_whole(text, number, region):
    """Return whether a typed text is an E.164 number, with no other digits beside.

    ``region`` is the country code of national numbers.
    """
    digits = "".join(filter(str.isdecimal, text))
    same = [phonenumbers.parse(each) for each in variants(number)]
    try:
        typed = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        typed = None
    return typed in same or any(_is_dialled(digits, each) for each in same)


def _is_dialled(digits, number):
    """Return whether digits are a number, with the prefixes that people dial."""
    national = phonenumbers.national_significant_number(number)
    prefix = digits.removesuffix(national).strip("0")
    is_prefix = prefix in ("", str(number.country_code).strip("0"))
    return is_prefix and digits.endswith(national)


def spellings(number):
    """Return the set of national and international spellings, without separators."""
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
        # Argentina's 15 appears in numbers as dialled, and saved, within the country.
        dialled.removeprefix("0"),
    ):
        abroad = f"{parsed.country_code}{national}"
        written |= {national, f"0{national}", abroad, f"+{abroad}", f"00{abroad}"}
    return written


def pieces(text):
    """Return the parts of a typed text that may each be a number."""
    parts = (part.strip() for part in re.split(BETWEEN, text))
    return [part for part in parts if sum(map(str.isdecimal, part)) >= FEWEST_DIGITS]


def written(piece):
    """Return a number as typed, without separators."""
    return re.sub(SEPARATORS, "", piece)


def numbers_within(text, region):
    """Return the valid numbers in a text, in E.164; ``region`` is a country code."""
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
    """Return the digits of a query that may be (part of) a number, otherwise ""."""
    digits = "".join(filter(str.isdecimal, query))
    if len(digits) < FEWEST_DIGITS or any(map(str.isalpha, query)):
        return ""
    without_prefix = digits.lstrip("0")
    return without_prefix if len(without_prefix) >= FEWEST_DIGITS else digits

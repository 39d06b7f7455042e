"""The two spellings of a mobile number in Brazil, Mexico and Argentina.

WhatsApp may know a customer by another spelling than the one that was dialled.
"""

import re

# Of both spellings, what stands before the digits that the other one adds or lacks
PAIRS = (
    # Brazil: the ninth digit after the area code
    (
        re.compile(r"(\+55\d{2})9([6-9]\d{7})"),
        re.compile(r"(\+55\d{2})([6-9]\d{7})"),
        "9",
    ),
    # Mexico: the 1 after the country's code
    (re.compile(r"(\+52)1(\d{10})"), re.compile(r"(\+52)(\d{10})"), "1"),
    # Argentina: the 9 after the country's code
    (re.compile(r"(\+54)9(\d{10})"), re.compile(r"(\+54)(\d{10})"), "9"),
)


def other_spelling(phone):
    """Return the other spelling of a number, or empty text if it has only one."""
    for long, short, digit in PAIRS:
        found = long.fullmatch(phone)
        if found:
            return found[1] + found[2]
        found = short.fullmatch(phone)
        if found:
            return found[1] + digit + found[2]
    return ""

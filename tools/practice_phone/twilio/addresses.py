"""Sender and recipient as Twilio writes them."""

import phonenumbers

from ..model import is_bsuid
from .errors import TwilioError

PREFIX = "whatsapp:"


def of_line(line):
    return f"{PREFIX}{line.address}" if line.kind == "whatsapp" else line.address


def of_customer(line, customer, message=None):
    """Return the customer's address: the number, or the business-scoped id.

    In a message it is spelled as in that message.
    """
    if line.kind == "whatsapp":
        return PREFIX + bare_of_customer(customer, message)
    return customer.phone


def bare_of_customer(customer, message):
    spelled = message.extra.get("address") if message else ""
    return spelled or customer.phone or customer.bsuid


def split(address):
    """Return kind and bare address: `whatsapp:+346…` is whatsapp, `+346…` is sms."""
    if address.startswith(PREFIX):
        return "whatsapp", address[len(PREFIX) :]
    return "sms", address


def recipient(address):
    kind, bare = split(address)
    if kind == "whatsapp" and is_bsuid(bare):
        return kind, bare
    if not _is_possible_number(bare):
        raise TwilioError(21211, f"The 'To' number {address} is not a valid number.")
    return kind, bare


def _is_possible_number(text):
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return False
    return text.startswith("+") and phonenumbers.is_possible_number(number)


def country(phone):
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(number) or ""

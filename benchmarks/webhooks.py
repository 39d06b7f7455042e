"""Signed WhatsApp texts as Twilio posts them, built before the clock starts."""

import itertools
import random
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from benchmarks.load import http_post
from benchmarks.server import ACCOUNT_SID, AUTH_TOKEN, NUMBER

CUSTOMERS = 200
# Prefixes of customers without and with a contact linked to their conversation, and of
# one who writes all the time
UNLINKED, LINKED, HOT = "+346111", "+346112", "+346113"
QUESTION = "do you still have the blue one, and by when?"
_numbers = itertools.count(1)
_random = random.Random(CUSTOMERS)


def signed_text(webhook_url, phone, body):
    """Return the request of one new text from this customer."""
    validator = RequestValidator(AUTH_TOKEN)
    return _request(validator, webhook_url, next(_numbers), phone, body)


def signed_texts(webhook_url, count, prefix=UNLINKED, customers=CUSTOMERS):
    """Return requests with one new text each, from all customers in turn.

    Each turn has a random order, since customers don't coordinate. A fixed order would
    meet that of the server's own work, and we would measure that.
    """
    validator = RequestValidator(AUTH_TOKEN)
    order = []
    while len(order) < count:
        order += _random.sample(range(customers), customers)
    return [
        _request(validator, webhook_url, next(_numbers), f"{prefix}{customer:05d}")
        for customer in order[:count]
    ]


def _request(validator, url, number, phone, body=QUESTION):
    form = _form(number, phone, f"Message {number}: {body}")
    parts = urlsplit(url)
    headers = (
        ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
        ("User-Agent", "TwilioProxy/1.1"),
        ("I-Twilio-Idempotency-Token", f"bench-{number}"),
        ("X-Twilio-Signature", validator.compute_signature(url, form)),
    )
    return http_post(parts.netloc, parts.path, urlencode(form).encode(), headers)


def _form(number, phone, body):
    """Return all fields that Twilio sends for a WhatsApp text."""
    sid = f"SM{number:032x}"
    return {
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ProfileName": f"Customer {phone}",
        "MessageType": "text",
        "SmsSid": sid,
        "WaId": phone.lstrip("+"),
        "SmsStatus": "received",
        "Body": body,
        "To": f"whatsapp:{NUMBER}",
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": f"whatsapp:{phone}",
        "ApiVersion": "2010-04-01",
    }

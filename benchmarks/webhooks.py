"""Signed WhatsApp texts as Twilio posts them, made before the clock starts."""

import itertools
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from benchmarks.load import http_post
from benchmarks.server import ACCOUNT_SID, AUTH_TOKEN, NUMBER

CUSTOMERS = 200
# Whose conversations are linked to a contact, and whose aren't.
UNLINKED, LINKED = "+346111", "+346112"
_numbers = itertools.count(1)


def signed_texts(webhook_url, count, prefix=UNLINKED):
    """Return requests with one new text each, from all customers in turn."""
    validator = RequestValidator(AUTH_TOKEN)
    return [
        _request(validator, webhook_url, next(_numbers), prefix) for _ in range(count)
    ]


def _request(validator, url, number, prefix):
    form = _form(number, prefix)
    parts = urlsplit(url)
    headers = (
        ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
        ("User-Agent", "TwilioProxy/1.1"),
        ("I-Twilio-Idempotency-Token", f"bench-{number}"),
        ("X-Twilio-Signature", validator.compute_signature(url, form)),
    )
    return http_post(parts.netloc, parts.path, urlencode(form).encode(), headers)


def _form(number, prefix):
    """The fields of a WhatsApp text, all that Twilio sends."""
    phone = f"{prefix}{number % CUSTOMERS:05d}"
    sid = f"SM{number:032x}"
    return {
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ProfileName": f"Customer {number % CUSTOMERS}",
        "MessageType": "text",
        "SmsSid": sid,
        "WaId": phone.lstrip("+"),
        "SmsStatus": "received",
        "Body": f"Message {number}: do you still have the blue one, and by when?",
        "To": f"whatsapp:{NUMBER}",
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": f"whatsapp:{phone}",
        "ApiVersion": "2010-04-01",
    }

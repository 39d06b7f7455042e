"""Requests as Meta makes them, for tests to use or to break."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import providers.messenger
from providers.events import ChannelRef, OutboundFile, OutboundMessage, WebhookRequest

FIXTURES = Path(providers.messenger.__file__).parent / "fixtures"
URL = "https://crm.example.com/messaging/webhook/token"
APP_ID = "300000000000001"
APP_SECRET = "a-secret-for-tests"
ACCESS_TOKEN = "EAAsystemuser"
PAGE_TOKEN = "EAApage"
VERIFY_TOKEN = "a-verify-token"
PAGE_ID, INSTAGRAM_ID = "100000000000001", "17840000000000001"
PSID, IGSID = "7000000000000001", "8000000000000001"
PAGE = ChannelRef("messenger", PAGE_ID)
INSTAGRAM = ChannelRef("instagram", INSTAGRAM_ID)
# The fixtures' timestamp: 1790000000123.
AT = datetime(2026, 9, 21, 14, 13, 20, 123000)
REFERENCE = "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed.0"


def request_for(body, **changes):
    """Return a request with a body, given as bytes or as an object for JSON."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return replace(WebhookRequest(method="POST", urls=(URL,), body=body), **changes)


def body_of(name):
    return json.loads((FIXTURES / f"{name}.json").read_text())


def fixture(name, **changes):
    """Return a fixture as a request; ``changes`` replace or drop keys of its event."""
    body = copy.deepcopy(body_of(name))
    event = body["entry"][0]["messaging"][0]
    for key, value in changes.items():
        event[key] = value
        if value is None:
            del event[key]
    return request_for(body)


def message(**changes):
    """Return the fixture of a text; ``changes`` replace or drop keys of its message."""
    values = {**body_of("text")["entry"][0]["messaging"][0]["message"], **changes}
    kept = {key: value for key, value in values.items() if value is not None}
    return fixture("text", message=kept)


def sign(body, secret=APP_SECRET):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def proof(token, secret=APP_SECRET):
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def outbound(**changes):
    message = OutboundMessage(
        channel=replace(PAGE, token=PAGE_TOKEN),
        recipient=PSID,
        reference=REFERENCE,
        text="Tomorrow.",
    )
    return replace(message, **changes)


def file(content_type="image/jpeg", name="blue.jpg", content=b"picture"):
    url = "https://crm.example.com/messaging/media/signed"
    return OutboundFile(url, content_type, name, lambda: content)

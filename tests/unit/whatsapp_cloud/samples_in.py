"""Webhook requests as Meta makes them, for tests to use or to break."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import providers.whatsapp_cloud
from providers.events import ChannelRef, WebhookRequest

FIXTURES = Path(providers.whatsapp_cloud.__file__).parent / "fixtures"
URL = "https://crm.example.com/messaging/webhook/token"
APP_SECRET = "a-secret-for-tests"
VERIFY_TOKEN = "a-verify-token"
NUMBER = ChannelRef("whatsapp", "+34600000001", reference="200000000000001")
CUSTOMER = "+34611111111"
USER_ID, PARENT_ID = "ES.40000000000000000001", "ES.ENT.50000000000000000001"
# The fixtures' timestamp: 1790000000.
AT = datetime(2026, 9, 21, 14, 13, 20)
REFERENCE = "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed.0"


def request_for(body, **changes):
    """Return a request with a body, given as bytes or as an object for JSON."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return replace(WebhookRequest(method="POST", urls=(URL,), body=body), **changes)


def body_of(name):
    return json.loads((FIXTURES / f"{name}.json").read_text())


def fixture(name, **changes):
    """Return a fixture as a request; ``changes`` replace or drop keys of its value."""
    body = copy.deepcopy(body_of(name))
    value = body["entry"][0]["changes"][0]["value"]
    for key, change in changes.items():
        value[key] = change
        if change is None:
            del value[key]
    return request_for(body)


def message(**changes):
    """Return the fixture of a text; ``changes`` replace or drop keys of its message."""
    value = body_of("text")["entry"][0]["changes"][0]["value"]
    values = {**value["messages"][0], **changes}
    kept = {key: value for key, value in values.items() if value is not None}
    return fixture("text", messages=[kept])


def sign(body, secret=APP_SECRET):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

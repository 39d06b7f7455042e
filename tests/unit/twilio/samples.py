"""Twilio's requests, which tests use unchanged or broken."""

from __future__ import annotations

import base64
import hmac
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import providers.twilio
from providers.events import (
    ChannelRef,
    OutboundFile,
    OutboundMessage,
    OutboundTemplate,
    WebhookRequest,
)

ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef"
AUTH_TOKEN = "a-token-for-tests"
FIXTURES = Path(providers.twilio.__file__).parent / "fixtures"
URL = "https://crm.example.com/messaging/webhook/token"
WHATSAPP = ChannelRef("whatsapp", "+34600000001")
SMS = ChannelRef("sms", "+34600000001")


def pairs(name):
    text = (FIXTURES / f"{name}.form").read_text().strip()
    return tuple(parse_qsl(text, keep_blank_values=True, strict_parsing=True))


def request_for(form, **changes):
    good = WebhookRequest(method="POST", urls=(URL,), form=tuple(form))
    return replace(good, **changes)


def fixture(name, query="", **fields):
    """Return a fixture as a request with changed fields; None removes one."""
    form = {**dict(pairs(name)), **fields}
    kept = [(key, value) for key, value in form.items() if value is not None]
    return request_for(kept, query=tuple(parse_qsl(query)))


def sign(url, form=(), token=AUTH_TOKEN, digest="sha1"):
    """Sign as Twilio's documentation says, without Twilio's library."""
    fields = "".join(name + value for name, value in sorted(set(form)))
    signed = hmac.new(token.encode(), (url + fields).encode(), digest)
    return base64.b64encode(signed.digest()).decode()


def outbound(**changes):
    message = OutboundMessage(
        channel=WHATSAPP,
        recipient="+34611111111",
        reference="1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed.0",
        text="Tomorrow.",
        status_url=f"{URL}?m=1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed.0",
    )
    return replace(message, **changes)


def picture():
    url = "https://crm.example.com/messaging/media/signed"
    return OutboundFile(url, "image/jpeg", "blue.jpg", lambda: b"")


def template(**changes):
    chosen = OutboundTemplate(
        reference=f"HX{1:032x}",
        name="chair_ready",
        language="en",
        variables={"1": "Ada", "2": "A-17"},
    )
    return replace(chosen, **changes)

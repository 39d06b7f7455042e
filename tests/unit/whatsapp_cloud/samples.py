"""Values of an account of WhatsApp at Meta, and what we send from it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from providers.events import ChannelRef, OutboundFile, OutboundMessage

APP_ID = "300000000000001"
APP_SECRET = "a-secret-for-tests"
ACCESS_TOKEN = "EAAsystemuser"
VERIFY_TOKEN = "a-verify-token"
CREDENTIALS = {
    "whatsapp_app_id": APP_ID,
    "whatsapp_app_secret": APP_SECRET,
    "whatsapp_access_token": ACCESS_TOKEN,
    "whatsapp_verify_token": VERIFY_TOKEN,
}
NUMBER, NUMBER_ID = "+34600000001", "100000000000009"
CHANNEL = ChannelRef("whatsapp", NUMBER, reference=NUMBER_ID)
CUSTOMER, CUSTOMER_DIGITS = "+34600000002", "34600000002"
SCOPED_ID = "ES.1349120865530274"
REFERENCE = "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed.0"
WAMID = "wamid.HBgLMzQ2MDAwMDAwMDIVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"


def proof(token, secret=APP_SECRET):
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def outbound(**changes):
    message = OutboundMessage(
        channel=CHANNEL, recipient=CUSTOMER, reference=REFERENCE, text="Tomorrow."
    )
    return replace(message, **changes)


def file(content_type="image/jpeg", name="blue.jpg", content=b"picture"):
    url = "https://crm.example.com/messaging/media/signed"
    return OutboundFile(url, content_type, name, lambda: content)

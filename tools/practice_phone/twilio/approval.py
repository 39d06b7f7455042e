"""WhatsApp's review of a template that was submitted through Twilio."""

import asyncio
import re
from urllib.parse import urlsplit

from .content_types import NAME, PLACEHOLDER, names_in

CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
STATUSES = (
    *("unsubmitted", "received", "pending", "approved", "rejected"),
    *("paused", "disabled"),
)
TEMPLATE_NAME = re.compile(r"[a-z0-9_]{1,512}")
# These can only be sent within the reply window, and are never approved.
WINDOW_ONLY = ("twilio/list-picker", "twilio/location")
# These can't be sent without approval, even within the window.
APPROVED_ONLY = (
    *("twilio/card", "twilio/carousel", "twilio/flows"),
    *("whatsapp/card", "whatsapp/authentication"),
)
# What WhatsApp prefers when a content has several types
ORDER = (
    *("whatsapp/authentication", "whatsapp/card", "whatsapp/flows", "twilio/flows"),
    *("twilio/schedule", "twilio/catalog", "twilio/carousel", "twilio/card"),
    *("twilio/list-picker", "twilio/call-to-action", "twilio/quick-reply"),
    *("twilio/location", "twilio/media", "twilio/text"),
)
EDGE = re.compile(r"^\s*\{\{[^{}]*\}\}|\{\{[^{}]*\}\}\s*$")
FILE = re.compile(r"[^/]\.[A-Za-z0-9]{2,4}$")
ADJACENT = re.compile(r"\{\{[^{}]*\}\}\s*\{\{")


def shown_type(content):
    """Return the content type that WhatsApp shows."""
    return next(name for name in ORDER if name in content.types)


async def review(phone, content):
    """Let the template wait for WhatsApp, which rejects a wrong format by itself.

    All others stay pending until the control API or the page decides.
    """
    await asyncio.sleep(phone.pace)
    if content.status != "received":
        return
    _set(phone, content, status="pending")
    await asyncio.sleep(phone.pace)
    reason = fault_of(content)
    if reason and content.status == "pending":
        _set(phone, content, status="rejected", rejection_reason=reason)


def _set(phone, content, **values):
    content.approval.update(values)
    phone.store.changed("content", content)


def fault_of(content):
    """Return why WhatsApp rejects the template's format, or empty text."""
    fields = content.types[shown_type(content)]
    sentence = next(filter(None, _faults(content, fields)), "")
    return f"INVALID_FORMAT. {sentence}" if sentence else ""


def _faults(content, fields):
    body = fields.get("body") or fields.get("title") or ""
    if EDGE.search(body):
        yield "Variables can't be at the start or end of the template."
    if ADJACENT.search(body):
        yield "The template has variables next to each other."
    for name in names_in(fields):
        if not NAME.fullmatch(name):
            yield f"The placeholder {{{{{name}}}}} is malformed."
        elif not content.variables.get(name):
            yield f"The variable {{{{{name}}}}} has no sample (example)."
    numbers = sorted(int(name) for name in names_in(fields) if name.isdigit())
    if numbers != list(range(1, len(numbers) + 1)):
        yield "The variables' numbers are not sequential."
    if fields.get("media") and not FILE.search(_sample_of(content, fields)):
        yield "The media sample has no file type."


def _sample_of(content, fields):
    """Return the path of the media with its variable's sample."""
    samples = content.variables
    media = PLACEHOLDER.sub(lambda found: samples[found[1]], fields["media"][0])
    return urlsplit(media).path

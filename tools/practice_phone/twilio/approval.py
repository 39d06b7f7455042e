"""WhatsApp's review of a template that was submitted through Twilio."""

import asyncio
import re

from .content_types import names_in

CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
STATUSES = (
    *("unsubmitted", "received", "pending", "approved", "rejected"),
    *("paused", "disabled"),
)
TEMPLATE_NAME = re.compile(r"[a-z0-9_]{1,512}")
# These can only be sent within the reply window, and are never approved.
WINDOW_ONLY = ("twilio/list-picker", "twilio/location")
# These can't be sent without approval, even within the window.
APPROVED_ONLY = ("whatsapp/card", "whatsapp/authentication", "twilio/carousel")
# What WhatsApp prefers when a content has several types
ORDER = (
    *("whatsapp/authentication", "whatsapp/card", "whatsapp/flows", "twilio/flows"),
    *("twilio/carousel", "twilio/catalog", "twilio/card", "twilio/schedule"),
    *("twilio/call-to-action", "twilio/quick-reply", "twilio/list-picker"),
    *("twilio/location", "twilio/media", "twilio/text"),
)
EDGE = re.compile(r"^\s*\{\{[^{}]*\}\}|\{\{[^{}]*\}\}\s*$")
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
    body = fields.get("body") or fields.get("title") or ""
    if EDGE.search(body):
        return _invalid("Variables can't be at the start or end of the template.")
    if ADJACENT.search(body):
        return _invalid("The template has variables next to each other.")
    for name in names_in(fields):
        if not re.fullmatch(r"[A-Za-z0-9_]{1,16}", name):
            return _invalid(f"The placeholder {{{{{name}}}}} is malformed.")
        if not content.variables.get(name):
            return _invalid(f"The variable {{{{{name}}}}} has no sample (example).")
    numbers = [int(name) for name in names_in(fields) if name.isdigit()]
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        return _invalid("The variables' numbers are not sequential.")
    return ""


def _invalid(sentence):
    return f"INVALID_FORMAT. {sentence}"

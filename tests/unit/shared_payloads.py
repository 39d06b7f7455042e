"""Published real payloads for the providers' tests, with the expected events."""

from __future__ import annotations

import importlib.util

from providers.events import (
    ChannelNotice,
    CustomerMoved,
    MessageReceived,
    MessageSent,
    Occurred,
    ReadUpTo,
    StatusChanged,
)

from .conftest import REPOSITORY

# Loaded by its path, because importing its package would need Odoo
_spec = importlib.util.spec_from_file_location(
    "shared_fixtures", REPOSITORY / "messaging_inbox/tests/ingest/shared_fixtures.py"
)
shared_fixtures = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shared_fixtures)
# How ids begin that we make.
MADE_UP = ("postback.", "referral.", "optin.", "marketing_")
bodies, forms = shared_fixtures.bodies, shared_fixtures.forms


def expected(*folders):
    """Return the lines of the table for the given folders."""
    return {
        name: events
        for name, events in shared_fixtures.EXPECTED.items()
        if name.partition("/")[0] in folders
    }


def summary(event):
    """Return an event as the table writes it."""
    name = type(event).__name__
    summarize = SUMMARIES.get(type(event))
    if summarize:
        return summarize(name, event)
    return [name, getattr(event, "text", getattr(event, "emoji", ""))]


def _message(name, event):
    return [name, event.kind, event.text, len(event.media)]


SUMMARIES = {
    StatusChanged: lambda name, event: [name, event.status, event.error_code],
    ReadUpTo: lambda _name, event: [
        event.status,
        str(event.until or ""),
        len(event.message_ids),
    ],
    ChannelNotice: lambda _name, event: [event.code, event.text[:20]],
    MessageReceived: _message,
    MessageSent: _message,
    CustomerMoved: lambda name, event: [
        name,
        " ".join(event.external_ids),
        " ".join(event.former_ids),
    ],
    Occurred: lambda _name, event: [event.event_type, event.data.get("status", "")],
}


def ids_and_files(event):
    """Yield all ids and addresses that must occur verbatim in the payload."""
    yield from getattr(event, "message_ids", ())
    yield from (media.url for media in getattr(event, "media", ()))
    for external_id in getattr(event, "external_ids", ()):
        yield external_id.removeprefix("+")
    mid = getattr(event, "message_id", "")
    # An event without an id from Meta gets one that we make.
    yield mid.split(".")[1] if mid.startswith(MADE_UP) else mid

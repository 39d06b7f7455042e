"""Published real payloads for the providers' tests, with the expected events."""

from __future__ import annotations

import importlib.util

from providers.events import (
    ChannelNotice,
    MessageReceived,
    MessageSent,
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
    if isinstance(event, StatusChanged):
        return [name, event.status, event.error_code]
    if isinstance(event, ReadUpTo):
        return [event.status, str(event.until or ""), len(event.message_ids)]
    if isinstance(event, ChannelNotice):
        return [event.code, event.text[:20]]
    if isinstance(event, (MessageReceived, MessageSent)):
        return [name, event.kind, event.text, len(event.media)]
    return [name, getattr(event, "text", getattr(event, "emoji", ""))]


def ids_and_files(event):
    """Yield all ids and addresses that must occur verbatim in the payload."""
    yield from getattr(event, "message_ids", ())
    yield from (media.url for media in getattr(event, "media", ()))
    for external_id in getattr(event, "external_ids", ()):
        yield external_id.removeprefix("+")
    mid = getattr(event, "message_id", "")
    # An event without an id from Meta gets one that we make.
    yield (
        mid.split(".")[1]
        if mid.startswith(("postback.", "referral.", "optin."))
        else mid
    )

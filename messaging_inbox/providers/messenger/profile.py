"""Reads a customer's profile at Meta, if Meta provides it."""

from __future__ import annotations

from urllib.parse import quote

from ..errors import Reason, Refused
from ..events import ChannelRef, Profile
from ..text import clean_name
from ..values import text
from .app import App

FIELDS = {
    "messenger": "first_name,last_name,profile_pic",
    "instagram": "name,username,profile_pic",
}


def profile_of(app: App, channel: ChannelRef, external_id: str) -> Profile | None:
    """Return a customer's name and picture, None if Meta refuses."""
    token = app.token_of(channel)
    path, fields = quote(external_id, safe=""), {"fields": FIELDS[channel.kind]}
    try:
        found = app.graph.request("GET", path, token, fields)
    except Refused as refusal:
        if refusal.reason is Reason.BAD_CREDENTIALS:
            raise
        return None
    parts = (text(found.get(part)) for part in ("first_name", "last_name"))
    name = clean_name(text(found.get("name"))) or clean_name(" ".join(parts))
    username = clean_name(text(found.get("username")))
    return Profile(
        name=name or (f"@{username}" if username else ""),
        username=username,
        picture_url=text(found.get("profile_pic")),
    )

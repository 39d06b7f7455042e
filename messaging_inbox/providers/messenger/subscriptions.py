"""Subscribes our webhook: for the app, and for each Page that installs the app."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..errors import Reason, Refused, SendError
from ..events import ChannelInfo
from ..graph import is_instagram_login
from ..side_by_side import failures, results
from ..values import items, text
from .app import App

OBJECTS = {"messenger": "page", "instagram": "instagram"}
PAGE_FIELDS = (
    *("messages", "messaging_postbacks", "messaging_referrals", "message_edits"),
    "messaging_optins",
    *("message_echoes", "message_deliveries", "message_reads", "message_reactions"),
    *("messaging_handovers", "standby", "messaging_policy_enforcement"),
)
# Meta refuses all fields if it doesn't know one of them. Echoes need no field.
INSTAGRAM_FIELDS = (
    *("messages", "messaging_postbacks", "messaging_referral", "message_edit"),
    *("messaging_seen", "message_reactions", "messaging_handover", "standby"),
)
FIELDS = {"messenger": PAGE_FIELDS, "instagram": INSTAGRAM_FIELDS}


def register(
    app: App, webhook_url: str, channels: Sequence[ChannelInfo]
) -> dict[ChannelInfo, SendError]:
    """Set the channels' webhook to ``webhook_url``; return the errors by channel."""
    for kind in sorted(_kinds(app, channels)):
        app.subscribe(OBJECTS[kind], webhook_url, FIELDS[kind])
    places = _by_place(app, channels)
    refused = failures(app.graph.http, partial(_subscribe, app), places)
    errors = {_place(app, channel): error for channel, error in refused.items()}
    taken = [each for each in channels if _place(app, each) not in errors]
    silent = cut_off(app, webhook_url, taken)
    words = "Meta didn't keep the subscription."
    return {channel: _refusal(words) for channel in silent} | {
        channel: errors[_place(app, channel)]
        for channel in channels
        if channel not in taken
    }


def with_address(app: App, channels: Sequence[ChannelInfo]) -> list[ChannelInfo]:
    """Return the channels with the current webhook address of the app.

    Other apps on the same Page are unaffected: Meta posts to each of them.
    """
    if not _kinds(app, channels):
        return list(channels)
    addresses = app.addresses()
    return [
        replace(channel, webhook_url=addresses.get(OBJECTS[channel.kind], ""))
        for channel in channels
    ]


def cut_off(
    app: App, webhook_url: str, channels: Sequence[ChannelInfo]
) -> list[ChannelInfo]:
    """Return the channels whose events Meta no longer posts to us."""
    kinds = _kinds(app, channels)
    live = _live_kinds(app, webhook_url, kinds) if kinds else set()
    places = _by_place(app, channels)
    subscribed = results(app.graph.http, partial(_is_subscribed, app), places)
    silent = {
        _place(app, channel)
        for channel, is_subscribed in zip(places, subscribed, strict=True)
        if not is_subscribed
    }
    return [
        channel
        for channel in channels
        if channel.kind in kinds - live or _place(app, channel) in silent
    ]


def _kinds(app: App, channels: Iterable[ChannelInfo]) -> set[str]:
    """Return the kinds that the app itself must subscribe to.

    For Instagram's own login, this is only possible in Meta's dashboard.
    """
    return {
        channel.kind
        for channel in channels
        if not is_instagram_login(app.token_of(channel))
    }


def _by_place(app: App, channels: Iterable[ChannelInfo]) -> list[ChannelInfo]:
    """Return one channel per place: a Page and its Instagram account share one."""
    return list({_place(app, channel): channel for channel in channels}.values())


def _place(app: App, channel: ChannelInfo) -> str:
    own_login = is_instagram_login(app.token_of(channel))
    return "me" if own_login else channel.reference or channel.address


def _live_kinds(app: App, webhook_url: str, kinds: set[str]) -> set[str]:
    """Return the kinds that the app posts to us; raise Refused for another address.

    We don't change an address that a user set elsewhere.
    """
    live = set()
    for product, address in app.addresses().items():
        kind = next((kind for kind in kinds if OBJECTS[kind] == product), None)
        if kind is None:
            continue
        if address != webhook_url:
            raise _refusal(f"The app posts to {address} instead of {webhook_url}.")
        live.add(kind)
    return live


def _subscribe(app: App, channel: ChannelInfo) -> None:
    own_login = is_instagram_login(app.token_of(channel))
    fields = INSTAGRAM_FIELDS if own_login else PAGE_FIELDS
    app.graph.request(
        "POST",
        f"{_place(app, channel)}/subscribed_apps",
        app.token_of(channel),
        data={"subscribed_fields": ",".join(fields)},
        repeatable=True,
    )


def _is_subscribed(app: App, channel: ChannelInfo) -> bool:
    token, place = app.token_of(channel), _place(app, channel)
    try:
        apps = list(app.graph.items(f"{place}/subscribed_apps", token))
    except Refused as refusal:
        if refusal.reason is Reason.BAD_CREDENTIALS:
            raise
        # The same error comes up when the channel is registered, after the others.
        return False
    return any(_is_ours(app, found, token) for found in apps)


def _is_ours(app: App, found: dict[str, Any], token: str) -> bool:
    # For Instagram's own login, the app's id differs from the one in the dashboard.
    ours = is_instagram_login(token) or text(found.get("id")) == app.id
    return ours and "messages" in items(found.get("subscribed_fields"))


def _refusal(words: str) -> Refused:
    return Refused(Reason.BAD_CALLBACK, detail=words)

"""Connects numbers: subscribes their accounts, sets addresses, registers numbers.

An app has one webhook address. If it is another program's, it stays: each number gets
an address of its own, which goes before the app's.
https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from ..errors import Reason, Refused, SendError
from ..events import ChannelInfo, Standing
from ..side_by_side import failures
from .accounts import PRODUCT, Number, numbers_of
from .app import App

# Meta refuses all fields if it doesn't know one of them.
FIELDS = (
    *("messages", "smb_message_echoes", "smb_app_state_sync", "history", "calls"),
    *("user_preferences", "message_template_status_update"),
    *("message_template_quality_update", "message_template_components_update"),
    *("template_category_update", "phone_number_name_update"),
    *("phone_number_quality_update", "business_capability_update", "account_update"),
    *("account_alerts", "account_review_update", "security"),
)


def list_channels(app: App) -> list[ChannelInfo]:
    """Return the numbers of all business accounts that the token reaches.

    ``address`` is the number as +E164, ``reference`` Meta's id of it.
    """
    return [_info(app, number) for number in numbers_of(app)]


def _info(app: App, number: Number) -> ChannelInfo:
    note = "" if number.is_registered else "Connecting registers it with the PIN."
    return ChannelInfo(
        kind="whatsapp",
        address=number.address,
        name=number.name,
        reference=number.id,
        webhook_url=number.webhook_url,
        problem=number.problem(app.pin),
        note=note,
        standing=number.standing,
    )


def register(
    app: App, webhook_url: str, channels: Sequence[ChannelInfo]
) -> dict[ChannelInfo, SendError]:
    """Make the numbers post to ``webhook_url``; return the errors by number."""
    numbers = _by_id(app)
    _subscribe_app(app, webhook_url, [numbers.get(each.reference) for each in channels])
    errors = _subscribe_accounts(app, channels, numbers)
    # Which addresses apply now that the app and the accounts are subscribed?
    connect = partial(_connect, app, webhook_url, _by_id(app))
    left = [channel for channel in channels if channel not in errors]
    errors |= failures(app.graph.http, connect, left)
    numbers = _by_id(app)
    for channel in left:
        if channel not in errors and not _is_live(numbers, webhook_url, channel):
            errors[channel] = _refusal("Meta didn't keep the webhook address.")
    return errors


def cut_off(
    app: App, webhook_url: str, channels: Sequence[ChannelInfo]
) -> list[ChannelInfo]:
    """Return the numbers whose events Meta no longer posts to us.

    Raise Refused for one that a user pointed to another address: that isn't ours to
    change.
    """
    numbers = _by_id(app)
    for channel in channels:
        number = numbers.get(channel.reference)
        address = number.webhook_url if number else ""
        if address not in ("", webhook_url):
            raise _refusal(
                f"{channel.address} posts to {address} instead of {webhook_url}."
            )
    return [each for each in channels if not _is_live(numbers, webhook_url, each)]


def standings(app: App, channels: Sequence[ChannelInfo]) -> dict[ChannelInfo, Standing]:
    """Return how Meta rates the numbers; those that it doesn't list are left out."""
    numbers = _by_id(app)
    return {
        each: numbers[each.reference].standing
        for each in channels
        if each.reference in numbers
    }


def _by_id(app: App) -> dict[str, Number]:
    return {number.id: number for number in numbers_of(app)}


def _is_live(
    numbers: dict[str, Number], webhook_url: str, channel: ChannelInfo
) -> bool:
    number = numbers.get(channel.reference)
    return bool(number and number.is_registered and number.webhook_url == webhook_url)


def _subscribe_app(
    app: App, webhook_url: str, numbers: Sequence[Number | None]
) -> None:
    """Set the app's address, unless it is another program's.

    An address with the same path is ours at a former host.
    """
    address = app.addresses().get(PRODUCT, "")
    if address and urlsplit(address).path != urlsplit(webhook_url).path:
        return
    have_own = all(each and each.address_at("phone_number") for each in numbers)
    if address == webhook_url and have_own:
        # It is enough to remove the numbers' own. This address may be of a program that
        # doesn't know our verify token, so Meta couldn't verify it.
        return
    app.subscribe(PRODUCT, webhook_url, FIELDS)


def _subscribe_accounts(
    app: App, channels: Sequence[ChannelInfo], numbers: dict[str, Number]
) -> dict[ChannelInfo, SendError]:
    """Subscribe the app to the channels' accounts; return the errors by channel.

    An account that is subscribed stays as it is: subscribing again would remove an
    address that another program set.
    """
    of_channel = {
        channel: numbers[channel.reference].account_id
        for channel in channels
        if channel.reference in numbers
    }
    subscribed = {each.account_id for each in numbers.values() if each.is_subscribed}
    accounts = set(of_channel.values()) - subscribed
    refused = failures(app.graph.http, partial(_subscribe, app), sorted(accounts))
    return {
        channel: refused[account]
        for channel, account in of_channel.items()
        if account in refused
    }


def _subscribe(app: App, account: str) -> None:
    path = f"{account}/subscribed_apps"
    app.graph.request("POST", path, app.access_token, repeatable=True)


def _connect(
    app: App, webhook_url: str, numbers: dict[str, Number], channel: ChannelInfo
) -> None:
    """Register the number if necessary, and set its address; raise SendError."""
    number = numbers.get(channel.reference)
    if not number:
        words = "The token no longer reaches this number."
        raise Refused(Reason.BAD_SENDER, detail=words)
    if not number.is_registered:
        _register(app, number)
    inherited = number.address_at(PRODUCT) or number.address_at("application")
    wanted = "" if inherited == webhook_url else webhook_url
    if number.address_at("phone_number") != wanted:
        _set_address(app, number, wanted)


def _register(app: App, number: Number) -> None:
    problem = number.problem(app.pin)
    if problem:
        raise Refused(Reason.NOT_REGISTERED, detail=problem)
    # Repeating it with the same PIN changes nothing.
    app.graph.request(
        "POST",
        f"{number.id}/register",
        app.access_token,
        json={"messaging_product": "whatsapp", "pin": app.pin},
        repeatable=True,
    )


def _set_address(app: App, number: Number, url: str) -> None:
    """Set the number's own address; an empty one leaves it to the account and app."""
    address = {"override_callback_uri": url, "verify_token": app.verify_token}
    app.graph.request(
        "POST",
        number.id,
        app.access_token,
        json={"webhook_configuration": address},
        repeatable=True,
    )


def _refusal(words: str) -> Refused:
    return Refused(Reason.BAD_CALLBACK, detail=words)

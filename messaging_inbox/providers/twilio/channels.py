"""The WhatsApp senders and phone numbers of an account, and their webhooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urldefrag

from ..errors import Reason, Refused
from ..events import ChannelInfo
from ..text import clean_name
from .api import MESSAGING_URL, Api
from .services import Service, leave_to_numbers, services_by_member

SENDERS_URL = f"{MESSAGING_URL}/v2/Channels/Senders"
PAGE_SIZE = 100
# Without this fragment Twilio retries a webhook only after a failed connection. Twilio
# neither sends nor signs it. 4xx: Odoo answers 404 while its database is unreachable.
RETRY_FRAGMENT = "#rc=5&rp=ct,rt,4xx,5xx"
# Twilio's example, set on every new number: no other program to warn of
EXAMPLE_URL = "https://demo.twilio.com/"
READY = ("ONLINE", "ONLINE:UPDATING")


def list_channels(api: Api) -> list[ChannelInfo]:
    """Return the WhatsApp senders, then the numbers that can text."""
    found = list(_own_channels(api))
    services = services_by_member(api) if found else {}
    return [_in_service(channel, services.get(_member(channel))) for channel in found]


def dropped(api: Api, webhook_url: str, channels: Sequence[ChannelInfo]) -> str:
    """Name the Messaging Service that keeps channels from posting here; else empty."""
    services = services_by_member(api, only_deciding=True) if channels else {}
    notes = (
        f"{channel.address}: {services[_member(channel)].note}"
        for channel in channels
        if _member(channel) in services
        and urldefrag(services[_member(channel)].url).url != webhook_url
    )
    return next(notes, "")


def _member(channel: ChannelInfo) -> str:
    """Return a channel's address as Messaging Services write it."""
    scheme = "whatsapp:" if channel.kind == "whatsapp" else ""
    return scheme + channel.address


def _in_service(channel: ChannelInfo, service: Service | None) -> ChannelInfo:
    """Return the channel with what its service changes."""
    if not service:
        return channel
    member = replace(channel, service=service.sid, service_name=service.name)
    if not service.decides:
        return member
    url = urldefrag(service.url).url
    return replace(member, webhook_url=url, note=service.note, group=service.sid)


def _own_channels(api: Api) -> Iterator[ChannelInfo]:
    for page in api.pages(SENDERS_URL, Channel="whatsapp", PageSize=PAGE_SIZE):
        yield from map(_sender, page.get("senders") or ())
    for page in api.pages(_numbers_url(api), PageSize=PAGE_SIZE):
        for number in page.get("incoming_phone_numbers") or ():
            if (number.get("capabilities") or {}).get("sms"):
                yield _number(number)


def register(api: Api, webhook_url: str, channel: ChannelInfo) -> None:
    """Make one channel post to ``webhook_url``, and verify it."""
    update = _register_sender if channel.kind == "whatsapp" else _register_number
    found = update(api, webhook_url + RETRY_FRAGMENT, channel.reference)
    if found.problem:
        raise _refusal(found.problem)
    if found.webhook_url != urldefrag(webhook_url).url:
        where = found.webhook_url or "nowhere"
        raise _refusal(f"It posts to {where} instead of {webhook_url}.")
    if channel.group and channel.webhook_url != webhook_url:
        leave_to_numbers(api, channel.group)


def _register_sender(api: Api, url: str, reference: str) -> ChannelInfo:
    webhook = {
        "callback_url": url,
        "callback_method": "POST",
        "status_callback_url": url,
        "status_callback_method": "POST",
    }
    address = f"{SENDERS_URL}/{reference}"
    api.request("POST", address, json={"webhook": webhook}, repeatable=True)
    found = api.request("GET", address)
    # After an update the sender isn't ONLINE for a moment.
    return _sender({**found, "status": READY[0]})


def _register_number(api: Api, url: str, reference: str) -> ChannelInfo:
    address = _numbers_url(api).removesuffix(".json") + f"/{reference}.json"
    api.request(
        "POST", address, data={"SmsUrl": url, "SmsMethod": "POST"}, repeatable=True
    )
    return _number(api.request("GET", address))


def _numbers_url(api: Api) -> str:
    return f"{api.account_url}/IncomingPhoneNumbers.json"


def _sender(sender: dict[str, Any]) -> ChannelInfo:
    address = str(sender.get("sender_id") or "").removeprefix("whatsapp:")
    callback = str((sender.get("webhook") or {}).get("callback_url") or "")
    return ChannelInfo(
        kind="whatsapp",
        address=address,
        name=clean_name(str((sender.get("profile") or {}).get("name") or ""))
        or address,
        reference=str(sender.get("sid") or ""),
        webhook_url=urldefrag(callback).url,
        problem=_sender_problem(sender),
    )


def _sender_problem(sender: dict[str, Any]) -> str:
    status = str(sender.get("status") or "unknown")
    if status in READY:
        return ""
    reasons = (reason or {} for reason in sender.get("offline_reasons") or ())
    words = "; ".join(str(reason.get("message") or "") for reason in reasons)
    return f"Twilio says that this sender is {status}. {words}".strip()


def _number(number: dict[str, Any]) -> ChannelInfo:
    address = str(number.get("phone_number") or "")
    url = urldefrag(str(number.get("sms_url") or "")).url
    return ChannelInfo(
        kind="sms",
        address=address,
        name=clean_name(str(number.get("friendly_name") or "")) or address,
        reference=str(number.get("sid") or ""),
        webhook_url="" if url.startswith(EXAMPLE_URL) else url,
        problem=_number_problem(number),
    )


def _number_problem(number: dict[str, Any]) -> str:
    application = number.get("sms_application_sid")
    if not application:
        return ""
    return (
        f"The TwiML application {application} answers this number's messages. "
        "Remove it from the number in Twilio's console."
    )


def _refusal(words: str) -> Refused:
    return Refused(Reason.BAD_CALLBACK, detail=words)

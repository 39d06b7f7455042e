"""Messaging Services, which may decide where their numbers post."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from ..errors import Reason, Refused
from ..side_by_side import results
from .api import MESSAGING_URL, Api

URL = f"{MESSAGING_URL}/v1/Services"
PAGE_SIZE = 100


@dataclass(frozen=True)
class Service:
    """A service; if it ``decides``, its numbers post to ``url``.

    Without one, a service that decides drops their messages.
    """

    sid: str
    name: str
    url: str
    decides: bool

    @property
    def note(self) -> str:
        what = "has its numbers post there" if self.url else "drops what comes in"
        return (
            f"The Messaging Service {self.name} {what}. Connecting has it leave the "
            "address to its numbers, to all of them."
        )


def services_by_member(api: Api, only_deciding: bool = False) -> dict[str, Service]:
    """Return the services by the addresses of their members.

    A WhatsApp sender's address begins with ``whatsapp:``.
    """
    try:
        pages = list(api.pages(URL, PageSize=PAGE_SIZE))
    except Refused:
        # An API key may lack the right to list them.
        return {}
    found = [_service(each) for page in pages for each in page.get("services") or ()]
    wanted = [service for service in found if service.decides or not only_deciding]
    members = results(api.http, partial(_members, api), wanted)
    return {
        address: service
        for service, addresses in zip(wanted, members, strict=True)
        for address in addresses
    }


def leave_to_numbers(api: Api, sid: str) -> None:
    """Make a service use the webhooks of its numbers."""
    values = {"UseInboundWebhookOnNumber": "true"}
    found = api.request("POST", f"{URL}/{sid}", data=values, repeatable=True)
    if not _leaves_it(found):
        words = f"The Messaging Service {sid} doesn't leave the address to its numbers."
        raise Refused(Reason.BAD_CALLBACK, detail=words)


def _leaves_it(service: dict[str, Any]) -> bool:
    return service.get("use_inbound_webhook_on_number") is True


def _service(service: dict[str, Any]) -> Service:
    sid = str(service.get("sid") or "")
    name = str(service.get("friendly_name") or sid)
    url = str(service.get("inbound_request_url") or "")
    return Service(sid, name, url, decides=not _leaves_it(service))


def _members(api: Api, service: Service) -> set[str]:
    lists = (
        ("PhoneNumbers", "phone_numbers", "phone_number"),
        ("ChannelSenders", "senders", "sender"),
    )
    return {
        str(member.get(name))
        for path, key, name in lists
        for page in api.pages(f"{URL}/{service.sid}/{path}", PageSize=PAGE_SIZE)
        for member in page.get(key) or ()
    }

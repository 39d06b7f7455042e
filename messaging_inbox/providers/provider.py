"""The base of all providers: the verbs, and the facts that differ.

A provider is built for one account, with its credentials and an HTTP session handed
in; it knows neither Odoo nor another provider. The verbs stand in each provider in
the order in which they stand here.
"""

from __future__ import annotations

import abc
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import requests

from .errors import SendError
from .events import (
    Answer,
    ChannelInfo,
    ChannelRef,
    Event,
    Media,
    MediaRef,
    OutboundMessage,
    Profile,
    Sent,
    WebhookRequest,
)

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one message of a kind of channel may hold.

    ``text`` is a number of characters, ``text_bytes`` one of bytes in UTF-8 where the
    provider counts those; ``files`` gives the largest size in bytes by content type, a
    type that isn't there can't be sent. ``captions`` gives the longest text that goes
    with one file in one message, in characters, by the file's content type.
    """

    text: int
    files: Mapping[str, int] = field(default_factory=dict)
    text_bytes: int | None = None
    captions: Mapping[str, int] = field(default_factory=dict)


class Provider(abc.ABC):
    """One account at one provider."""

    code: str
    name: str
    kinds: tuple[str, ...] = ()
    reply_window: Mapping[str, timedelta | None] = {}
    statuses: frozenset[str] = frozenset()
    limits: Mapping[str, Limits] = {}
    # Where customers see which message ours answers.
    quotes: frozenset[str] = frozenset()
    # Regular expressions: whole addresses of customers that can be answered, by kind.
    answerable: Mapping[str, str] = {}
    ack = Answer()
    hosts: frozenset[str] = frozenset()
    max_download = 16 * MEGABYTE
    # The header with the signature of a webhook, in lower case, and its shape.
    signature_header = ""
    signature_shape = re.compile("(?!)")
    # The longest body of a webhook in bytes; of a form, where the provider posts forms.
    max_body = 4 * MEGABYTE
    max_form = 0
    max_fields = 0
    # Where people see, and may delete, the messages that the provider keeps.
    console_url = ""

    def __init__(
        self,
        credentials: Mapping[str, str],
        http: requests.Session,
        base_url: str = "",
    ):
        self.credentials = credentials
        self.http = http
        self.base_url = base_url.rstrip("/")

    def looks_signed(self, headers: Mapping[str, str]) -> bool:
        """Tell whether reading and verifying a request is worth anything."""
        given = headers.get(self.signature_header, "")
        return bool(self.signature_shape.fullmatch(given))

    @abc.abstractmethod
    def verify(self, request: WebhookRequest) -> None:
        """Raise InvalidSignature unless the provider signed this for this account."""

    def handshake(self, request: WebhookRequest) -> Answer | None:
        """Answer a request that only asks whether we're here; None for all others."""
        return None

    @abc.abstractmethod
    def parse(self, request: WebhookRequest) -> list[Event]:
        """Return what happened; raise InvalidPayload when that can't be told."""

    @abc.abstractmethod
    def send(self, message: OutboundMessage) -> Sent:
        """Hand one message to the provider; raise a SendError otherwise."""

    @staticmethod
    def filename(name: str) -> str:
        """Return the name under which the provider is given a file of ours."""
        return name

    @abc.abstractmethod
    def download(self, media: MediaRef) -> Media:
        """Open a file of a customer; only ever from the provider's own hosts."""

    def profile(self, channel: ChannelRef, external_id: str) -> Profile | None:
        """Return what the provider tells of a customer; None when it tells nothing."""
        return None

    @abc.abstractmethod
    def check(self) -> str:
        """Return the account's name at the provider; SendError if it can't be used."""

    def renew(self) -> Mapping[str, str]:
        """Return credentials that replace ours, which would run out; mostly none."""
        return {}

    @abc.abstractmethod
    def list_channels(self) -> list[ChannelInfo]:
        """Return the addresses that the account owns."""

    @abc.abstractmethod
    def register(
        self, webhook_url: str, channels: Sequence[ChannelInfo]
    ) -> dict[ChannelInfo, SendError]:
        """Make the channels post to our webhook; return why some don't.

        SendError if the account can't be used, so that none does.
        """

    def health(
        self, webhook_url: str, channels: Sequence[ChannelInfo]
    ) -> list[ChannelInfo]:
        """Return the channels that the provider cut off, which ``register`` fixes.

        SendError if the account can't be used.
        """
        self.check()
        return []

    def rewrite(self, url: str) -> str:
        """Return ``url`` at the account's own API address, when it has one."""
        if not self.base_url:
            return url
        base, parts = urlsplit(self.base_url), urlsplit(url)
        return urlunsplit((base.scheme, base.netloc, *parts[2:]))

"""The base class of all providers: their methods, and the facts that differ.

A provider instance serves one account: it gets the credentials and an HTTP session. It
knows neither Odoo nor other providers. Each provider defines the methods in the order
used here.
"""

from __future__ import annotations

import abc
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
    MessageReceived,
    MessageSent,
    OutboundMessage,
    OutboundReaction,
    OutboundRead,
    Profile,
    Sent,
    Standing,
    StatusChanged,
    Template,
    WebhookRequest,
)

MEGABYTE = 1024 * 1024
# The code points of one emoji: families and flags have many.
MAX_EMOJI = 16


@dataclass(frozen=True)
class Limits:
    """Limits of one message on a kind of channel.

    ``text`` is a number of characters, ``text_bytes`` a number of UTF-8 bytes if the
    provider counts bytes. ``files`` maps content types to the maximum size in bytes;
    other types can't be sent. ``captions`` maps content types to the maximum length in
    characters of a text that is sent together with the file. ``voice`` names the types
    of a voice note that an Agent records, the best first; without any, none can be.
    """

    text: int
    files: Mapping[str, int] = field(default_factory=dict)
    text_bytes: int | None = None
    captions: Mapping[str, int] = field(default_factory=dict)
    voice: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reactions:
    """The reactions that customers get from us on a kind of channel.

    ``palette`` holds the emojis to offer, ``any_emoji`` tells whether all others can be
    sent, too.
    """

    palette: tuple[str, ...]
    any_emoji: bool = False

    def takes(self, emoji: str) -> bool:
        return emoji in self.palette or (self.any_emoji and _is_emoji(emoji))


def _is_emoji(text: str) -> bool:
    """Return whether a text may be one emoji; the provider refuses what isn't."""
    is_word = any(each.isalpha() or each.isspace() for each in text)
    return 0 < len(text) <= MAX_EMOJI and not text.isascii() and not is_word


class Provider(abc.ABC):
    """One account at one provider."""

    code: str
    name: str
    kinds: tuple[str, ...] = ()
    reply_window: Mapping[str, timedelta | None] = {}
    statuses: frozenset[str] = frozenset()
    limits: Mapping[str, Limits] = {}
    # Kinds of channels on which customers see the message that we quote.
    quotes: frozenset[str] = frozenset()
    # Kinds of channels that take a place as a message.
    places: frozenset[str] = frozenset()
    # By kind, where we can react to customers' messages.
    reactions: Mapping[str, Reactions] = {}
    # Kinds of channels on which we can show customers that we read and type.
    read_marks: frozenset[str] = frozenset()
    # Whether the provider posts past messages after connecting.
    posts_history = False
    # Kinds of channels on which the provider itself stops messages after STOP.
    blocks_after_stop: frozenset[str] = frozenset()
    # Kinds of channels that send templates.
    template_kinds: frozenset[str] = frozenset()
    # By kind: a regular expression that matches whole customer addresses that can be
    # answered.
    answerable: Mapping[str, str] = {}
    ack = Answer()
    hosts: frozenset[str] = frozenset()
    max_download = 16 * MEGABYTE
    # The header with a webhook's signature, in lower case, and its format.
    signature_header = ""
    signature_shape = re.compile("(?!)")
    # The maximum size of a webhook body in bytes, and of a form if the provider posts
    # forms.
    max_body = 4 * MEGABYTE
    max_form = 0
    max_fields = 0
    # Where users can see and delete the messages stored at the provider.
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
        """Return whether the headers contain a plausible signature."""
        given = headers.get(self.signature_header, "")
        return bool(self.signature_shape.fullmatch(given))

    @abc.abstractmethod
    def verify(self, request: WebhookRequest) -> None:
        """Raise InvalidSignature unless the provider signed the request for us."""

    def handshake(self, request: WebhookRequest) -> Answer | None:
        """Answer a webhook verification; return None for all other requests."""
        return None

    @abc.abstractmethod
    def parse(self, request: WebhookRequest) -> list[Event]:
        """Return the events of a request; raise InvalidPayload if it can't be read."""

    @abc.abstractmethod
    def send(self, message: OutboundMessage) -> Sent:
        """Send one message; raise a SendError on failure."""

    def react(self, reaction: OutboundReaction) -> None:
        """Set or take away our reaction; raise a SendError on failure.

        Only called where ``reactions`` has the kind. Repeating it must be harmless.
        """
        raise NotImplementedError

    def show_read(self, read: OutboundRead) -> None:
        """Show a customer that we have read and, if so, type; SendError on failure.

        Only called where ``read_marks`` has the kind. Repeating it must be harmless.
        """
        raise NotImplementedError

    @staticmethod
    def filename(name: str) -> str:
        """Return the filename to give to the provider for one of our files."""
        return name

    @abc.abstractmethod
    def download(self, media: MediaRef) -> Media:
        """Open a customer's file, only from the provider's own hosts."""

    def profile(self, channel: ChannelRef, external_id: str) -> Profile | None:
        """Return a customer's profile, None if the provider has none."""
        return None

    @abc.abstractmethod
    def check(self) -> str:
        """Return the account's name; raise SendError if the account can't be used."""

    def renew(self) -> Mapping[str, str]:
        """Return new values for expiring credentials; most providers have none."""
        return {}

    @abc.abstractmethod
    def list_channels(self) -> list[ChannelInfo]:
        """Return the addresses that the account owns."""

    @abc.abstractmethod
    def register(
        self, webhook_url: str, channels: Sequence[ChannelInfo]
    ) -> dict[ChannelInfo, SendError]:
        """Set the channels' webhook address; return the errors by channel.

        Raise SendError if the account can't be used at all.
        """

    def health(
        self, webhook_url: str, channels: Sequence[ChannelInfo]
    ) -> list[ChannelInfo]:
        """Return the channels that lost their webhook, which ``register`` restores.

        Raise SendError if the account can't be used.
        """
        self.check()
        return []

    def standings(
        self, channels: Sequence[ChannelInfo]
    ) -> Mapping[ChannelInfo, Standing]:
        """Return how the provider rates the channels today; most rate none."""
        return {}

    def history(
        self, channel: ChannelRef, since: datetime, until: datetime | None = None
    ) -> Iterator[MessageReceived | MessageSent]:
        """Yield a channel's messages in this period, the newest first, page by page.

        SendError ends it early. A message has its ``sent_at`` and, if it's ours, its
        ``status``; it never opts a customer out or in.
        """
        return iter(())

    def missed(
        self, channel: ChannelRef, since: datetime, until: datetime
    ) -> Iterator[MessageReceived | StatusChanged]:
        """Yield what customers wrote to a channel in this period, as webhooks would.

        For what was lost on its way to us, so the ids must be those of the webhooks.
        Also the present states of our messages of this period, if the provider tells
        them. In any order; SendError ends it early.
        """
        return iter(())

    def templates(self) -> list[Template]:
        """Return all templates of the account, or raise SendError."""
        return []

    def create_template(self, template: Template) -> Template:
        """Create a template and submit it for approval; return it as it is there.

        One that has a ``reference`` is only submitted. If that fails, the template
        returned has a reference, the state ``unsubmitted`` and a ``rejection_reason``.
        Raise SendError if it could not be created; Unsettled if it may have been.
        """
        raise NotImplementedError

    def rewrite(self, url: str) -> str:
        """Return ``url`` moved to the account's own API address, if it has one."""
        if not self.base_url:
            return url
        base, parts = urlsplit(self.base_url), urlsplit(url)
        return urlunsplit((base.scheme, base.netloc, *parts[2:]))

"""The values that cross the seam between a provider and the rest of the addon.

Everything here is a frozen dataclass without behaviour: a provider turns what its
company says into these words, and these words into what its company expects.

Times are naive UTC ``datetime``s, as Odoo stores them. Ids of customers are written
without scheme: ``+E164``, a business-scoped id or a page-scoped id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# What a message is, in the words of ``messaging.message.kind``.
KINDS = (
    "text",
    "image",
    "audio",
    "video",
    "document",
    "sticker",
    "location",
    "contact",
    "reply_choice",
    "unsupported",
)


@dataclass(frozen=True)
class WebhookRequest:
    """One HTTP request as it reached the webhook route.

    ``urls`` are the addresses it may have been signed for, likeliest first, each
    with the raw query string. ``form`` keeps the order and the repetitions of the
    posted pairs; ``body`` is empty for forms.
    Header names are lower case.
    """

    method: str
    urls: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What we answer to a webhook request."""

    status: int = 200
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class ChannelRef:
    """The address of ours that an event is about.

    ``token`` is the channel's own secret, where it has one: set on the way out only.
    """

    kind: str
    address: str
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class MediaRef:
    """A file that the provider holds for us; ``content_type`` is its claim."""

    url: str
    content_type: str = ""
    filename: str = ""


@dataclass(frozen=True)
class Media:
    """A file being downloaded: ``chunks`` are read once, and may raise."""

    chunks: Any
    content_type: str = ""
    filename: str = ""


@dataclass(frozen=True)
class MessageReceived:
    """A customer wrote to us.

    ``external_ids`` are all the ids of the customer that the event carries, the
    phone number first; ``address`` is one by which people know the customer and that
    is no number in full: a short code, the name of a sender. ``data`` keeps what the
    kind needs beyond text and files: ``latitude longitude label address`` of a place,
    ``payload title`` of a reply choice, ``forwarded``, ``referral`` of an advertisement
    or a link, ``original_type`` of an unsupported kind, ``reply_to_story`` (``id url``)
    of a story that is answered, ``story_mention`` true when the file is a story that
    names us, ``shared_story`` true when it is one that was passed on, ``shares`` a list
    of (``url title``) of what was shared, ``products`` a list of (``id retailer_id
    title subtitle price``) of a shop, ``appointment`` (``booking_id status when``) of a
    booking, ``standby`` true when another app holds the conversation, ``announced``
    true when it only says that a message came, which may follow whole under the same
    id. ``opt`` is ``"out"`` or ``"in"`` when the words close or open the gate for what
    we send. ``sent_at`` None means "now": the provider says no time.
    """

    channel: ChannelRef
    message_id: str
    external_ids: tuple[str, ...]
    kind: str = "text"
    name: str = ""
    address: str = ""
    text: str = ""
    media: tuple[MediaRef, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    sent_at: datetime | None = None
    opt: str = ""


@dataclass(frozen=True)
class StatusChanged:
    """A message of ours moved on at the provider.

    ``status`` is a state of ``messaging.message``: ``queued sending sent delivered
    read failed``. ``reference`` is our own ``<client_uuid>.<part>`` where the
    provider carries it back. ``reason`` is a word of :mod:`errors` when it failed.
    ``external_ids`` are those of the customer, where the provider names him.
    ``channel`` is None where the provider doesn't name our address.
    """

    channel: ChannelRef | None
    message_id: str
    status: str
    reference: str = ""
    external_ids: tuple[str, ...] = ()
    error_code: str = ""
    error_detail: str = ""
    reason: str = ""
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class MessageSent:
    """A message went out from our address: an echo of ours, or one written elsewhere.

    ``reference`` is our own ``<client_uuid>.<part>`` when we sent it; with neither it
    nor the id known, somebody wrote it outside: in the page's own inbox, on the phone.
    ``external_ids``, ``kind`` to ``reply_to`` are as in :class:`MessageReceived`.
    """

    channel: ChannelRef
    message_id: str
    external_ids: tuple[str, ...]
    kind: str = "text"
    text: str = ""
    media: tuple[MediaRef, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    sent_at: datetime | None = None
    reference: str = ""
    app_id: str = ""


@dataclass(frozen=True)
class Reacted:
    """Somebody reacted to a message of either side; no ``emoji``: took it back.

    It was the customer, or, with ``by_us``, somebody who writes for our address.
    """

    channel: ChannelRef
    external_ids: tuple[str, ...]
    message_id: str
    emoji: str
    occurred_at: datetime | None = None
    by_us: bool = False


@dataclass(frozen=True)
class MessageEdited:
    """A customer changed the words of a message."""

    channel: ChannelRef
    external_ids: tuple[str, ...]
    message_id: str
    text: str
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class MessageUnsent:
    """A message was taken back: what it held must go."""

    channel: ChannelRef
    external_ids: tuple[str, ...]
    message_id: str
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class ReadUpTo:
    """A customer got (``"delivered"``) or saw (``"read"``) our messages.

    All that were sent to this customer until ``until``, and those of ``message_ids``.
    """

    channel: ChannelRef
    external_ids: tuple[str, ...]
    status: str
    until: datetime | None = None
    message_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChannelNotice:
    """The provider says something about the channel itself, to its managers.

    ``code`` is one word of ours: ``policy_enforcement`` or ``handover``.
    """

    channel: ChannelRef
    code: str
    text: str
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class BadEvent:
    """One event of a request that can't be read, while the others can.

    The request is kept for a replay as it came; ``error`` says why in a sentence.
    """

    error: str


Event = (
    MessageReceived
    | StatusChanged
    | MessageSent
    | Reacted
    | MessageEdited
    | MessageUnsent
    | ReadUpTo
    | ChannelNotice
    | BadEvent
)


@dataclass(frozen=True)
class OutboundFile:
    """A file of a message that we send.

    ``url`` is a signed address that the provider may fetch for 24 hours; ``read``
    gives the bytes to providers that want an upload instead.
    """

    url: str
    content_type: str
    filename: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class OutboundMessage:
    """One message as one request to the provider: a text, or one file.

    ``reference`` comes back in the status callback, see :class:`StatusChanged`, or in
    the echo, see :class:`MessageSent`. ``tag`` is the provider's word for why this may
    go out after its reply window, empty within it.
    """

    channel: ChannelRef
    recipient: str
    reference: str
    text: str = ""
    file: OutboundFile | None = None
    status_url: str = ""
    reply_to: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Sent:
    """The provider took a message: its id there, and the state it gave it."""

    message_id: str
    status: str = "sent"


@dataclass(frozen=True)
class Profile:
    """What the provider tells of a customer; the picture's address expires."""

    name: str = ""
    picture_url: str = ""


@dataclass(frozen=True)
class ChannelInfo:
    """An address that the account owns at the provider.

    ``reference`` is the provider's own id of it (``XE…``, ``PN…``, the id of the Page
    that it belongs to); ``webhook_url`` is where it posts today; ``problem`` says in
    English why it can't be used as it is, empty when it can. ``note`` says in English
    what else to know before connecting it. ``group`` is the provider's id of a group of
    channels that connecting would change, which the note tells: only where a user
    chooses so. ``token`` is the channel's own secret, where it has one.
    """

    kind: str
    address: str
    name: str
    reference: str
    webhook_url: str = ""
    problem: str = ""
    note: str = ""
    group: str = ""
    token: str = field(default="", repr=False)

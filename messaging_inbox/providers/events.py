"""The values exchanged between providers and the rest of the addon.

All are frozen dataclasses without behaviour. A provider translates between them and
its own protocol.

Times are naive UTC ``datetime``s, as Odoo stores them. Customer ids have no scheme:
``+E164``, a business-scoped id or a page-scoped id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .channel_values import UNLIMITED as UNLIMITED
from .channel_values import ChannelInfo as ChannelInfo
from .channel_values import ChannelRef, Standing
from .channel_values import Profile as Profile
from .file_values import OutboundFile
from .template_values import OutboundTemplate
from .template_values import Template as Template
from .template_values import TemplateButton as TemplateButton

# The values of ``messaging.message.kind``.
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
    """An HTTP request as received by the webhook route.

    ``urls`` are the addresses that it may have been signed for, most likely first, each
    with the raw query string. ``form`` keeps the order and repetitions of the posted
    pairs; ``body`` is empty for forms. Header names are lower case.
    """

    method: str
    urls: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """Our response to a webhook request."""

    status: int = 200
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class MediaRef:
    """A file stored at the provider; ``content_type`` is the provider's claim."""

    url: str
    content_type: str = ""
    filename: str = ""


@dataclass(frozen=True)
class Media:
    """A file being downloaded: ``chunks`` can be read once and may raise."""

    chunks: Any
    content_type: str = ""
    filename: str = ""


@dataclass(frozen=True)
class MessageReceived:
    """A customer sent a message.

    ``external_ids`` are all ids of the customer in the event, the phone number first.
    ``username`` is what customers call themselves, without "@": shown, but never an id.
    ``address`` is an address that isn't a full number: a short code or a sender's name.
    ``opt`` is ``"out"`` or ``"in"`` if the text stops or resumes our messages.
    ``sent_at`` None means "now": the provider gives no time.

    ``data`` holds what the kind needs beyond text and files:

    - ``latitude longitude label address`` of a place
    - ``payload title`` of a reply choice
    - ``forwarded``, and ``forwarded_often`` if it went through many hands
    - ``referral`` of an advertisement or a link
    - ``original_type`` of an unsupported kind, and the provider's ``explanation``
    - ``contacts`` of contact cards, as ``tools/contact_cards.py`` reads them, with
      ``contact_count``; ``contact_text`` true if the text is made of them
    - ``group`` true if somebody wrote it in a group
    - ``reply_to_story`` (``id url``): the story that the customer replied to
    - ``story_mention`` true if the file is a story that mentions us
    - ``shared_story`` true if the file is a story that the customer shared
    - ``shares``: a list of shared links (``url title``)
    - ``products``: a list (``id retailer_id title subtitle price``)
    - ``appointment`` (``booking_id status when``)
    - ``standby`` true if another app controls the conversation
    - ``announced`` true if the event only announces a message, which may follow under
      the same id
    """

    channel: ChannelRef
    message_id: str
    external_ids: tuple[str, ...]
    kind: str = "text"
    name: str = ""
    username: str = ""
    address: str = ""
    text: str = ""
    media: tuple[MediaRef, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    sent_at: datetime | None = None
    opt: str = ""


@dataclass(frozen=True)
class StatusChanged:
    """The status of an outbound message changed at the provider.

    ``status`` is a state of ``messaging.message``: ``queued sending sent delivered
    read failed``. ``reference`` is our own ``<client_uuid>.<part>`` if the provider
    returns it. ``reason`` is a value of :class:`errors.Reason` for a failure.
    ``external_ids`` are the customer's, if the provider names the customer. ``channel``
    is None if the provider doesn't name our address. ``data`` is kept with the message:
    ``price_category``, the provider's word for what it charges, and ``played`` true if
    the customer listened to it.
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
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class MessageSent:
    """A message was sent from our address: by us (an echo) or outside Odoo.

    ``reference`` is our own ``<client_uuid>.<part>`` if we sent it. If neither it nor
    the id is known, a user wrote it outside Odoo: in the Page's inbox or on the phone.
    ``external_ids`` and ``kind`` to ``reply_to`` are as in :class:`MessageReceived`;
    ``status``, ``error_code`` and ``reason`` as in :class:`StatusChanged`, if known.
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
    status: str = ""
    error_code: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Reacted:
    """A reaction to an inbound or outbound message; no ``emoji`` means removed.

    The reaction is the customer's, or with ``by_us`` one from our side.
    """

    channel: ChannelRef
    external_ids: tuple[str, ...]
    message_id: str
    emoji: str
    occurred_at: datetime | None = None
    by_us: bool = False


@dataclass(frozen=True)
class MessageEdited:
    """The text of a message was edited, by the customer or outside Odoo."""

    channel: ChannelRef
    external_ids: tuple[str, ...]
    message_id: str
    text: str
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class MessageUnsent:
    """A message was unsent: its content must be deleted."""

    channel: ChannelRef
    external_ids: tuple[str, ...]
    message_id: str
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class ReadUpTo:
    """A customer received (``"delivered"``) or saw (``"read"``) our messages.

    This includes all messages sent to the customer up to ``until``, and those in
    ``message_ids``.
    """

    channel: ChannelRef
    external_ids: tuple[str, ...]
    status: str
    until: datetime | None = None
    message_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChannelNotice:
    """A notice from the provider about the channel itself, for its managers.

    ``code`` is ``policy_enforcement`` or ``handover``. ``channel`` is None if the
    notice is about all channels of the account.
    """

    channel: ChannelRef | None
    code: str
    text: str
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class StandingChanged:
    """The provider rates a channel differently; the parts that are empty stay.

    ``channel`` is None if this is about all channels of the account.
    """

    channel: ChannelRef | None
    standing: Standing


@dataclass(frozen=True)
class TemplatesChanged:
    """A template changed at the provider: the account's list is fetched again."""

    channel: None = None


@dataclass(frozen=True)
class HistoryReceived:
    """Past messages of the channel, the newest first, each with its ``sent_at``.

    They complete conversations, but don't notify and don't reopen. A message that was
    ``announced`` in an earlier event is filled in.
    """

    channel: ChannelRef
    messages: tuple[MessageReceived | MessageSent, ...]


@dataclass(frozen=True)
class CustomerMoved:
    """A customer has new ids: the conversation keeps only these."""

    channel: ChannelRef
    external_ids: tuple[str, ...]
    former_ids: tuple[str, ...]
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class CustomerNamed:
    """Our side's address book has a name for a customer who gave none."""

    channel: ChannelRef
    external_ids: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Occurred:
    """Something other than a message, which the conversation shows as an event.

    ``event_type`` is ``called`` (``data``: ``by_us``, ``status`` and ``seconds``),
    ``marketing_stopped`` or ``marketing_resumed``. A later event with the same
    ``message_id`` replaces the data. With ``by_customer`` an unknown customer gets a
    conversation; otherwise the event of an unknown one is ignored.
    """

    channel: ChannelRef
    external_ids: tuple[str, ...]
    message_id: str
    event_type: str
    data: Mapping[str, Any] = field(default_factory=dict)
    occurred_at: datetime | None = None
    by_customer: bool = False
    name: str = ""


@dataclass(frozen=True)
class BadEvent:
    """An unreadable event in a request whose other events can be read.

    The whole request is kept for a replay; ``error`` is the reason as a sentence.
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
    | StandingChanged
    | TemplatesChanged
    | HistoryReceived
    | CustomerMoved
    | CustomerNamed
    | Occurred
    | BadEvent
)


@dataclass(frozen=True)
class Place:
    """A place on the map, in degrees (WGS 84); its name and address may be empty."""

    latitude: float
    longitude: float
    label: str = ""
    address: str = ""


@dataclass(frozen=True)
class OutboundMessage:
    """A message that is sent in one request: a text, one file, or one place.

    ``template`` replaces the text, which then is only what the customer will read.
    ``reference`` comes back in the status callback (:class:`StatusChanged`) or in the
    echo (:class:`MessageSent`). ``tag`` is the provider's tag that permits a message
    after the reply window; empty within the window.
    """

    channel: ChannelRef
    recipient: str
    reference: str
    text: str = ""
    file: OutboundFile | None = None
    status_url: str = ""
    reply_to: str = ""
    tag: str = ""
    template: OutboundTemplate | None = None
    place: Place | None = None


@dataclass(frozen=True)
class OutboundReaction:
    """Our reaction to a customer's message; no ``emoji`` takes it away.

    We have at most one reaction to a message: a new one replaces it.
    """

    channel: ChannelRef
    recipient: str
    message_id: str
    emoji: str


@dataclass(frozen=True)
class OutboundRead:
    """What a customer is shown: that we have read, and whether we type an answer.

    ``message_id`` is the customer's last message; all earlier ones are read, too.
    """

    channel: ChannelRef
    recipient: str
    message_id: str
    is_typing: bool = False


@dataclass(frozen=True)
class Sent:
    """The provider accepted a message: its id there, and its state."""

    message_id: str
    status: str = "sent"

"""Channels and customers, as providers and the rest of the addon exchange them."""

from __future__ import annotations

from dataclasses import dataclass, field

# The daily limit of a channel without one.
UNLIMITED = -1


@dataclass(frozen=True)
class ChannelRef:
    """The channel that an event or message belongs to.

    ``reference`` is the channel's id at the provider. An event that has one belongs to
    the channel with this id, however its address is written. ``token`` is the channel's
    own secret, if it has one. ``service`` is the provider's id of the group that its
    messages are sent through, if there is one. Only outbound requests set the two.
    """

    kind: str
    address: str
    token: str = field(default="", repr=False)
    service: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Standing:
    """How the provider rates a channel; what is unknown is empty, or 0.

    ``quality`` is ``high``, ``medium`` or ``low``. ``daily_limit`` is the number of
    customers to whom we may write first within 24 hours, UNLIMITED without a limit.
    ``name_state`` is the state of the name that customers see: ``approved``,
    ``pending`` or ``declined``.
    """

    quality: str = ""
    daily_limit: int = 0
    name_state: str = ""


@dataclass(frozen=True)
class ChannelInfo:
    """An address that the account owns at the provider.

    ``reference`` is its id at the provider (``XE…``, ``PN…``, the id of the Page that
    it belongs to); ``webhook_url`` is its current webhook. ``problem`` says in English
    why it can't be used, empty if it can. ``note`` says in English what else to know
    before connecting it. ``group`` is the provider's id of a group of channels that
    connecting would change, as the note explains: only set if the user must choose.
    ``token`` is the channel's own secret, if it has one. ``service`` is the provider's
    id of the group that it belongs to and can send through, ``service_name`` its name.
    ``standing`` is how the provider rates it today.
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
    service: str = ""
    service_name: str = ""
    standing: Standing = Standing()


@dataclass(frozen=True)
class Profile:
    """A customer's profile at the provider; the picture's address expires.

    ``username`` has no @.
    """

    name: str = ""
    picture_url: str = ""
    username: str = ""

"""Templates, as providers and the rest of the addon exchange them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .file_values import OutboundFile


@dataclass(frozen=True)
class TemplateButton:
    """A button of a template, or a row of its list.

    ``kind`` is ``reply``, ``url``, ``phone``, ``copy_code``, ``item`` (a row of a list)
    or ``other``. ``value`` is the address, number or code, or the row's second line; it
    may contain a placeholder. ``payload`` comes back when the customer taps a reply or
    a row.
    """

    kind: str
    text: str
    value: str = ""
    payload: str = ""


@dataclass(frozen=True)
class Template:
    """A message written in advance, which the provider may have to approve.

    ``reference`` is its id at the provider; empty before it is created there.
    Placeholders are written ``{{name}}`` in texts, addresses and buttons.
    ``variables`` maps each name, in order, to its sample. ``language`` is a code like
    ``pt_BR``. ``state`` and ``category`` are values of ``messaging.template``.

    ``media_kind`` is ``image``, ``video`` or ``document`` if the header is a file; its
    address is ``media_url``.

    ``use`` tells when it may be sent: ``anytime``, ``in_window`` (it can't open a
    conversation) or ``never`` (we can't send this type). ``needs_approval``: it can't
    be sent without approval even within the reply window.

    ``channels`` are the ids at the provider of the channels that can send it; without
    any, all channels of the account can. ``quality`` is a value of
    ``messaging.template``, empty if the provider doesn't rate it. ``sample`` is the
    header's file, for a template that is created.
    """

    reference: str
    name: str
    language: str
    body: str
    category: str = ""
    state: str = "unsubmitted"
    rejection_reason: str = ""
    header: str = ""
    media_kind: str = ""
    media_url: str = ""
    footer: str = ""
    buttons: tuple[TemplateButton, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    use: str = "anytime"
    needs_approval: bool = False
    channels: tuple[str, ...] = ()
    quality: str = ""
    sample: OutboundFile | None = None


@dataclass(frozen=True)
class OutboundTemplate:
    """The template that a message is made of; a file is the message's own ``file``.

    ``variables`` has a value for each name, in order, except for the file's.
    ``header``, ``body`` and ``buttons`` are those of the template, with placeholders.
    """

    reference: str
    name: str
    language: str
    variables: Mapping[str, str] = field(default_factory=dict)
    media_url: str = ""
    media_kind: str = ""
    header: str = ""
    body: str = ""
    buttons: tuple[TemplateButton, ...] = ()

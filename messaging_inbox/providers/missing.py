"""A placeholder for a provider that isn't installed.

An account may refer to one after a restore or an update. The placeholder refuses
everything: the account shows an error, and other accounts are unaffected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NoReturn

from .errors import InvalidPayload, InvalidSignature, Reason, Refused, SendError
from .events import (
    ChannelInfo,
    ChannelRef,
    Event,
    Media,
    MediaRef,
    MessageReceived,
    MessageSent,
    OutboundMessage,
    Sent,
    Template,
    WebhookRequest,
)
from .provider import Provider

WORDS = "This provider isn't installed."


class Missing(Provider):
    """Supports no kind of channel, and refuses all credentials."""

    code = ""
    name = "?"

    def verify(self, request: WebhookRequest) -> None:
        raise InvalidSignature(WORDS)

    def parse(self, request: WebhookRequest) -> list[Event]:
        raise InvalidPayload(WORDS)

    def send(self, message: OutboundMessage) -> Sent:
        _refuse()

    def download(self, media: MediaRef) -> Media:
        _refuse()

    def check(self) -> str:
        _refuse()

    def list_channels(self) -> list[ChannelInfo]:
        _refuse()

    def register(
        self, webhook_url: str, channels: Sequence[ChannelInfo]
    ) -> dict[ChannelInfo, SendError]:
        _refuse()

    def history(
        self, channel: ChannelRef, since: datetime, until: datetime | None = None
    ) -> Iterator[MessageReceived | MessageSent]:
        _refuse()

    def templates(self) -> list[Template]:
        _refuse()

    def create_template(self, template: Template) -> Template:
        _refuse()


def _refuse() -> NoReturn:
    raise Refused(Reason.BAD_CREDENTIALS, detail=WORDS)

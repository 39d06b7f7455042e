"""Facebook Messenger and Instagram, through Meta's Graph API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from ..errors import SendError
from ..events import (
    Answer,
    ChannelInfo,
    ChannelRef,
    Event,
    Media,
    MediaRef,
    MessageReceived,
    OutboundMessage,
    OutboundReaction,
    Profile,
    Sent,
    WebhookRequest,
)
from ..fetch import Source, fetch
from ..graph import SIGNATURE, SIGNATURE_HEADER, Graph, check_signature, handshake
from ..provider import MEGABYTE, Provider
from . import files, subscriptions
from .app import App
from .codes import ERROR_TABLE
from .limits import LIMITS
from .missed import missed
from .pages import channels_of
from .parse import events_of
from .profile import profile_of
from .reactions import REACTIONS, react
from .send import send

DAY = timedelta(hours=24)


class Messenger(Provider):
    """An app at Meta, with the Pages and Instagram accounts of a token."""

    code = "messenger"
    name = "Messenger and Instagram"
    kinds = ("messenger", "instagram")
    reply_window = {"messenger": DAY, "instagram": DAY}
    statuses = frozenset(("sent", "delivered", "read", "failed"))
    limits = LIMITS
    quotes = frozenset(("messenger", "instagram"))
    reactions = REACTIONS
    ack = Answer(body="EVENT_RECEIVED")
    signature_header = SIGNATURE_HEADER
    signature_shape = re.compile(SIGNATURE)
    hosts = files.HOSTS | {"graph.facebook.com", "graph.instagram.com"}
    max_download = 25 * MEGABYTE
    console_url = "https://business.facebook.com/latest/inbox"

    def verify(self, request: WebhookRequest) -> None:
        check_signature(request, self._secret)

    def handshake(self, request: WebhookRequest) -> Answer | None:
        return handshake(request, self._app.verify_token)

    def parse(self, request: WebhookRequest) -> list[Event]:
        return events_of(request.body, self._app.id)

    def send(self, message: OutboundMessage) -> Sent:
        return send(self._app, message)

    def react(self, reaction: OutboundReaction) -> None:
        react(self._app, reaction)

    def download(self, media: MediaRef) -> Media:
        source = Source(
            first=files.HOSTS,
            path_allowed=lambda _path: True,
            hosts=files.HOSTS,
            base_url=self.base_url,
            max_bytes=self.max_download,
        )
        return fetch(self.http, media, source)

    def profile(self, channel: ChannelRef, external_id: str) -> Profile | None:
        return profile_of(self._app, channel, external_id)

    def check(self) -> str:
        return self._app.check()

    def renew(self) -> Mapping[str, str]:
        return self._app.renewed()

    def list_channels(self) -> list[ChannelInfo]:
        found = list(channels_of(self._app))
        return subscriptions.with_address(self._app, found)

    def register(
        self, webhook_url: str, channels: Sequence[ChannelInfo]
    ) -> dict[ChannelInfo, SendError]:
        return subscriptions.register(self._app, webhook_url, channels)

    def health(
        self, webhook_url: str, channels: Sequence[ChannelInfo]
    ) -> list[ChannelInfo]:
        self.check()
        return subscriptions.cut_off(self._app, webhook_url, channels)

    def missed(
        self, channel: ChannelRef, since: datetime, until: datetime
    ) -> Iterator[MessageReceived]:
        return missed(self._app, channel, since, until)

    @cached_property
    def _app(self) -> App:
        graph = Graph(self.http, self._secret, self.rewrite, ERROR_TABLE)
        return App(graph, self.credentials)

    @property
    def _secret(self) -> str:
        return self.credentials.get("app_secret") or ""

"""WhatsApp Business through Meta's own Cloud API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property

from ..errors import SendError
from ..events import (
    Answer,
    ChannelInfo,
    Event,
    Media,
    MediaRef,
    OutboundMessage,
    OutboundReaction,
    OutboundRead,
    Sent,
    Standing,
    Template,
    WebhookRequest,
)
from ..graph import SIGNATURE, SIGNATURE_HEADER, Graph, check_signature, handshake
from ..provider import MEGABYTE, Provider
from . import media as files
from . import numbers
from . import templates as own_templates
from .app import App
from .codes import ERROR_TABLE
from .limits import LIMITS
from .parse import events_of
from .react import REACTIONS, react
from .read import show_read
from .recipient import NUMBER, SCOPED_ID
from .send import send

# An account has the credentials of all providers, each under names of its own.
PREFIX = "whatsapp_"


class WhatsAppCloud(Provider):
    """An app at Meta, with the numbers that a system user's token reaches."""

    code = "whatsapp_cloud"
    name = "WhatsApp (Meta)"
    kinds = ("whatsapp",)
    reply_window = {"whatsapp": timedelta(hours=24)}
    statuses = frozenset(("sent", "delivered", "read", "failed"))
    limits = LIMITS
    quotes = frozenset(("whatsapp",))
    places = frozenset(("whatsapp",))
    # With the WhatsApp Business app beside us
    posts_history = True
    reactions = REACTIONS
    read_marks = frozenset(("whatsapp",))
    # Groups have other ids, and can't be answered.
    answerable = {"whatsapp": f"{NUMBER.pattern}|{SCOPED_ID.pattern}"}
    template_kinds = frozenset(("whatsapp",))
    ack = Answer(body="EVENT_RECEIVED")
    signature_header = SIGNATURE_HEADER
    signature_shape = re.compile(SIGNATURE)
    hosts = files.FILE_HOSTS | {"graph.facebook.com"}
    max_download = 100 * MEGABYTE
    console_url = "https://business.facebook.com/latest/whatsapp_manager"

    def verify(self, request: WebhookRequest) -> None:
        check_signature(request, self._secret)

    def handshake(self, request: WebhookRequest) -> Answer | None:
        return handshake(request, self._app.verify_token)

    def parse(self, request: WebhookRequest) -> list[Event]:
        return events_of(request.body)

    def send(self, message: OutboundMessage) -> Sent:
        return send(self._app, message)

    def react(self, reaction: OutboundReaction) -> None:
        react(self._app, reaction)

    def show_read(self, read: OutboundRead) -> None:
        show_read(self._app, read)

    def download(self, media: MediaRef) -> Media:
        return files.download(self._app, media, self.base_url, self.max_download)

    def check(self) -> str:
        return self._app.check()

    def renew(self) -> Mapping[str, str]:
        renewed = self._app.exchanged().items()
        return {PREFIX + name: value for name, value in renewed}

    def list_channels(self) -> list[ChannelInfo]:
        return numbers.list_channels(self._app)

    def register(
        self, webhook_url: str, channels: Sequence[ChannelInfo]
    ) -> dict[ChannelInfo, SendError]:
        return numbers.register(self._app, webhook_url, channels)

    def health(
        self, webhook_url: str, channels: Sequence[ChannelInfo]
    ) -> list[ChannelInfo]:
        self.check()
        return numbers.cut_off(self._app, webhook_url, channels)

    def standings(
        self, channels: Sequence[ChannelInfo]
    ) -> Mapping[ChannelInfo, Standing]:
        return numbers.standings(self._app, channels)

    def templates(self) -> list[Template]:
        return own_templates.templates(self._app)

    def create_template(self, template: Template) -> Template:
        return own_templates.create(self._app, template)

    @cached_property
    def _app(self) -> App:
        graph = Graph(self.http, self._secret, self.rewrite, ERROR_TABLE)
        return App(graph, self._own_credentials)

    @property
    def _secret(self) -> str:
        return self._own_credentials.get("app_secret") or ""

    @property
    def _own_credentials(self) -> dict[str, str]:
        """Return the credentials under the names that all of Meta shares."""
        return {
            name.removeprefix(PREFIX): value
            for name, value in self.credentials.items()
            if name.startswith(PREFIX)
        }

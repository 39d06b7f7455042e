"""WhatsApp and SMS through Twilio."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial

from ..errors import InvalidSignature, Reason, Refused, SendError, Unsettled
from ..events import (
    Answer,
    ChannelInfo,
    ChannelRef,
    Event,
    Media,
    MediaRef,
    MessageReceived,
    MessageSent,
    OutboundMessage,
    Sent,
    StatusChanged,
    Template,
    WebhookRequest,
)
from ..fetch import Source, fetch
from ..provider import MEGABYTE, Provider
from ..side_by_side import failures
from . import channels as own_channels
from . import drafts
from . import templates as own_templates
from .api import Api
from .codes import meaning_of
from .filenames import plain_filename
from .history import history as past_messages
from .history import missed as missed_messages
from .limits import LIMITS
from .message_form import form_of
from .parse import (
    STATUSES,
    is_status,
    message_received,
    read_form,
    read_reference,
    status_changed,
)
from .signature import check_signature

API_HOSTS = frozenset(
    ("api.twilio.com", "api.dublin.ie1.twilio.com", "api.sydney.au1.twilio.com")
)
FILE_HOSTS = frozenset((".twiliocdn.com",))
HEX = "[0-9a-fA-F]{32}"
FILE_PATH = f"/2010-04-01/Accounts/%s/Messages/(SM|MM){HEX}/Media/ME{HEX}"


class Twilio(Provider):
    """One account at Twilio."""

    code = "twilio"
    name = "Twilio"
    kinds = ("whatsapp", "sms")
    reply_window = {"whatsapp": timedelta(hours=24), "sms": None}
    statuses = frozenset(STATUSES.values())
    limits = LIMITS
    places = frozenset(("whatsapp",))
    blocks_after_stop = frozenset(("sms",))
    filename = staticmethod(plain_filename)
    template_kinds = frozenset(("whatsapp",))
    # An alphanumeric sender can't be answered: Twilio refuses it (21211).
    answerable = {"sms": r"\+?[0-9]{3,15}"}
    # Twilio sends plain text to the customer, and logs a missing type as an error.
    ack = Answer(
        body='<?xml version="1.0" encoding="UTF-8"?><Response/>',
        content_type="text/xml; charset=utf-8",
    )
    signature_header = "x-twilio-signature"
    # Base64 of a SHA-1, or of a SHA-256 for shared keys
    signature_shape = re.compile("([A-Za-z0-9+/]{27}|[A-Za-z0-9+/]{43})=")
    # Twilio's forms are shorter; a text of 70,000 letters fits.
    max_form = MEGABYTE // 2
    max_fields = 500
    hosts = API_HOSTS | FILE_HOSTS | {"messaging.twilio.com", "content.twilio.com"}
    console_url = "https://console.twilio.com/us1/monitor/logs/sms"

    def verify(self, request: WebhookRequest) -> None:
        shared_secret = self.credentials.get("twilio_shared_secret") or ""
        check_signature(request, self._token, shared_secret)
        accounts = {sid for name, sid in request.form if name == "AccountSid"}
        if accounts - {self._account_sid}:
            raise InvalidSignature("The request is about another Twilio account.")

    def parse(self, request: WebhookRequest) -> list[Event]:
        form = read_form(request)
        if is_status(form):
            return [status_changed(form, read_reference(request))]
        return [message_received(form)]

    def send(self, message: OutboundMessage) -> Sent:
        url = f"{self._api.account_url}/Messages.json"
        answer = self._api.request("POST", url, data=form_of(message))
        message_id = answer.get("sid")
        if not message_id:
            raise Unsettled(Reason.OTHER, detail="Twilio's answer names no message.")
        status = STATUSES.get(str(answer.get("status")), "sent")
        if status == "failed":
            code = str(answer.get("error_code") or "")
            words = str(answer.get("error_message") or "")
            raise Refused(meaning_of(code).reason, code, words)
        return Sent(message_id=str(message_id), status=status)

    def download(self, media: MediaRef) -> Media:
        path = re.compile(FILE_PATH % re.escape(self._account_sid))
        source = Source(
            first=API_HOSTS,
            path_allowed=lambda text: bool(path.fullmatch(text)),
            hosts=FILE_HOSTS,
            auth=self._auth,
            base_url=self.base_url,
            max_bytes=self.max_download,
        )
        return fetch(self.http, media, source)

    def check(self) -> str:
        _check_sid("Account SID", "AC", self._account_sid)
        _check_sid("API key SID", "SK", self.credentials.get("twilio_api_key_sid"))
        # Check the Auth Token even with an API key, because it verifies webhooks.
        token = (self._account_sid, self._token)
        url = f"{self._api.account_url}.json"
        account = self._api.request("GET", url, auth=token)
        status = account.get("status")
        if status != "active":
            detail = f"Twilio reports the account as {status or 'unknown'}."
            raise Refused(Reason.BAD_CREDENTIALS, detail=detail)
        if self._auth != token:
            messages = f"{self._api.account_url}/Messages.json"
            self._api.request("GET", messages, params={"PageSize": 1})
        return str(account.get("friendly_name") or self._account_sid)

    def list_channels(self) -> list[ChannelInfo]:
        return own_channels.list_channels(self._api)

    def register(
        self, webhook_url: str, channels: Sequence[ChannelInfo]
    ) -> dict[ChannelInfo, SendError]:
        work = partial(own_channels.register, self._api, webhook_url)
        return failures(self.http, work, channels)

    def health(
        self, webhook_url: str, channels: Sequence[ChannelInfo]
    ) -> list[ChannelInfo]:
        self.check()
        words = own_channels.dropped(self._api, webhook_url, channels)
        if words:
            # Others may rely on the service, so only a user changes it, by connecting.
            raise Refused(Reason.BAD_CALLBACK, detail=words)
        return []

    def history(
        self, channel: ChannelRef, since: datetime, until: datetime | None = None
    ) -> Iterator[MessageReceived | MessageSent]:
        return past_messages(self._api, channel, since, until)

    def missed(
        self, channel: ChannelRef, since: datetime, until: datetime
    ) -> Iterator[MessageReceived | StatusChanged]:
        return missed_messages(self._api, channel, since, until)

    def templates(self) -> list[Template]:
        return own_templates.templates(self._api)

    def create_template(self, template: Template) -> Template:
        return drafts.create(self._api, template)

    @cached_property
    def _api(self) -> Api:
        return Api(self.http, self._account_sid, self._auth, self.rewrite)

    @property
    def _account_sid(self) -> str:
        return self.credentials.get("twilio_account_sid") or ""

    @property
    def _token(self) -> str:
        return self.credentials.get("twilio_auth_token") or ""

    @property
    def _auth(self) -> tuple[str, str]:
        key = self.credentials.get("twilio_api_key_sid")
        secret = self.credentials.get("twilio_api_key_secret")
        return (key, secret) if key and secret else (self._account_sid, self._token)


def _check_sid(name: str, prefix: str, sid: str | None) -> None:
    """Refuse a malformed SID, to which Twilio would only answer "Authenticate"."""
    if sid and not re.fullmatch(prefix + HEX, sid):
        detail = f"The {name} is not {prefix} and 32 hexadecimal digits."
        raise Refused(Reason.BAD_CREDENTIALS, detail=detail)

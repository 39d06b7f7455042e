"""The practice phone's data, the same for every provider."""

import re
import secrets
import time
from dataclasses import asdict, dataclass, field

import phonenumbers

WINDOW_SECONDS = 24 * 3600
AGENT_SECONDS = 7 * WINDOW_SECONDS


def new_sid(prefix):
    return prefix + secrets.token_hex(16)


@dataclass
class Account:
    """One customer of the provider: the credentials that Odoo holds.

    At Meta it is an app: its id, its secret, the token of a user of its business, and
    per object (`page`, `instagram`) where its webhooks go. `token_error` is the
    subcode that refuses all tokens once they are revoked. An app that isn't `live`
    gets no webhooks about WhatsApp customers.

    At Twilio webhooks are signed with the `shared_key` (`{sid, secret, algorithm}`)
    instead of the token, if there is one.
    """

    sid: str
    auth_token: str
    name: str = ""
    provider: str = "twilio"
    api_keys: dict = field(default_factory=dict)
    access_token: str = ""
    scopes: list = field(default_factory=list)
    subscriptions: dict = field(default_factory=dict)
    token_error: int = 0
    shared_key: dict = field(default_factory=dict)
    live: bool = True


@dataclass
class Line:
    """One address of the shop that customers write to, and where its webhooks go.

    A Page has a token and the fields that an app subscribed to; an Instagram account
    uses those of its Page. A WhatsApp number at Meta belongs to the business account
    `page_sid`, and `facts` are what Meta reports of it.
    """

    sid: str
    account_sid: str
    kind: str
    address: str
    name: str = ""
    webhook_url: str = ""
    status_callback_url: str = ""
    token: str = ""
    page_sid: str = ""
    subscribed_fields: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)


@dataclass
class BusinessAccount:
    """A WhatsApp Business Account at Meta: some numbers and their templates.

    `owner` is the portfolio that has it, `shared` tells that it is a client's.
    `override_url` is the webhook address of its subscription, if it isn't the app's.
    """

    sid: str
    account_sid: str
    name: str
    owner: str
    shared: bool = False
    subscribed: bool = False
    override_url: str = ""


@dataclass
class MetaTemplate:
    """A message template of a WhatsApp Business Account, in one language."""

    sid: str
    business_sid: str
    name: str
    language: str
    category: str
    components: list
    status: str = "PENDING"
    parameter_format: str = "POSITIONAL"
    rejected_reason: str = "NONE"
    quality: str = "UNKNOWN"


@dataclass
class Customer:
    """A person with a phone. WhatsApp may know them by a business-scoped id only.

    `whatsapp` is `on`, or for a number that isn't on WhatsApp how a message fails:
    `refused` at once, or `undelivered` later. `spelling` is `other` if WhatsApp writes
    the number in its other spelling. Each Page and each Instagram account knows them by
    another id: `ids`, keyed by the line's sid.
    """

    name: str
    phone: str = ""
    bsuid: str = ""
    read_receipts: bool = True
    ids: dict = field(default_factory=dict)
    username: str = ""
    shows_profile: bool = True
    whatsapp: str = "on"
    spelling: str = "same"
    id: str = field(default_factory=lambda: "C" + secrets.token_hex(6))


@dataclass
class Media:
    content_type: str
    filename: str = ""
    size: int = 0
    voice: bool = False
    # The address that Odoo gave to the provider
    url: str = ""
    sid: str = field(default_factory=lambda: new_sid("ME"))


@dataclass
class Message:
    """One bubble. `inbound` goes from the customer to Odoo, as providers say.

    `extra` holds the data of one provider alone: `story`, `standby`, `tag`, `metadata`,
    `outside` (written in the provider's own inbox or app), `template` (what a template
    shows), `reference` (Meta's `biz_opaque_callback_data`), `read_by_shop`,
    `address` (the customer's number as written in this message), `service` (the
    Messaging Service that sent it), `dropped` (by a service without a webhook).
    """

    sid: str
    line_sid: str
    customer_id: str
    direction: str
    body: str = ""
    media: list = field(default_factory=list)
    status: str = "queued"
    location: dict | None = None
    contact: dict | None = None
    choice: dict | None = None
    reply_to: str = ""
    forwarded: bool = False
    error_code: int | None = None
    error_message: str = ""
    status_callback: str = ""
    fields: dict = field(default_factory=dict)
    automatic: bool = False
    seen: bool = False
    webhook: dict | None = None
    reactions: dict = field(default_factory=dict)
    edits: int = 0
    unsent: bool = False
    extra: dict = field(default_factory=dict)
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)

    @classmethod
    def load(cls, values):
        media = [Media(**each) for each in values.pop("media")]
        return cls(media=media, **values)


@dataclass
class Content:
    """A message template at Twilio, in one language.

    `types` maps each content type to its fields. `approval` is empty until it is
    submitted to WhatsApp, then `{name, category, status, rejection_reason}`.
    """

    sid: str
    account_sid: str
    language: str
    types: dict
    friendly_name: str = ""
    variables: dict = field(default_factory=dict)
    approval: dict = field(default_factory=dict)
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)

    @property
    def status(self):
        return self.approval.get("status", "unsubmitted")


@dataclass
class Service:
    """A Messaging Service of Twilio: a pool of lines with a webhook of its own.

    `keywords` are those of Advanced Opt-Out, beside the usual ones, by STOP, START and
    HELP.
    """

    sid: str
    account_sid: str
    name: str = ""
    inbound_url: str = ""
    status_callback_url: str = ""
    use_inbound_webhook_on_number: bool = False
    line_sids: list = field(default_factory=list)
    advanced_opt_out: bool = False
    keywords: dict = field(default_factory=dict)
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)


@dataclass
class Conversation:
    """The state between one customer and one line."""

    line_sid: str
    customer_id: str
    window: str = "auto"
    last_inbound_at: float = 0.0
    opted_out: bool = False
    # Until then WhatsApp shows that the shop is typing.
    typing_until: float = 0.0

    def is_open(self, now=None):
        if self.window != "auto":
            return self.window == "open"
        return (now or time.time()) < self.last_inbound_at + WINDOW_SECONDS

    def is_open_for_people(self):
        """Tell whether Meta accepts an answer by a person: within seven days."""
        if self.window != "auto":
            return self.window in ("open", "agent")
        return time.time() < self.last_inbound_at + AGENT_SECONDS


def as_json(thing):
    return asdict(thing)


def is_phone(text):
    return bool(re.fullmatch(r"\+[1-9]\d{6,14}", text))


def is_bsuid(text):
    return bool(re.fullmatch(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}", text))


def shown_number(text):
    """Return a phone number as people write it: +34 600 10 01 01."""
    try:
        number = phonenumbers.parse(text or "", None)
    except phonenumbers.NumberParseException:
        return text or ""
    return phonenumbers.format_number(
        number, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )

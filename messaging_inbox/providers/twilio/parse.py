"""What Twilio posts to the webhook, as events.

Twilio posts one message or one change of status a request, as a form, and adds
fields without notice: we read the fields that we know and leave the others alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidPayload
from ..events import (
    ChannelRef,
    MediaRef,
    MessageReceived,
    StatusChanged,
    WebhookRequest,
)
from ..text import clean
from .codes import MAX_DETAIL, meaning

Form = Mapping[str, str]

INBOUND_STATUSES = ("received", "receiving")
# "partially delivered" promises no more than that it left.
STATUSES = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "sending": "sending",
    "sent": "sent",
    "partially_delivered": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
    "canceled": "failed",
}
OPT_OUT_WORDS = frozenset(
    ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT")
)
OPT_IN_WORDS = frozenset(("START", "YES", "UNSTOP"))
VCARD_TYPES = ("text/vcard", "text/x-vcard", "text/directory")
TEXT_TYPES = ("text", "button", "interactive", "list")
REFERRAL_FIELDS = {
    "body": "ReferralBody",
    "headline": "ReferralHeadline",
    "source_id": "ReferralSourceId",
    "source_type": "ReferralSourceType",
    "source_url": "ReferralSourceUrl",
    "media_url": "ReferralMediaUrl",
    "media_content_type": "ReferralMediaContentType",
    "click_id": "ReferralCtwaClid",
}
MAX_ID = 128
MAX_MEDIA = 50


def read_form(request: WebhookRequest) -> dict[str, str]:
    """Return the posted fields, cleaned; the first one counts where a name repeats."""
    pairs = request.query if request.method == "GET" else request.form
    if not pairs:
        raise InvalidPayload("Twilio sent no form, so there is nothing to read.")
    return {name: clean(value) for name, value in reversed(pairs)}


def is_status(form: Form) -> bool:
    """Tell a status callback from a customer's message."""
    word = _status_word(form)
    return bool(word) and word not in INBOUND_STATUSES


def status_changed(form: Form, reference: str) -> StatusChanged:
    """Return how a message of ours moved on."""
    word = _status_word(form)
    if word not in STATUSES:
        raise InvalidPayload(f"Twilio sent a status that we don't know: {word[:40]}.")
    status = STATUSES[word]
    failed = status == "failed"
    code = form.get("ErrorCode", "").strip()[:MAX_ID] if failed else ""
    return StatusChanged(
        channel=_channel(form, "From"),
        message_id=_message_id(form),
        status=status,
        reference=reference[:MAX_ID],
        error_code=code,
        error_detail=_error_detail(form) if failed else "",
        reason=meaning(code).reason.value if failed else "",
    )


def message_received(form: Form) -> MessageReceived:
    """Return what a customer wrote."""
    channel = _channel(form, "To")
    media = _media(form)
    kind = _kind(form, channel, media)
    return MessageReceived(
        channel=channel,
        message_id=_message_id(form),
        external_ids=_customer_ids(form),
        kind=kind,
        name=form.get("ProfileName", "").strip(),
        text=form.get("Body") or _choice(form)["title"],
        media=media,
        data=_data(form, kind),
        reply_to=form.get("OriginalRepliedMessageSid", "")[:MAX_ID],
        opt=_opt(form, channel),
    )


def _status_word(form: Form) -> str:
    word = form.get("MessageStatus") or form.get("SmsStatus") or ""
    return word.strip().lower()


def _message_id(form: Form) -> str:
    message_id = form.get("MessageSid", "").strip()
    if not message_id:
        raise InvalidPayload("Twilio sent no MessageSid, so this isn't a message.")
    if len(message_id) > MAX_ID:
        raise InvalidPayload("Twilio sent a MessageSid that is far too long.")
    return message_id


def _address(form: Form, field: str) -> tuple[str, str]:
    """Return the kind and the bare address that a field holds."""
    scheme, colon, rest = form.get(field, "").strip().partition(":")
    kind, address = (scheme.lower(), rest.strip()) if colon else ("sms", scheme)
    if not address:
        raise InvalidPayload(f"Twilio sent no {field}, so we can't tell who is meant.")
    if kind not in ("whatsapp", "sms"):
        raise InvalidPayload(f"Only WhatsApp and SMS are read here, not {kind[:40]}.")
    if len(address) > MAX_ID:
        raise InvalidPayload(f"Twilio sent an address in {field} that is too long.")
    return kind, address


def _channel(form: Form, field: str) -> ChannelRef:
    return ChannelRef(*_address(form, field))


def _customer_ids(form: Form) -> tuple[str, ...]:
    """Return the customer's phone number, if Twilio says it, then the other ids."""
    _kind, sender = _address(form, "From")
    user_id = form.get("ExternalUserId", "").strip()
    found = [sender, user_id.partition(":")[2] or user_id]
    if not sender.startswith("+"):
        found.insert(0, _phone_of(form))
    return tuple(dict.fromkeys(item for item in found if 0 < len(item) <= MAX_ID))


def _phone_of(form: Form) -> str:
    digits = form.get("WaId", "").strip()
    return f"+{digits}" if digits.isascii() and digits.isdecimal() else ""


def _media(form: Form) -> tuple[MediaRef, ...]:
    return tuple(_media_ref(form, index) for index in range(_media_count(form)))


def _media_count(form: Form) -> int:
    number = form.get("NumMedia", "").strip() or "0"
    if not (number.isascii() and number.isdecimal() and len(number) < 4):
        raise InvalidPayload(f"Twilio sent a NumMedia that is no number: {number[:40]}")
    if int(number) > MAX_MEDIA:
        raise InvalidPayload(f"Twilio sent more files than we take: {number}.")
    return int(number)


def _media_ref(form: Form, index: int) -> MediaRef:
    url = form.get(f"MediaUrl{index}", "").strip()
    if not url:
        raise InvalidPayload(f"Twilio announced a file but sent no MediaUrl{index}.")
    return MediaRef(url=url, content_type=form.get(f"MediaContentType{index}", ""))


def _kind(form: Form, channel: ChannelRef, media: tuple[MediaRef, ...]) -> str:
    if any(_choice(form).values()):
        return "reply_choice"
    if _is_location(form):
        return "location"
    if media:
        # Files of several types: the first names the message, each shows by its own.
        return _media_kind(media[0].content_type, form, channel)
    return "text" if _is_text(form, channel) else "unsupported"


def _media_kind(content_type: str, form: Form, channel: ChannelRef) -> str:
    content_type = content_type.partition(";")[0].strip().lower()
    if content_type in VCARD_TYPES:
        return "contact"
    if _message_type(form) == "sticker":
        return "sticker"
    # WhatsApp knows WebP for stickers alone.
    if channel.kind == "whatsapp" and content_type == "image/webp":
        return "sticker"
    family = content_type.partition("/")[0]
    return family if family in ("image", "audio", "video") else "document"


def _message_type(form: Form) -> str:
    return form.get("MessageType", "").strip().lower()


def _is_text(form: Form, channel: ChannelRef) -> bool:
    message_type = _message_type(form)
    if not message_type:
        # An SMS says no type and may be empty; on WhatsApp, nothing is a riddle.
        return channel.kind == "sms" or bool(form.get("Body"))
    return message_type == "text" or (
        message_type in TEXT_TYPES and bool(form.get("Body"))
    )


def _is_location(form: Form) -> bool:
    return bool(form.get("Latitude") and form.get("Longitude"))


def _choice(form: Form) -> dict[str, str]:
    """Return the payload and the title of the button or list row that was tapped."""
    return {
        "payload": form.get("ButtonPayload") or form.get("ListId") or "",
        "title": form.get("ButtonText") or form.get("ListTitle") or "",
    }


def _data(form: Form, kind: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if kind == "reply_choice":
        data.update(_choice(form))
    if kind == "location":
        data.update(_location(form))
    if kind == "unsupported":
        data["original_type"] = _message_type(form)[:MAX_ID]
    if _is_true(form, "Forwarded") or _is_true(form, "FrequentlyForwarded"):
        data["forwarded"] = True
    if referral := _referral(form):
        data["referral"] = referral
    return data


def _is_true(form: Form, field: str) -> bool:
    return form.get(field, "").strip().lower() == "true"


def _location(form: Form) -> dict[str, Any]:
    return {
        "latitude": _degrees(form, "Latitude", 90),
        "longitude": _degrees(form, "Longitude", 180),
        "label": form.get("Label", ""),
        "address": form.get("Address", ""),
    }


def _degrees(form: Form, field: str, limit: int) -> float:
    try:
        degrees = float(form[field])
    except ValueError:
        degrees = math.nan
    if not abs(degrees) <= limit:
        raise InvalidPayload(f"Twilio sent a {field} that is no place on earth.")
    return degrees


def _referral(form: Form) -> dict[str, str]:
    """Return the advertisement that the customer came from."""
    found = {key: form.get(field, "") for key, field in REFERRAL_FIELDS.items()}
    # The addresses are shown as links: only what a browser may open safely.
    return {
        key: value
        for key, value in found.items()
        if value and (not key.endswith("_url") or value.startswith(_WEB))
    }


_WEB = ("https://", "http://")


def _opt(form: Form, channel: ChannelRef) -> str:
    """Return "out" or "in" for words that close or open what we may send."""
    word = form.get("OptOutType", "").strip().upper()
    if not word and channel.kind == "sms":
        # Twilio's default handling obeys these words without telling us so.
        word = form.get("Body", "").strip().upper()
    if word in OPT_OUT_WORDS:
        return "out"
    return "in" if word in OPT_IN_WORDS else ""


def _error_detail(form: Form) -> str:
    words = form.get("ChannelStatusMessage") or form.get("ErrorMessage") or ""
    return words.strip()[:MAX_DETAIL]

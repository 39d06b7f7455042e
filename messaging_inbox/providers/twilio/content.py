"""The content of a customer's message: its kind, files and other data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidPayload
from ..events import ChannelRef, MediaRef
from ..keywords import keyword

Form = Mapping[str, str]

MAX_ID = 128
MAX_MEDIA = 50
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
WEB = ("https://", "http://")


def media_of(form: Form) -> tuple[MediaRef, ...]:
    """Return the files of a message."""
    return tuple(_media_ref(form, index) for index in range(_media_count(form)))


def _media_count(form: Form) -> int:
    number = form.get("NumMedia", "").strip() or "0"
    if not (number.isascii() and number.isdecimal() and len(number) < 4):
        raise InvalidPayload(f"Twilio sent a NumMedia that is no number: {number[:40]}")
    if int(number) > MAX_MEDIA:
        raise InvalidPayload(f"Twilio sent too many files: {number}.")
    return int(number)


def _media_ref(form: Form, index: int) -> MediaRef:
    url = form.get(f"MediaUrl{index}", "").strip()
    if not url:
        raise InvalidPayload(f"Twilio announced a file but sent no MediaUrl{index}.")
    return MediaRef(url=url, content_type=form.get(f"MediaContentType{index}", ""))


def kind_of(form: Form, channel: ChannelRef, media: tuple[MediaRef, ...]) -> str:
    """Return the kind of a message, "unsupported" for an unknown one."""
    if any(_choice(form).values()):
        return "reply_choice"
    if _is_location(form):
        return "location"
    if media:
        # Of files of several types the first one gives the kind; each shows by its own.
        return _media_kind(media[0].content_type, form, channel)
    return "text" if _is_text(form, channel) else "unsupported"


def _media_kind(content_type: str, form: Form, channel: ChannelRef) -> str:
    content_type = content_type.partition(";")[0].strip().lower()
    if content_type in VCARD_TYPES:
        return "contact"
    if _message_type(form) == "sticker":
        return "sticker"
    # WhatsApp uses WebP only for stickers.
    if channel.kind == "whatsapp" and content_type == "image/webp":
        return "sticker"
    family = content_type.partition("/")[0]
    return family if family in ("image", "audio", "video") else "document"


def _message_type(form: Form) -> str:
    return form.get("MessageType", "").strip().lower()


def _is_text(form: Form, channel: ChannelRef) -> bool:
    message_type = _message_type(form)
    if not message_type:
        # An SMS has no type and may be empty; an empty WhatsApp message is unknown.
        return channel.kind == "sms" or bool(form.get("Body"))
    return message_type == "text" or (
        message_type in TEXT_TYPES and bool(form.get("Body"))
    )


def _is_location(form: Form) -> bool:
    return bool(form.get("Latitude") and form.get("Longitude"))


def text_of(form: Form) -> str:
    """Return the text of a message, or the title of the tapped button."""
    return form.get("Body") or _choice(form)["title"]


def _choice(form: Form) -> dict[str, str]:
    """Return payload and title of the tapped button or list row."""
    return {
        "payload": form.get("ButtonPayload") or form.get("ListId") or "",
        "title": form.get("ButtonText") or form.get("ListTitle") or "",
    }


def data_of(form: Form, kind: str) -> dict[str, Any]:
    """Return the kind's data beyond text and files, and the message's origin."""
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
        raise InvalidPayload(f"Twilio sent a {field} that is out of range.")
    return degrees


def _referral(form: Form) -> dict[str, str]:
    """Return the advertisement that led the customer here."""
    found = {key: form.get(field, "") for key, field in REFERRAL_FIELDS.items()}
    # The addresses are shown as links, so only those that are safe to open stay.
    return {
        key: value
        for key, value in found.items()
        if value and (not key.endswith("_url") or value.startswith(WEB))
    }


def opt_of(form: Form) -> str:
    """Return "out" or "in" if the customer opts out or in, else an empty string.

    Only a whole message counts as a keyword. Twilio obeys keywords for SMS without
    reporting it. On WhatsApp it ignores them, but customers use them too. A button
    called "Cancel" or "Yes" means something else.
    """
    typed = "" if any(_choice(form).values()) else form.get("Body", "")
    said = form.get("OptOutType", "").strip() or typed
    return keyword(said)

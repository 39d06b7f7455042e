"""Turn a draft of the control API into a customer's messages."""

import base64
import binascii
import mimetypes

from . import cards, providers
from .errors import Refused
from .model import Media, Message
from .spelling import other_spelling

WORDS = {
    "line",
    "body",
    "media",
    "location",
    "contact",
    "choice",
    "reply_to",
    "forwarded",
    "fields",
    "standby",
    "spelling",
    "story",
    "wait",
}
CHOICES = ("button", "list", "postback")
DEFAULT_TYPE = "application/octet-stream"


def compose(phone, customer, draft, files=()):
    """Return one message; on WhatsApp one per file, with the rest on the first."""
    line = _line(phone, customer, draft)
    _check(draft)
    media = [read_media(phone, each) for each in draft.get("media") or ()]
    media += [phone.store.write_media(each, content) for each, content in files]
    if draft.get("contact"):
        media.append(_card(phone, draft["contact"]))
    _check_not_empty(draft, media)
    groups = [[each] for each in media] if line.kind == "whatsapp" else [media]
    parts = groups or [[]]
    return [
        _message(phone, line, customer, draft, part, number)
        for number, part in enumerate(parts)
    ]


def _line(phone, customer, draft):
    if not draft.get("line"):
        raise Refused("`line` must name the number that the customer writes to.")
    line = phone.store.line(draft["line"])
    if line.kind == "sms" and not customer.phone:
        raise Refused(f"{customer.name} has no phone number and cannot send an SMS.")
    is_known = customer.whatsapp == "on" and (customer.phone or customer.bsuid)
    if line.kind == "whatsapp" and not is_known:
        raise Refused(f"{customer.name} is not on WhatsApp.")
    return line


def _check(draft):
    unknown = set(draft) - WORDS
    if unknown:
        raise Refused(f"Unknown word in the message: {', '.join(sorted(unknown))}.")
    for name in ("body", "reply_to"):
        if not isinstance(draft.get(name) or "", str):
            raise Refused(f"`{name}` must be text.")
    for name in ("location", "contact", "choice", "fields"):
        if not isinstance(draft.get(name) or {}, dict):
            raise Refused(f"`{name}` must be an object.")
    _check_encodable(draft)


def _check_encodable(draft):
    try:
        str(draft.get("body", "")).encode()
    except UnicodeEncodeError:
        raise Refused("The text holds a lone surrogate; no phone can send that.") from (
            None
        )


def _check_not_empty(draft, media):
    said = ("body", "location", "choice", "fields", "story")
    if not media and not any(draft.get(word) for word in said):
        raise Refused("There is nothing to send.")


def read_media(phone, values):
    try:
        content = base64.b64decode(values["data"], validate=True)
        name = values.get("filename", "")
        media = Media(_type(values.get("content_type"), name), name)
    except (KeyError, TypeError, AttributeError, binascii.Error, ValueError):
        raise Refused(
            "A file must be {filename, content_type, data}, with data in base64."
        ) from None
    media.voice = bool(values.get("voice"))
    return phone.store.write_media(media, content)


def uploaded(filename, content_type, voice=False):
    return Media(_type(content_type, filename), filename or "", voice=voice)


def _type(content_type, filename):
    guess = mimetypes.guess_type(filename or "")[0]
    given = (content_type or "").split(";")[0].strip()
    return given or guess or DEFAULT_TYPE


def _card(phone, contact):
    media = Media(cards.TYPE, f"{contact.get('name') or 'contact'}.vcf")
    return phone.store.write_media(media, cards.write(contact))


def _message(phone, line, customer, draft, media, number):
    choice = draft.get("choice")
    first = number == 0
    return Message(
        sid=providers.of_line(phone, line).message_sid(line, bool(media)),
        line_sid=line.sid,
        customer_id=customer.id,
        direction="inbound",
        status="sending",
        body=_text(draft, choice) if first else "",
        media=media,
        location=read_location(draft.get("location")) if first else None,
        contact=cards.found_in(phone, media),
        choice=read_choice(choice) if first else None,
        reply_to=(draft.get("reply_to") or "") if first else "",
        forwarded=bool(draft.get("forwarded")),
        fields=draft.get("fields") or {},
        extra={**_address(line, customer, draft), **_extra(draft)},
    )


def _extra(draft):
    return {word: draft[word] for word in ("standby", "story") if draft.get(word)}


def _address(line, customer, draft):
    """Return the number as WhatsApp writes it, if in the other spelling."""
    spelling = draft.get("spelling") or customer.spelling
    if line.kind != "whatsapp" or spelling == "same":
        return {}
    address = other_spelling(customer.phone)
    if not address or spelling != "other":
        raise Refused("`spelling` must be same, or other for a number that has one.")
    return {"address": address}


def _text(draft, choice):
    """Return the text; a tap on a button shows its label."""
    return draft.get("body") or (choice or {}).get("text", "")


def read_choice(values):
    if not values:
        return None
    if values.get("type") not in CHOICES or not values.get("text"):
        raise Refused("A choice must be {type: button, list or postback, text, id}.")
    return {name: str(values.get(name) or "") for name in ("type", "text", "id")}


def read_location(values):
    if not values:
        return None
    try:
        place = {name: float(values[name]) for name in ("latitude", "longitude")}
    except (KeyError, TypeError, ValueError):
        raise Refused("A location needs a latitude and a longitude.") from None
    names = ("label", "address")
    return {**place, **{name: str(values.get(name) or "") for name in names}}

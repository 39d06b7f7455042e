"""Reads the content of a message: text, files and additional data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from ..events import MediaRef
from ..values import items, link, mapping, text
from .cards import appointment_of, elements_of, place_of, products_of
from .files import is_file_of_meta, name_of

MAX_TYPE = 64
MAX_ATTACHMENTS = 50
FILE_KINDS = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "file": "document",
    "sticker": "sticker",
}
# The type alone is the content.
CONTENTLESS = frozenset(("like_heart",))
SHARED = frozenset(("fallback", "share", "post", "ig_post", "reel", "ig_reel"))
REFERRAL_FIELDS = ("ref", "source", "type", "ad_id", "referer_uri")
ADVERTISEMENT_FIELDS = ("ad_title", "photo_url", "video_url", "post_id", "product_id")


class Attachment(NamedTuple):
    """An attachment as received from Meta."""

    type: str
    url: str
    title: str
    payload: Mapping[str, Any]


class Part(NamedTuple):
    """An attachment in our terms."""

    kind: str
    media: tuple[MediaRef, ...] = ()
    text: str = ""
    data: Mapping[str, Any] = {}


def content_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return kind, text, media and data of a message."""
    words = text(message.get("text"))
    parts = _parts(message, words)
    data = _data(parts)
    choice = mapping(message.get("quick_reply"))
    if choice:
        data.update(title=words, payload=text(choice.get("payload")))
    data.update(context_of(message))
    return {
        "kind": "reply_choice" if choice else _kind(parts, words),
        "text": words or "\n".join(part.text for part in parts if part.text),
        "media": tuple(media for part in parts for media in part.media),
        "data": data,
    }


def _data(parts: list[Part]) -> dict[str, Any]:
    """Return the merged data of the parts; lists are concatenated."""
    data: dict[str, Any] = {}
    for part in parts:
        for key, value in part.data.items():
            is_list = isinstance(value, list)
            data[key] = [*data.get(key, ()), *value] if is_list else value
    return data


def context_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the story that a message replies to, and the customer's referral."""
    data: dict[str, Any] = {}
    story = mapping(mapping(message.get("reply_to")).get("story"))
    if story:
        data["reply_to_story"] = _story(story)
    referral = referral_of(mapping(message.get("referral")))
    if referral:
        data["referral"] = referral
    return data


def referral_of(referral: Mapping[str, Any]) -> dict[str, str]:
    """Return the link or advertisement that brought the customer."""
    about = mapping(referral.get("ads_context_data"))
    product = mapping(referral.get("product")).get("id")
    found = {name: referral.get(name) for name in REFERRAL_FIELDS}
    found.update((name, about.get(name)) for name in ADVERTISEMENT_FIELDS)
    found["product_id"] = found["product_id"] or product
    # Addresses become links: keep only those that are safe to open.
    clean = {
        name: link(value) if name.endswith(("_url", "_uri")) else text(value)
        for name, value in found.items()
    }
    return {name: value for name, value in clean.items() if value}


def _story(story: Mapping[str, Any]) -> dict[str, str]:
    return {"id": text(story.get("id")), "url": link(story.get("url"))}


def _kind(parts: list[Part], words: str) -> str:
    """Return the first kind that is more specific than "text"."""
    kinds = [part.kind for part in parts if part.kind != "text"]
    if not kinds:
        return "text" if words or parts else "unsupported"
    return next((kind for kind in kinds if kind != "unsupported"), kinds[0])


def _parts(message: Mapping[str, Any], words: str) -> list[Part]:
    """Return the parts without repetitions, and without empty ones beside content."""
    if message.get("is_unsupported") is True:
        return [Part("unsupported")]
    values = items(message.get("attachments"))[:MAX_ATTACHMENTS]
    attachments = [_attachment(mapping(value)) for value in values]
    full = [attachment for attachment in attachments if not _is_empty(attachment)]
    parts = full if words or full else attachments
    return _once(map(_part, parts))


def _is_empty(attachment: Attachment) -> bool:
    """Return whether an attachment has no content; an unknown type counts as some."""
    has_content = attachment.url or attachment.title or any(attachment.payload.values())
    return not has_content and attachment.type in ("", *READERS.keys() - CONTENTLESS)


def _once(parts: Iterable[Part]) -> list[Part]:
    """Drop repetitions: Meta lists stickers as pictures, too, and some files twice."""
    found: dict[Any, Part] = {}
    for part in parts:
        key = tuple(media.url for media in part.media) or repr(part)
        if key not in found or part.kind == "sticker":
            found[key] = part
    return list(found.values())


def _attachment(value: Mapping[str, Any]) -> Attachment:
    """Return an attachment; older ones have URL and title outside the payload."""
    payload = mapping(value.get("payload"))
    return Attachment(
        type=text(value.get("type")).strip().lower(),
        url=text(payload.get("url")) or text(value.get("url")),
        title=text(payload.get("title")) or text(value.get("title")),
        payload=payload,
    )


def _part(attachment: Attachment) -> Part:
    read = READERS.get(attachment.type)
    part = read(attachment) if read else None
    return part or _unsupported(attachment)


def _unsupported(attachment: Attachment) -> Part:
    return Part("unsupported", data={"original_type": attachment.type[:MAX_TYPE]})


def _file(attachment: Attachment) -> Part | None:
    if not attachment.url:
        return None
    # Until August 2026, stickers were pictures with an id.
    is_sticker = attachment.payload.get("sticker_id")
    kind = "sticker" if is_sticker else FILE_KINDS[attachment.type]
    filename = name_of(attachment.url) if kind == "document" else ""
    return Part(kind, (MediaRef(attachment.url, filename=filename),))


def _story_mention(attachment: Attachment) -> Part | None:
    if not attachment.url:
        return None
    media = (MediaRef(attachment.url),)
    return Part("image", media, data={"story_mention": True})


def _shared_story(attachment: Attachment) -> Part | None:
    """Return a story that the customer shared, which expires after a day."""
    url = text(attachment.payload.get("story_media_url")) or attachment.url
    if not is_file_of_meta(url):
        return _share(attachment._replace(url=url))
    return Part("image", (MediaRef(url),), data={"shared_story": True})


def _share(attachment: Attachment) -> Part | None:
    """Return a shared post, reel or page: its file if Meta sends it, else a link."""
    url, title = attachment.url, attachment.title
    if is_file_of_meta(url):
        kind = "video" if attachment.type.endswith("reel") else "image"
        share = {"url": "", "title": title}
        return Part(kind, (MediaRef(url),), title, {"shares": [share]})
    share = {"url": link(url), "title": title}
    words = title or share["url"]
    return Part("text", text=words, data={"shares": [share]}) if words else None


def _location(attachment: Attachment) -> Part | None:
    place = place_of(attachment.payload, attachment.url)
    if not place:
        return None
    card = next(iter(elements_of(attachment.payload)), {})
    data = {
        "latitude": place[0],
        "longitude": place[1],
        "label": attachment.title or text(card.get("title")),
        "address": text(card.get("subtitle")),
    }
    return Part("location", data=data)


def _template(attachment: Attachment) -> Part | None:
    """Return a location, products, or the text of another program's card."""
    return _location(attachment) or _products(attachment) or _card(attachment)


def _products(attachment: Attachment) -> Part | None:
    products = products_of(attachment.payload)
    if not products:
        return None
    pictures = [product.pop("image_url", "") for product in products]
    return Part(
        "text",
        tuple(MediaRef(url) for url in pictures if is_file_of_meta(url)),
        "\n".join(filter(None, (product.get("title") for product in products))),
        {"products": products},
    )


def _card(attachment: Attachment) -> Part | None:
    payload = attachment.payload
    cards = [payload, *elements_of(payload)]
    lines = [
        text(card.get(key)) for card in cards for key in ("title", "subtitle", "text")
    ]
    buttons = items(payload.get("buttons"))
    lines += [text(mapping(button).get("title")) for button in buttons]
    words = "\n".join(filter(None, lines))
    return Part("text", text=words) if words else None


def _appointment(attachment: Attachment) -> Part | None:
    """Return a booking with its time as text; the client translates its status."""
    appointment = appointment_of(attachment.payload)
    if not appointment:
        return None
    when = appointment.get("when", "")
    return Part("text", text=when, data={"appointment": appointment})


def _heart(_attachment: Attachment) -> Part:
    return Part("text", text="❤️")


READERS: dict[str, Callable[[Attachment], Part | None]] = {
    **dict.fromkeys(FILE_KINDS, _file),
    **dict.fromkeys(SHARED, _share),
    "story_mention": _story_mention,
    "ig_story": _shared_story,
    "story": _shared_story,
    "appointment_booking": _appointment,
    "location": _location,
    "template": _template,
    "like_heart": _heart,
}

"""What a message holds: its words, its files, and all that goes with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..events import MediaRef
from .files import is_file_of_meta, name_of
from .values import items, link, mapping, text

MAX_TYPE = 64
MAX_ATTACHMENTS = 50
FILE_KINDS = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "file": "document",
    "sticker": "sticker",
}
SHARED = frozenset(("fallback", "share", "post", "ig_post", "reel", "ig_reel"))
REFERRAL_FIELDS = ("ref", "source", "type", "ad_id", "referer_uri")
ADVERTISEMENT_FIELDS = ("ad_title", "photo_url", "video_url", "post_id", "product_id")


class Attachment(NamedTuple):
    """One attachment as Meta wrote it."""

    type: str
    url: str
    title: str
    payload: Mapping[str, Any]


class Part(NamedTuple):
    """One attachment in our words."""

    kind: str
    media: MediaRef | None = None
    text: str = ""
    data: Mapping[str, Any] = {}


def content_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return kind, text, media and data of a message."""
    parts = _parts(message)
    data = {key: value for part in parts for key, value in part.data.items()}
    words = text(message.get("text"))
    choice = mapping(message.get("quick_reply"))
    if choice:
        data.update(title=words, payload=text(choice.get("payload")))
    data.update(context_of(message))
    return {
        "kind": "reply_choice" if choice else _kind(parts, words),
        "text": words or "\n".join(part.text for part in parts if part.text),
        "media": tuple(part.media for part in parts if part.media),
        "data": data,
    }


def context_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a message answers to, and where it came from."""
    data: dict[str, Any] = {}
    story = mapping(mapping(message.get("reply_to")).get("story"))
    if story:
        data["reply_to_story"] = _story(story)
    referral = referral_of(mapping(message.get("referral")))
    if referral:
        data["referral"] = referral
    return data


def referral_of(referral: Mapping[str, Any]) -> dict[str, str]:
    """Return the link or the advertisement that the customer came by."""
    about = mapping(referral.get("ads_context_data"))
    product = mapping(referral.get("product")).get("id")
    found = {name: referral.get(name) for name in REFERRAL_FIELDS}
    found.update((name, about.get(name)) for name in ADVERTISEMENT_FIELDS)
    found["product_id"] = found["product_id"] or product
    # The addresses are shown as links: only what a browser may open safely.
    clean = {
        name: link(value) if name.endswith(("_url", "_uri")) else text(value)
        for name, value in found.items()
    }
    return {name: value for name, value in clean.items() if value}


def _story(story: Mapping[str, Any]) -> dict[str, str]:
    return {"id": text(story.get("id")), "url": link(story.get("url"))}


def _kind(parts: list[Part], words: str) -> str:
    """Return the first kind that says more than "text"."""
    kinds = [part.kind for part in parts if part.kind != "text"]
    if not kinds:
        return "text" if words or parts else "unsupported"
    return next((kind for kind in kinds if kind != "unsupported"), kinds[0])


def _parts(message: Mapping[str, Any]) -> list[Part]:
    if message.get("is_unsupported") is True:
        return [Part("unsupported")]
    attachments = items(message.get("attachments"))[:MAX_ATTACHMENTS]
    return [_part(_attachment(mapping(value))) for value in attachments]


def _attachment(value: Mapping[str, Any]) -> Attachment:
    """Return an attachment; older ones have address and title beside the payload."""
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
    # Until August 2026, a sticker was a picture with an id.
    is_sticker = attachment.payload.get("sticker_id")
    kind = "sticker" if is_sticker else FILE_KINDS[attachment.type]
    filename = name_of(attachment.url) if kind == "document" else ""
    return Part(kind, MediaRef(attachment.url, filename=filename))


def _story_mention(attachment: Attachment) -> Part | None:
    if not attachment.url:
        return None
    return Part("image", MediaRef(attachment.url), data={"story_mention": True})


def _share(attachment: Attachment) -> Part | None:
    """Return a post, a reel or a page: its file where Meta sends it, else a link."""
    url, title = attachment.url, attachment.title
    if is_file_of_meta(url):
        kind = "video" if attachment.type.endswith("reel") else "image"
        return Part(kind, MediaRef(url), title, {"share": {"url": "", "title": title}})
    share = {"url": link(url), "title": title}
    words = title or share["url"]
    return Part("text", text=words, data={"share": share}) if words else None


def _location(attachment: Attachment) -> Part | None:
    coordinates = mapping(attachment.payload.get("coordinates"))
    latitude, longitude = coordinates.get("lat"), coordinates.get("long")
    if not (_is_within(latitude, 90) and _is_within(longitude, 180)):
        return None
    place = {"latitude": float(latitude), "longitude": float(longitude)}
    return Part("location", data={**place, "label": attachment.title, "address": ""})


def _is_within(degrees: Any, limit: int) -> bool:
    return isinstance(degrees, (int, float)) and abs(degrees) <= limit


def _template(attachment: Attachment) -> Part | None:
    """Return the words of a card, as other programs of the Page send them."""
    payload = attachment.payload
    cards = [payload, *map(mapping, items(payload.get("elements")))]
    lines = [text(card.get(key)) for card in cards for key in ("title", "text")]
    buttons = items(payload.get("buttons"))
    lines += [text(mapping(button).get("title")) for button in buttons]
    words = "\n".join(filter(None, lines))
    return Part("text", text=words) if words else None


def _heart(_attachment: Attachment) -> Part:
    return Part("text", text="❤️")


READERS: dict[str, Callable[[Attachment], Part | None]] = {
    **dict.fromkeys(FILE_KINDS, _file),
    **dict.fromkeys(SHARED, _share),
    "story_mention": _story_mention,
    "location": _location,
    "template": _template,
    "like_heart": _heart,
}

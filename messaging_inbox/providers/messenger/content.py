"""What a message holds: its words, its files, and all that goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..errors import InvalidPayload
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
HEART = "❤️"
REFERRAL_FIELDS = ("ref", "source", "type", "ad_id", "referer_uri")
ADVERTISEMENT_FIELDS = (
    *("ad_title", "photo_url", "video_url", "post_id", "product_id"),
)


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
    return [_part(mapping(attachment)) for attachment in attachments]


def _part(attachment: Mapping[str, Any]) -> Part:
    name = text(attachment.get("type")).strip().lower()
    payload = mapping(attachment.get("payload"))
    url = text(payload.get("url")) or text(attachment.get("url"))
    part = None
    if name in FILE_KINDS:
        part = _file(name, payload, url)
    elif name == "story_mention" and url:
        part = Part("image", MediaRef(url), data={"story_mention": True})
    elif name in SHARED:
        title = text(payload.get("title")) or text(attachment.get("title"))
        part = _share(name, url, title)
    elif name == "location":
        part = _location(payload, text(attachment.get("title")))
    elif name == "template":
        part = _template(payload)
    elif name == "like_heart":
        part = Part("text", text=HEART)
    return part or Part("unsupported", data={"original_type": name[:MAX_TYPE]})


def _file(name: str, payload: Mapping[str, Any], url: str) -> Part | None:
    if not url:
        return None
    # Until August 2026, a sticker was a picture with an id.
    kind = "sticker" if payload.get("sticker_id") else FILE_KINDS[name]
    filename = name_of(url) if name == "file" else ""
    return Part(kind, MediaRef(url, filename=filename))


def _share(name: str, url: str, title: str) -> Part | None:
    """Return a post, a reel or a page: its file where Meta sends it, else a link."""
    if is_file_of_meta(url):
        kind = "video" if name.endswith("reel") else "image"
        return Part(kind, MediaRef(url), title, {"share": {"url": "", "title": title}})
    share = {"url": link(url), "title": title}
    words = title or share["url"]
    return Part("text", text=words, data={"share": share}) if words else None


def _location(payload: Mapping[str, Any], label: str) -> Part | None:
    coordinates = mapping(payload.get("coordinates"))
    place = {
        "latitude": _degrees(coordinates.get("lat"), 90),
        "longitude": _degrees(coordinates.get("long"), 180),
        "label": label,
        "address": "",
    }
    return Part("location", data=place)


def _degrees(value: Any, limit: int) -> float:
    if not isinstance(value, (int, float)) or not abs(value) <= limit:
        raise InvalidPayload("Meta sent a location that is no place on earth.")
    return float(value)


def _template(payload: Mapping[str, Any]) -> Part | None:
    """Return the words of a card, as other programs of the Page send them."""
    cards = [payload, *map(mapping, items(payload.get("elements")))]
    lines = [text(card.get(key)) for card in cards for key in ("title", "text")]
    buttons = items(payload.get("buttons"))
    lines += [text(mapping(button).get("title")) for button in buttons]
    words = "\n".join(filter(None, lines))
    return Part("text", text=words) if words else None

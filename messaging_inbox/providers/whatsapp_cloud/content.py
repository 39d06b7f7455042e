"""Reads the content of a message by its type.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..events import MediaRef
from ..people import MAX_LENGTH, MAX_PEOPLE, MAX_VALUES, text_of_people
from ..text import clean, clean_name
from ..values import degrees, items, link, mapping, text
from .item import MAX_ID, Item

MAX_PRODUCTS = 100
FILES = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "document": "document",
    "sticker": "sticker",
}
# Our names of what Meta says about the advertisement, as for WhatsApp elsewhere.
REFERRAL_FIELDS = {
    "source_url": ("source_url",),
    "source_id": ("source_id",),
    "source_type": ("source_type",),
    "headline": ("headline",),
    "body": ("body",),
    "media_url": ("image_url", "video_url"),
    "click_id": ("ctwa_clid",),
}
CALL_WORDS = {"accept": "Calls allowed", "reject": "Calls not allowed"}
Content = dict[str, Any]


def content_of(item: Item) -> Content:
    """Return kind, text, media, data and reply_to of a message."""
    content = READERS.get(item.type, _unsupported)(item)
    data = {**content.get("data", {}), **_context(item)}
    usual = {"kind": "text", "text": "", "media": ()}
    reply_to = text(item.context.get("id"))
    return {**usual, **content, "data": data, "reply_to": reply_to}


def text_of(item: Item) -> str:
    """Return a message's text or caption alone."""
    return text(item.content.get("body")) or text(item.content.get("caption"))


def _text(item: Item) -> Content:
    return {"text": text(item.content.get("body"))}


def _file(item: Item) -> Content:
    """Return a file by its id, for which Meta gives an address for five minutes."""
    part = item.content
    content_type = text(part.get("mime_type"))
    media_id, name = text(part.get("id")), text(part.get("filename"))
    if not 0 < len(media_id) <= MAX_ID:
        return {**_unsupported(item), "text": text_of(item)}
    media = MediaRef(media_id, content_type, name)
    return {"kind": FILES[item.type], "text": text_of(item), "media": (media,)}


def _location(item: Item) -> Content:
    part = item.content
    latitude = degrees(part.get("latitude"), 90)
    longitude = degrees(part.get("longitude"), 180)
    name, address = text(part.get("name")), text(part.get("address"))
    if latitude is None or longitude is None:
        words = "\n".join(filter(None, (name, address)))
        return {**_unsupported(item), "text": words}
    data: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
    data.update({"label": name} if name else {})
    data.update({"address": address} if address else {})
    url = link(part.get("url"))
    if url:
        data["shares"] = [{"url": url, "title": name or url}]
    return {"kind": "location", "data": data}


def _contacts(item: Item) -> Content:
    cards = items(item.value.get("contacts"))
    people = list(filter(None, map(_person, map(mapping, cards[:MAX_PEOPLE]))))
    if not people:
        return _unsupported(item)
    about = {"contacts": people, "contact_count": len(cards), "contact_text": True}
    return {"kind": "contact", "text": text_of_people(people), "data": about}


def _person(card: Mapping[str, Any]) -> dict[str, Any]:
    """Return a person as contact cards have them, empty without a name."""
    name, work = mapping(card.get("name")), mapping(card.get("org"))
    parts = (name.get("first_name"), name.get("middle_name"), name.get("last_name"))
    whole = " ".join(filter(None, map(text, parts)))
    organization = clean_name(text(work.get("company")))
    phones = _entries(card.get("phones"), "phone")
    emails = _entries(card.get("emails"), "email")
    names = (clean_name(text(name.get("formatted_name"))), clean_name(whole))
    values = [each["value"] for each in (*phones, *emails)]
    shown = next(filter(None, (*names, organization, *values)), "")
    return shown and {
        "name": shown,
        "organization": organization,
        "title": _line(work.get("title")),
        "phones": phones,
        "emails": emails,
        "addresses": list(map(_address, _some(card.get("addresses")))),
    }


def _entries(values: Any, name: str) -> list[dict[str, str]]:
    entries = [
        {"value": _line(value.get(name)), "label": _line(value.get("type"))}
        for value in _some(values)
    ]
    return [entry for entry in entries if entry["value"]]


def _address(value: Mapping[str, Any]) -> dict[str, str]:
    found = {name: _line(value.get(name)) for name in ("street", "city", "zip")}
    country = _line(value.get("country")) or _line(value.get("country_code"))
    return {**found, "region": _line(value.get("state")), "country": country}


def _some(values: Any) -> list[dict[str, Any]]:
    return list(map(mapping, items(values)[:MAX_VALUES]))


def _line(value: Any) -> str:
    return " ".join(text(value).split())[:MAX_LENGTH]


def _button(item: Item) -> Content:
    part = item.content
    title, payload = text(part.get("text")), text(part.get("payload"))
    return _choice(title or payload, payload)


def _choice(title: str, payload: str) -> Content:
    data = {"title": title, "payload": payload}
    return {"kind": "reply_choice", "text": title, "data": data}


def _interactive(item: Item) -> Content:
    kind = text(item.content.get("type"))
    part = mapping(item.content.get(kind))
    reader = INTERACTIVE.get(kind)
    return reader(part) if reader and part else _unsupported(item)


def _chosen(part: Mapping[str, Any]) -> Content:
    """Return the button or the row of a list that the customer chose."""
    words = (text(part.get("title")), text(part.get("description")))
    payload = text(part.get("id"))
    return _choice("\n".join(filter(None, words)) or payload, payload)


def _flow(part: Mapping[str, Any]) -> Content:
    """Return what the customer entered in a form, one value per line."""
    answers = text(part.get("response_json"))
    try:
        found = json.loads(answers)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return {"text": answers or text(part.get("body"))}
    lines = [
        f"{name.replace('_', ' ')}: {_shown(value)}"
        for name, value in found.items()
        if name != "flow_token"
    ]
    return {"text": clean("\n".join(lines)) or text(part.get("body"))}


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _call_permission(part: Mapping[str, Any]) -> Content:
    answer = text(part.get("response"))
    return _choice(CALL_WORDS.get(answer, answer), answer)


def _order(item: Item) -> Content:
    lines = map(mapping, items(item.content.get("product_items"))[:MAX_PRODUCTS])
    data = {"products": list(map(_product, lines))}
    return {"text": text(item.content.get("text")), "data": data}


def _product(line: Mapping[str, Any]) -> dict[str, str]:
    retailer_id = text(line.get("product_retailer_id"))
    price = (_number(line.get("item_price")), text(line.get("currency")))
    quantity = _number(line.get("quantity"))
    return {
        "title": retailer_id,
        "subtitle": f"{quantity} ×" if quantity else "",
        "price": " ".join(filter(None, price)),
        "retailer_id": retailer_id,
    }


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else text(value)


def _unsupported(item: Item) -> Content:
    """Return what Meta says about a message that it, or we, can't show."""
    known = item.type != "unsupported"
    named = item.type if known else text(item.content.get("type"))[:MAX_ID]
    error = mapping(next(iter(items(item.value.get("errors"))), None))
    details = text(mapping(error.get("error_data")).get("details"))
    words = (details or text(error.get("title")))[:MAX_LENGTH]
    data = {"original_type": named, "explanation": words}
    shown = text(mapping(item.value.get("text")).get("body"))
    kept = {name: value for name, value in data.items() if value}
    return {"kind": "unsupported", "text": shown, "data": kept}


def _context(item: Item) -> Content:
    """Return what a message says beside its content: forwarded, from an ad."""
    data: Content = {}
    often = item.context.get("frequently_forwarded") is True
    if often or item.context.get("forwarded") is True:
        data["forwarded"] = True
    if often:
        data["forwarded_often"] = True
    referral = _referral(item)
    if referral:
        data["referral"] = referral
    return data


def _referral(item: Item) -> dict[str, str]:
    """Return the advertisement that led here, and the product that is asked about."""
    part = mapping(item.value.get("referral"))
    found = {}
    for name, fields in REFERRAL_FIELDS.items():
        # Addresses become links: keep only those that are safe to open.
        read: Callable[[Any], str] = link if name.endswith("_url") else text
        found[name] = next(filter(None, (read(part.get(f)) for f in fields)), "")
    product = mapping(item.context.get("referred_product"))
    found["product_id"] = text(product.get("product_retailer_id"))
    return {name: value for name, value in found.items() if value}


INTERACTIVE: dict[str, Callable[[Mapping[str, Any]], Content]] = {
    "button_reply": _chosen,
    "list_reply": _chosen,
    "nfm_reply": _flow,
    "call_permission_reply": _call_permission,
}
READERS: dict[str, Callable[[Item], Content]] = {
    "text": _text,
    **dict.fromkeys(FILES, _file),
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
}

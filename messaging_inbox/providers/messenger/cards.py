"""Reads the payload of a card: products, places and appointments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from ..values import degrees, items, link, mapping, moment, text

PRODUCT_FIELDS = ("id", "retailer_id", "title", "subtitle", "image_url")
WHEN = "%Y-%m-%d %H:%M"
LATITUDES = ("lat", "latitude")
LONGITUDES = ("long", "lng", "lon", "longitude")
# Meta's map links have the coordinates in these parameters, quoted once or twice.
POINT = re.compile(
    r"[?&](?:where1|markers|center|query|q|ll)=\s*"
    r"(-?\d{1,3}(?:\.\d+)?)\s*,[\s+]*(-?\d{1,3}(?:\.\d+)?)(?![\d.])"
)
MOST_QUOTED = 3

Payload = Mapping[str, Any]


def elements_of(payload: Payload) -> list[dict[str, Any]]:
    """Return the cards of a template; Instagram nests them under its name."""
    templates = (
        payload,
        mapping(payload.get("generic")),
        mapping(payload.get("product")),
    )
    return [
        mapping(element)
        for template in templates
        for element in items(template.get("elements"))
    ]


def products_of(payload: Payload) -> list[dict[str, str]]:
    """Return the products in a template of a Page's shop.

    https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messages
    """
    is_product = "product" in payload or text(payload.get("template_type")) == "product"
    return [
        product
        for element in elements_of(payload)
        if is_product or element.get("retailer_id")
        if (product := _product(element))
    ]


def _product(element: Payload) -> dict[str, str]:
    found = {name: text(element.get(name)) for name in PRODUCT_FIELDS}
    found["image_url"] = link(element.get("image_url"))
    price = (_number_text(element.get("price")), text(element.get("currency")))
    found["price"] = " ".join(filter(None, price))
    return {name: value for name, value in found.items() if value}


def _number_text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else text(value)


def place_of(payload: Payload, url: str) -> tuple[float, float] | None:
    """Return latitude and longitude of a location, None if it has no coordinates."""
    cards = [payload, *elements_of(payload)]
    for card in cards:
        point = mapping(card.get("coordinates")) or card
        place = _place(_first(point, LATITUDES), _first(point, LONGITUDES))
        if place:
            return place
    return next(filter(None, map(_place_of_link, _links(cards, url))), None)


def _first(point: Payload, names: tuple[str, ...]) -> Any:
    return next((point[name] for name in names if name in point), None)


def _place(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    place = degrees(latitude, 90), degrees(longitude, 180)
    return None if None in place else place


def _links(cards: list[Payload], url: str) -> Iterator[str]:
    yield url
    for card in cards:
        yield text(mapping(card.get("default_action")).get("url"))
        yield from (text(card.get(name)) for name in ("url", "item_url", "image_url"))


def _place_of_link(url: str) -> tuple[float, float] | None:
    for _ in range(MOST_QUOTED):
        url = unquote(url)
    point = POINT.search(url) if "map" in url else None
    return _place(*point.groups()) if point else None


def appointment_of(payload: Payload) -> dict[str, str]:
    """Return a booking's id, status and time, in the booking's own time zone."""
    found = {
        "booking_id": text(payload.get("booking_id")),
        "status": text(payload.get("status")).strip().lower(),
        "when": _when(payload),
    }
    return {name: value for name, value in found.items() if value}


def _when(payload: Payload) -> str:
    name = text(payload.get("timezone"))
    try:
        zone = ZoneInfo(name)
    except (OSError, ValueError):
        name, zone = "UTC", timezone.utc
    start, end = (_local(payload.get(key), zone) for key in ("start_time", "end_time"))
    if not start:
        return ""
    if not end:
        return f"{start:{WHEN}} ({name})"
    same_day = end.date() == start.date()
    return f"{start:{WHEN}} – {end:{'%H:%M' if same_day else WHEN}} ({name})"


def _local(value: Any, zone: Any) -> datetime | None:
    at = moment(value)
    try:
        return at and at.replace(tzinfo=timezone.utc).astimezone(zone)
    except OverflowError:
        return None

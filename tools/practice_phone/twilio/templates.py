"""A content sent as a message: what WhatsApp draws of it, and why it may fail."""

import re
from urllib.parse import urlsplit

from ..model import Media
from . import approval
from .content_types import PLACEHOLDER, names_in

BODY_LIMIT = 1024
# WhatsApp refuses these in the variables of an approved template.
CROOKED = re.compile(r"[\n\r\t]| {5,}")
REFUSED = {"rejected": 63040, "paused": 63041, "disabled": 63042}
# Without approval WhatsApp shows three buttons at most, and none but these.
MOST_PLAIN_BUTTONS = 3
PLAIN_BUTTONS = ("reply", "url")
ACTIONS = {
    "QUICK_REPLY": ("reply", "id"),
    "URL": ("url", "url"),
    "PHONE_NUMBER": ("phone", "phone"),
    "COPY_CODE": ("copy_code", "code"),
}
VIDEOS = ("mp4", "3gp")
IMAGES = ("jpg", "jpeg", "png", "webp")
# What an SMS can show of a content, the best first
TEXTUAL = ("twilio/media", "twilio/text")


def type_for(content, kind):
    """Return the content type for this kind of line, or empty text if there is none."""
    if kind == "whatsapp":
        return approval.shown_type(content)
    return next((name for name in TEXTUAL if name in content.types), "")


def draw(content, kind, given):
    """Return what the customer sees; as at Twilio, samples stand for unset variables.

    `{sid, type, header, body, footer, media_url, buttons, list, location}`; a button is
    `{kind, text, value, payload}`, `list` the word that opens its rows.
    """
    name = type_for(content, kind)
    values = _filled(content.types[name], {**content.variables, **given})
    body, header = values.get("body") or "", values.get("header_text") or ""
    if name == "twilio/card" and not body:
        body = values.get("title") or ""
    place = values if name == "twilio/location" else None
    return {
        "sid": content.sid,
        "type": name,
        "header": header,
        "body": body or values.get("label", ""),
        "footer": values.get("footer") or values.get("subtitle") or "",
        "media_url": (values.get("media") or [""])[0],
        "buttons": [_button(each) for each in values.get("actions") or ()]
        + [_row(each) for each in values.get("items") or ()],
        "list": values.get("button", ""),
        "location": place and _place(place),
        "approved": content.status == "approved",
    }


def _filled(node, values):
    if isinstance(node, str):
        return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), node)
    if isinstance(node, list):
        return [_filled(each, values) for each in node]
    if isinstance(node, dict):
        return {name: _filled(each, values) for name, each in node.items()}
    return node


def _button(action):
    kind, field = ACTIONS.get(action.get("type", "QUICK_REPLY"), ("other", ""))
    value = action.get(field) or ""
    is_reply = kind == "reply"
    return {
        "kind": kind,
        "text": action.get("title") or action.get("copy_code_text", ""),
        "value": "" if is_reply else value,
        "payload": value if is_reply else "",
    }


def _row(item):
    return {
        "kind": "item",
        "text": item["item"],
        "value": item.get("description") or "",
        "payload": item["id"],
    }


def _place(values):
    place = {name: float(values[name]) for name in ("latitude", "longitude")}
    return {**place, **{name: values.get(name) or "" for name in ("label", "address")}}


def media_of(drawn):
    url = drawn["media_url"]
    return [Media("", urlsplit(url).path.rsplit("/", 1)[-1], url=url)] if url else []


def failure(content, drawn, given, is_open):
    """Return (code, text) if WhatsApp does not carry the template, else None."""
    if content is None:
        return 63027, ""
    if content.status in REFUSED:
        return REFUSED[content.status], content.approval.get("rejection_reason", "")
    check = _failure_of_approved if content.status == "approved" else _failure_of_plain
    return check(content, drawn, given, is_open)


def _failure_of_approved(content, drawn, given, is_open):
    if set(given) - set(names_in(content.types)):
        return 63028, ""
    if any(CROOKED.search(value) for value in given.values()):
        return 63013, "A variable has a line break, a tab or more than four spaces."
    if len(drawn["body"]) > BODY_LIMIT:
        return 63021, f"The template's text exceeds {BODY_LIMIT} characters."
    return None


def _failure_of_plain(content, drawn, given, is_open):
    if not is_open:
        return 63016, ""
    if drawn["type"] in approval.APPROVED_ONLY or not _has_plain_buttons(drawn):
        return 63021, "WhatsApp does not take this template without approval."
    return None


def _has_plain_buttons(drawn):
    buttons = [each for each in drawn["buttons"] if each["kind"] != "item"]
    known = all(each["kind"] in PLAIN_BUTTONS for each in buttons)
    return known and len(buttons) <= MOST_PLAIN_BUTTONS


def media_failure(content, drawn, media):
    """Return (code, text) if the file isn't what the template was approved with."""
    if content.status != "approved" or not media:
        return None
    wanted = _kind_of_sample(content, drawn)
    main = media[0].content_type.split("/")[0]
    found = main if main in ("image", "video") else "document"
    if found != wanted:
        return 63021, f"The template was approved with a {wanted}, not a {found}."
    return None


def _kind_of_sample(content, drawn):
    sample = _filled(content.types[drawn["type"]]["media"][0], content.variables)
    return kind_of(sample)


def kind_of(url):
    ending = ending_of(url)
    if ending in IMAGES:
        return "image"
    return "video" if ending in VIDEOS else "document"


def ending_of(url):
    name = urlsplit(url).path.rsplit("/", 1)[-1]
    return name.rpartition(".")[2].lower() if "." in name else ""

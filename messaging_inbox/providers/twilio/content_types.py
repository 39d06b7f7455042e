"""The types of Twilio's contents, as the parts of a neutral template.

https://www.twilio.com/docs/content/content-types-overview
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..events import TemplateButton
from ..placeholders import plain
from ..text import clean

Values = Mapping[str, Any]

# A content may have several types; Twilio sends the last of these that it has.
RICHNESS = (
    *("twilio/text", "twilio/media", "twilio/location", "twilio/quick-reply"),
    *("twilio/call-to-action", "twilio/list-picker", "twilio/card"),
    *("twilio/carousel", "twilio/catalog", "twilio/flows"),
    *("whatsapp/flows", "whatsapp/card", "whatsapp/authentication"),
)
# WhatsApp doesn't approve these, so that they can't open a conversation.
ONLY_IN_WINDOW = ("twilio/list-picker", "twilio/location")
# WhatsApp refuses these without approval, even within the reply window.
ALWAYS_APPROVED = (
    *("twilio/card", "twilio/carousel", "twilio/flows"),
    *("whatsapp/card", "whatsapp/authentication"),
)
# Without approval, WhatsApp shows three buttons at most, and none but these.
MOST_PLAIN_BUTTONS = 3
PLAIN_BUTTONS = ("reply", "url", "item")

# WhatsApp has no templates with audio.
AUDIO = ("ogg", "oga", "opus", "amr", "aac", "mp3", "m4a")
KINDS_BY_ENDING = {
    **dict.fromkeys(AUDIO, "document"),
    **dict.fromkeys(("mp4", "3gp", "3gpp", "mov"), "video"),
    **dict.fromkeys(("pdf", "doc", "docx", "ppt", "pptx", "xls", "xlsx"), "document"),
    **dict.fromkeys(("txt", "csv", "vcf"), "document"),
}
ACTIONS = {
    "QUICK_REPLY": ("reply", "id"),
    "URL": ("url", "url"),
    "PHONE_NUMBER": ("phone", "phone"),
    "COPY_CODE": ("copy_code", "code"),
}
Buttons = tuple[TemplateButton, ...]


@dataclass(frozen=True)
class Parts:
    """What a customer sees of a content, named as in :class:`events.Template`."""

    body: str = ""
    header: str = ""
    footer: str = ""
    media_url: str = ""
    buttons: Buttons = ()


def richest(types: Values) -> str:
    """Return the type that WhatsApp gets of a content; empty if there is none.

    An unknown type of WhatsApp's own counts as the richest: Twilio would send it.
    """
    unknown = [name for name in types if name not in RICHNESS]
    own = [name for name in unknown if name.startswith("whatsapp/")]
    known = sorted(filter(RICHNESS.__contains__, types), key=RICHNESS.index)
    return next(iter((*own, *reversed(known), *unknown)), "")


def parts_of(name: str, values: Values) -> Parts:
    """Return the parts of a content's type."""
    return _READERS.get(name, _plain)(values)


def use_of(name: str, values: Values, media_url: str) -> str:
    """Return when a type may be sent: ``anytime``, ``in_window`` or ``never``."""
    # Only a program can fill in a list of products.
    if name not in RICHNESS or values.get("dynamic_items"):
        return "never"
    in_window = name in ONLY_IN_WINDOW or _ending(media_url) in AUDIO
    return "in_window" if in_window else "anytime"


def needs_approval(name: str, buttons: Buttons) -> bool:
    """Tell whether a type can't be sent unapproved even within the reply window."""
    if name in ALWAYS_APPROVED:
        return True
    if name not in ("twilio/quick-reply", "twilio/call-to-action"):
        return False
    special = any(button.kind not in PLAIN_BUTTONS for button in buttons)
    return special or len(buttons) > MOST_PLAIN_BUTTONS


def media_kind(url: str) -> str:
    """Return the kind of a header's file, by the ending of its address."""
    return KINDS_BY_ENDING.get(_ending(url), "image") if url else ""


def _ending(url: str) -> str:
    return urlsplit(url).path.rpartition(".")[2].lower()


def texts_in(value: Any) -> Iterator[str]:
    """Yield all texts of a JSON value, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)


def _text(values: Values, name: str) -> str:
    found = values.get(name)
    return plain(clean(str(found))) if found not in (None, "") else ""


def _items(values: Values, name: str) -> list[Values]:
    found = values.get(name) or ()
    return [item for item in found if isinstance(item, Mapping)]


def _media(values: Values) -> str:
    """Return the address of the file; Twilio sends the first of several."""
    found = values.get("media") or ""
    first = found[0] if isinstance(found, list) else found
    return plain(clean(str(first)))


def _actions(values: Values) -> Buttons:
    return tuple(map(_button, _items(values, "actions")))


def _button(action: Values) -> TemplateButton:
    kind, field = ACTIONS.get(str(action.get("type") or "QUICK_REPLY"), ("other", ""))
    title, value = _text(action, "title"), _text(action, field)
    if kind == "reply":
        return TemplateButton(kind, title, payload=value)
    return TemplateButton(kind, title, value)


def _plain(values: Values) -> Parts:
    """Return the parts of the types whose fields WhatsApp shows as they are."""
    return Parts(
        body=_text(values, "body"),
        header=_text(values, "header_text"),
        footer=_text(values, "footer"),
        media_url=_media(values),
        buttons=_actions(values),
    )


def _card(values: Values) -> Parts:
    """A card's title is the text on WhatsApp, unless it has a body too."""
    title, body = _text(values, "title"), _text(values, "body")
    return Parts(
        body=body or title,
        header=title if body else "",
        footer=_text(values, "subtitle"),
        media_url=_media(values),
        buttons=_actions(values),
    )


def _location(values: Values) -> Parts:
    place = [_text(values, name) for name in ("label", "address")]
    point = ", ".join(_text(values, name) for name in ("latitude", "longitude"))
    return Parts(body="\n".join(filter(None, place)) or point)


def _list_picker(values: Values) -> Parts:
    rows = (
        TemplateButton(
            "item", _text(row, "item"), _text(row, "description"), _text(row, "id")
        )
        for row in _items(values, "items")
    )
    opener = TemplateButton("other", _text(values, "button"))
    return Parts(body=_text(values, "body"), buttons=(opener, *rows))


def _carousel(values: Values) -> Parts:
    """The cards become paragraphs of the text, and the first one's file is shown."""
    cards = _items(values, "cards")
    texts = [
        "\n".join(filter(None, (_text(card, "title"), _text(card, "body"))))
        for card in cards
    ]
    buttons = [button for card in cards for button in _actions(card)]
    return Parts(
        body="\n\n".join(filter(None, (_text(values, "body"), *texts))),
        media_url=_media(cards[0]) if cards else "",
        buttons=tuple(dict.fromkeys(buttons)),
    )


def _catalog(values: Values) -> Parts:
    button = TemplateButton("other", "View catalog")
    return Parts(
        body=_text(values, "body"),
        header=_text(values, "title"),
        footer=_text(values, "subtitle"),
        buttons=(button,),
    )


def _flow(values: Values) -> Parts:
    return Parts(
        body=_text(values, "body"),
        footer=_text(values, "subtitle"),
        media_url=plain(clean(str(values.get("media_url") or ""))),
        buttons=(TemplateButton("other", _text(values, "button_text")),),
    )


def _authentication(values: Values) -> Parts:
    """WhatsApp writes the text itself, in the customer's language."""
    body = "{{1}} is your verification code."
    if values.get("add_security_recommendation") is not False:
        body += " For your security, do not share this code."
    minutes = values.get("code_expiration_minutes")
    buttons = (
        TemplateButton("copy_code", _text(action, "copy_code_text"), "{{1}}")
        for action in _items(values, "actions")
    )
    return Parts(
        body=body,
        footer=f"This code expires in {minutes} minutes." if minutes else "",
        buttons=tuple(buttons),
    )


_READERS: dict[str, Callable[[Values], Parts]] = {
    "twilio/card": _card,
    "twilio/location": _location,
    "twilio/list-picker": _list_picker,
    "twilio/carousel": _carousel,
    "twilio/catalog": _catalog,
    "twilio/flows": _flow,
    "whatsapp/flows": _flow,
    "whatsapp/authentication": _authentication,
}

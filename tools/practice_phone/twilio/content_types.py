"""The content types of Twilio's Content API, after its published contract.

Twilio ignores some unknown fields. The phone refuses them, so that a mistyped one is
noticed here and not in production.
"""

import re
from dataclasses import dataclass

from .errors import TwilioError

NAME = re.compile(r"[A-Za-z0-9_]{1,16}")
PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")
MOST_VARIABLES = 100
MOST_OF_A_VALUE = 1600


@dataclass(frozen=True)
class Text:
    most: int = 1600
    words: tuple = ()

    def check(self, value, where):
        if not isinstance(value, str):
            raise wrong(f"{where} must be text")
        if self.words and value not in self.words:
            raise wrong(f"{where} must be one of {', '.join(self.words)}")
        # Lengths are those of the written text, not of its placeholders.
        if len(PLACEHOLDER.sub("", value)) > self.most:
            raise wrong(f"{where} exceeds {self.most} characters")


@dataclass(frozen=True)
class Kind:
    kind: type | tuple

    def check(self, value, where):
        is_flag = isinstance(value, bool)
        if not isinstance(value, self.kind) or is_flag != (self.kind is bool):
            raise wrong(f"{where} has a wrong type")


@dataclass(frozen=True)
class List:
    item: object
    most: int = 10
    least: int = 1

    def check(self, value, where):
        if not isinstance(value, list):
            raise wrong(f"{where} must be a list")
        if not self.least <= len(value) <= self.most:
            raise wrong(f"{where} must hold {self.least} to {self.most} items")
        for number, each in enumerate(value):
            self.item.check(each, f"{where}[{number}]")


@dataclass(frozen=True)
class Fields:
    fields: dict
    required: tuple = ()

    def check(self, value, where):
        if not isinstance(value, dict):
            raise wrong(f"{where} must be an object")
        for name in self.required:
            if value.get(name) in (None, ""):
                raise wrong(f"{where}.{name} is required")
        for name, each in value.items():
            if name not in self.fields:
                raise wrong(f"Unknown field '{where}.{name}'")
            if each is not None:
                self.fields[name].check(each, f"{where}.{name}")


def wrong(sentence, code=20001):
    return TwilioError(code, sentence)


TEXT, NUMBER, FLAG = Text(), Kind((int, float)), Kind(bool)
BODY = Text(1024)
# Twilio's documentation allows 25 characters, 20 without approval.
TITLE = Text(25)
MEDIA = List(Text(2048), most=1)


def _actions(words, names, most, required=("type", "title")):
    fields = {"type": Text(words=words), "title": TITLE}
    fields |= {name: Text(2048) for name in names}
    return List(Fields(fields, required), most)


REPLIES = _actions(("QUICK_REPLY",), ("id",), 10, ("title",))
CALLS = _actions(
    ("URL", "PHONE_NUMBER", "COPY_CODE", "VOICE_CALL", "VOICE_CALL_REQUEST"),
    ("url", "phone", "code", "id"),
    10,
)
CARD_ACTIONS = _actions(
    ("URL", "PHONE_NUMBER", "QUICK_REPLY", "COPY_CODE", "VOICE_CALL"),
    ("url", "phone", "id", "code", "webview_size"),
    10,
)
CAROUSEL_ACTIONS = _actions(
    ("URL", "PHONE_NUMBER", "QUICK_REPLY"), ("url", "phone", "id"), 2
)
CODE_ACTION = List(
    Fields(
        {"type": Text(words=("COPY_CODE",)), "copy_code_text": TITLE},
        ("type", "copy_code_text"),
    ),
    1,
)
ROWS = List(
    Fields({"id": Text(200), "item": Text(24), "description": Text(72)}, ("id", "item"))
)
PRODUCT = Fields(
    {name: TEXT for name in ("id", "section_title", "name", "media_url", "description")}
    | {"price": NUMBER}
)
CAROUSEL_CARD = Fields(
    {"title": TEXT, "body": Text(160), "media": TEXT, "actions": CAROUSEL_ACTIONS},
    ("body", "actions", "media"),
)
PAGE_PART = Fields({"label": TEXT, "type": TEXT}, ("type",))
PAGE = Fields(
    {name: TEXT for name in ("id", "next_page_id", "title", "subtitle")}
    | {"layout": List(PAGE_PART, 50)},
    ("id", "layout", "title"),
)

TYPES = {
    "twilio/text": Fields({"body": TEXT}, ("body",)),
    "twilio/media": Fields({"body": TEXT, "media": MEDIA}, ("media",)),
    "twilio/location": Fields(
        {"latitude": NUMBER, "longitude": NUMBER}
        | {name: TEXT for name in ("label", "id", "address")},
        ("latitude", "longitude"),
    ),
    "twilio/list-picker": Fields(
        {"body": BODY, "button": Text(20), "items": ROWS}, ("body", "button", "items")
    ),
    "twilio/call-to-action": Fields(
        {"body": BODY, "actions": CALLS}, ("body", "actions")
    ),
    "twilio/quick-reply": Fields(
        {"body": BODY, "actions": REPLIES}, ("body", "actions")
    ),
    "twilio/card": Fields(
        {"title": BODY, "subtitle": Text(60), "media": MEDIA, "actions": CARD_ACTIONS}
    ),
    "twilio/catalog": Fields(
        {name: TEXT for name in ("title", "body", "subtitle", "id", "dynamic_items")}
        | {"items": List(PRODUCT, 30)},
        ("body",),
    ),
    "twilio/carousel": Fields(
        {"body": BODY, "cards": List(CAROUSEL_CARD)}, ("body", "cards")
    ),
    "twilio/flows": Fields(
        {name: TEXT for name in ("body", "button_text", "subtitle", "media_url")}
        | {"pages": List(PAGE, 100), "type": TEXT},
        ("body", "button_text", "pages", "type"),
    ),
    "twilio/schedule": Fields(
        {name: TEXT for name in ("id", "title", "timeSlots")},
        ("id", "title", "timeSlots"),
    ),
    "whatsapp/card": Fields(
        {
            "body": BODY,
            "footer": Text(60),
            "media": MEDIA,
            "header_text": Text(60),
            "actions": CARD_ACTIONS,
        },
        ("body",),
    ),
    "whatsapp/authentication": Fields(
        {
            "add_security_recommendation": FLAG,
            "code_expiration_minutes": NUMBER,
            "actions": CODE_ACTION,
        },
        ("actions",),
    ),
    "whatsapp/flows": Fields(
        {
            name: TEXT
            for name in (
                *("body", "button_text", "subtitle", "media_url", "flow_id"),
                *("flow_token", "flow_first_page_id"),
            )
        }
        | {"is_flow_first_page_endpoint": FLAG},
        ("body", "button_text", "flow_id"),
    ),
}
CREATE = Fields(
    {
        "friendly_name": TEXT,
        "language": TEXT,
        "variables": Kind(dict),
        "types": Kind(dict),
    }
)


def check_content(values):
    """Raise a TwilioError unless `values` is a correct request to create a content."""
    CREATE.check(values, "content")
    if not values.get("types"):
        raise TwilioError(92001)
    if not values.get("language"):
        raise TwilioError(92003)
    if not LANGUAGE.fullmatch(values["language"]):
        raise TwilioError(92004)
    check_variables(values.get("variables") or {})
    for name, fields in values["types"].items():
        if name not in TYPES:
            raise TwilioError(92008, f"Unsupported content type '{name}'")
        TYPES[name].check(fields, name)
    _check_card(values["types"].get("whatsapp/card"))


def check_variables(variables):
    if len(variables) > MOST_VARIABLES:
        raise TwilioError(92002)
    for name, value in variables.items():
        if not NAME.fullmatch(name):
            raise wrong(f"The variable '{name}' has a wrong name")
        Text(MOST_OF_A_VALUE).check(value, f"variables.{name}")


def _check_card(card):
    if card and card.get("header_text") and card.get("media"):
        raise wrong("whatsapp/card has either header_text or media")
    if card and len([name for name in card if card[name]]) < 2:
        raise wrong("whatsapp/card needs one more field than its body")


def texts_of(node):
    """Yield every text of a content type's fields, in order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for each in node.values():
            yield from texts_of(each)
    elif isinstance(node, list):
        for each in node:
            yield from texts_of(each)


def names_in(node):
    """Return the placeholders' names of a text or of nested fields, in order."""
    found = (name for text in texts_of(node) for name in PLACEHOLDER.findall(text))
    return list(dict.fromkeys(found))

"""The checks of `POST /{phone number id}/messages`, after Meta's reference.

Meta ignores some unknown parameters. The phone refuses them, so that a mistyped one is
noticed here and not in production.
"""

import re
from dataclasses import dataclass

from ..meta.errors import wrong
from ..model import is_bsuid
from .errors import CloudError

TEXT_LIMIT, CAPTION_LIMIT, REFERENCE_LIMIT = 4096, 1024, 512
ENVELOPE = {
    *("messaging_product", "recipient_type", "to", "recipient", "type", "context"),
    "biz_opaque_callback_data",
}
FILE = {"id", "link"}
# By type of message: required and other parameters
CONTENTS = {
    "text": ({"body"}, {"preview_url"}),
    "image": (set(), {*FILE, "caption"}),
    "video": (set(), {*FILE, "caption"}),
    "document": (set(), {*FILE, "caption", "filename"}),
    "audio": (set(), {*FILE, "voice"}),
    "sticker": (set(), FILE),
    "location": ({"latitude", "longitude"}, {"name", "address"}),
    "reaction": ({"message_id", "emoji"}, set()),
    "template": ({"name", "language"}, {"components"}),
}
FILES = ("image", "video", "document", "audio", "sticker")
NUMBER = re.compile(r"\+?[1-9]\d{6,14}")


@dataclass(frozen=True)
class Order:
    """A checked message to send; `content` is the object named like its `kind`."""

    kind: str
    content: dict
    to: str = ""
    recipient: str = ""
    reply_to: str = ""
    reference: str = ""

    @property
    def is_dropped(self):
        """Tell whether Meta accepts the message and drops it: an id stands in `to`."""
        return bool(self.to) and is_bsuid(self.to)


def is_read_mark(values):
    return "status" in values


def check_read_mark(values):
    """Return the id of the message that the shop has read."""
    wanted = {"messaging_product", "status", "message_id"}
    if set(values) - wanted - {"typing_indicator"} or wanted - set(values):
        raise wrong("A read mark takes status, message_id and typing_indicator")
    if values["status"] != "read" or values["messaging_product"] != "whatsapp":
        raise wrong("Param status must be read")
    if values.get("typing_indicator", {"type": "text"}) != {"type": "text"}:
        raise wrong("Param typing_indicator['type'] must be text")
    return values["message_id"]


def read_order(values):
    kind = values.get("type", "text")
    if values.get("messaging_product") != "whatsapp":
        raise wrong("The parameter messaging_product is required.")
    if kind not in CONTENTS:
        raise wrong(f"Param type must be one of {sorted(CONTENTS)}")
    _refuse_unknown("", values, ENVELOPE | {kind})
    if values.get("recipient_type", "individual") != "individual":
        raise wrong("Param recipient_type must be individual")
    return Order(
        kind,
        _content(kind, values.get(kind)),
        **_address(values),
        reply_to=_context(values.get("context")),
        reference=_reference(values.get("biz_opaque_callback_data", "")),
    )


def _refuse_unknown(place, values, known):
    unknown = sorted(set(values) - known)
    if unknown:
        named = f" in {place}" if place else ""
        raise wrong(f"Unexpected key {', '.join(unknown)}{named}")


def _address(values):
    """Return who gets it: `to` holds a number, `recipient` a business-scoped id."""
    given = [name for name in ("to", "recipient") if values.get(name)]
    if len(given) != 1:
        raise wrong("Exactly one of the parameters to and recipient is required.")
    (name,) = given
    address = values[name]
    is_right = isinstance(address, str) and (
        is_bsuid(address) or (name == "to" and NUMBER.fullmatch(address))
    )
    if not is_right:
        raise CloudError(131009, f"Param {name} is not a valid recipient.")
    return {name: address}


def _context(values):
    if values is None:
        return ""
    if not isinstance(values, dict) or set(values) != {"message_id"}:
        raise wrong("Param context must hold message_id")
    return str(values["message_id"])


def _reference(text):
    if not isinstance(text, str) or len(text) > REFERENCE_LIMIT:
        raise wrong("Param biz_opaque_callback_data must have at most 512 characters.")
    return text


def _content(kind, values):
    if not isinstance(values, dict):
        raise CloudError(131008, f"The parameter {kind} is required.")
    required, others = CONTENTS[kind]
    _refuse_unknown(kind, values, required | others)
    if missing := sorted(required - set(values)):
        raise CloudError(131008, f"Required: {kind}['{missing[0]}'].")
    if kind in FILES and len(FILE & set(values)) != 1:
        raise wrong(f"Param {kind} needs exactly one of id and link.")
    if kind == "text":
        _check_length("text['body']", values["body"], TEXT_LIMIT)
    if "caption" in values:
        _check_length(f"{kind}['caption']", values["caption"], CAPTION_LIMIT)
    return values


def _check_length(name, text, most):
    if not isinstance(text, str) or not text:
        raise wrong(f"Param {name} must be a non-empty string.")
    if len(text) > most:
        raise wrong(f"Param {name} must be at most {most} characters long.")

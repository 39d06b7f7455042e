"""The checks of `POST /{page}/messages`, after Meta's reference.

Meta ignores some unknown parameters. The phone refuses them, so that a mistyped one is
noticed here and not in production.
"""

import json
from dataclasses import dataclass

from .errors import wrong

TYPES = {"image", "audio", "video", "file"}
MESSAGING_TYPES = {"RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"}
METADATA_LIMIT = 1000
HEART = "❤️"
KEYS = {
    "": {"recipient", "message", "messaging_type", "tag", "reply_to"},
    "recipient": {"id"},
    "message": {"text", "attachment", "metadata"},
    "reply_to": {"mid"},
    "attachment": {"type", "payload"},
    "payload": {"is_reusable", "attachment_id"},
}
OBJECTS = ("recipient", "message", "reply_to")


@dataclass(frozen=True)
class Order:
    """A checked message to send."""

    recipient: str
    text: str = ""
    attachment: dict | None = None
    metadata: str = ""
    messaging_type: str = ""
    tag: str = ""
    reply_to: str = ""


def read_order(values):
    _check_keys("", values)
    recipient = values.get("recipient")
    if not isinstance(recipient, dict) or not recipient.get("id"):
        raise wrong("The parameter recipient is required")
    for name in OBJECTS:
        _check_keys(name, values.get(name) or {})
    return Order(str(recipient["id"]), **_type(values), **_content(values))


@dataclass(frozen=True)
class Reaction:
    """A checked reaction of the shop; without an emoji it is taken away."""

    recipient: str
    message: str
    word: str = ""
    # As of an order, but a reaction never has one.
    tag: str = ""


def is_reaction(values):
    return values.get("sender_action") in ("react", "unreact")


def read_reaction(values):
    """Return the reaction; a sender's action allows no other parameters."""
    if set(values) != {"recipient", "sender_action", "payload"}:
        raise wrong("A reaction takes recipient, sender_action and payload only")
    _check_keys("recipient", values["recipient"])
    payload, wanted = values["payload"], {"message_id"}
    if values["sender_action"] == "react":
        wanted = {"message_id", "reaction"}
    if not isinstance(payload, dict) or set(payload) != wanted:
        raise wrong(f"Param payload must hold {sorted(wanted)}")
    if not all(isinstance(each, str) and each for each in payload.values()):
        raise wrong("Param payload must hold strings")
    recipient = str(values["recipient"].get("id"))
    return Reaction(recipient, payload["message_id"], payload.get("reaction", ""))


def read_upload(values):
    """Return the attachment of `message_attachments` and its file."""
    unknown = set(values) - {"message", "filedata", "platform"}
    message = _from_json(values.get("message"))
    if unknown or not isinstance(message, dict) or set(message) != {"attachment"}:
        raise wrong("The parameter message must hold one attachment")
    _check_attachment(message["attachment"])
    return message["attachment"], values.get("filedata")


def _from_json(text):
    """Return an object, which a form holds as JSON."""
    try:
        return json.loads(text or "null")
    except ValueError:
        raise wrong("Param message must be valid JSON") from None


def _check_keys(name, values):
    if not isinstance(values, dict):
        raise wrong(f"Param {name} must be an object")
    unknown = sorted(set(values) - KEYS[name])
    if unknown:
        place = f'in param "{name}"' if name else "in the request"
        raise wrong(f'Invalid keys "{", ".join(unknown)}" were found {place}.')


def _type(values):
    kind, tag = values.get("messaging_type", ""), values.get("tag", "")
    if kind and kind not in MESSAGING_TYPES:
        raise wrong(f"Param messaging_type must be one of {sorted(MESSAGING_TYPES)}")
    if bool(tag) != (kind == "MESSAGE_TAG"):
        raise wrong("A tag goes with messaging_type MESSAGE_TAG, and only with it")
    if tag and tag != "HUMAN_AGENT":
        raise wrong(f"The message tag {tag} is no longer supported")
    return {"messaging_type": kind, "tag": tag}


def _content(values):
    message = values.get("message")
    if not message:
        raise wrong("The parameter message is required")
    attachment = message.get("attachment")
    text, metadata = message.get("text") or "", message.get("metadata") or ""
    if bool(text) == bool(attachment):
        raise wrong("A message has either a text or an attachment")
    if not isinstance(text, str) or not isinstance(metadata, str):
        raise wrong("Param message[text] must be a string")
    if len(metadata) >= METADATA_LIMIT:
        raise wrong("Length of param message[metadata] must be less than 1000")
    if attachment:
        _check_attachment(attachment)
    return {
        "text": text,
        "attachment": attachment,
        "metadata": metadata,
        "reply_to": (values.get("reply_to") or {}).get("mid", ""),
    }


def _check_attachment(values):
    _check_keys("attachment", values)
    if values.get("type") not in TYPES:
        raise wrong(f"Param message[attachment][type] must be one of {sorted(TYPES)}")
    _check_keys("payload", values.get("payload") or {})


def check_for(line, order):
    """Check what differs between Messenger and Instagram."""
    if line.kind == "instagram":
        too_long = len(order.text.encode()) > 1000
    else:
        too_long = len(order.text) > 2000
        if not order.messaging_type:
            raise wrong("The parameter messaging_type is required")
    if too_long:
        limit = "1000 bytes" if line.kind == "instagram" else "2000"
        raise wrong(f"Length of param message[text] must be at most {limit}")


def emoji_of(line, reaction):
    """Return the emoji of a reaction: on Instagram the heart alone, by its name."""
    if line.kind == "messenger":
        if reaction.word.isascii() and reaction.word:
            raise wrong("Param payload[reaction] must be an emoji")
        return reaction.word
    if reaction.word not in ("", "love"):
        raise wrong("Param payload[reaction] must be love")
    return HEART if reaction.word else ""

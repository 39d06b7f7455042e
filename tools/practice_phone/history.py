"""Import past conversations without sending anything."""

import time

from . import cards, providers
from .compose import read_choice, read_location, read_media
from .model import Message
from .setup import check_words

WORDS = {"line", "phone", "bsuid", "scoped_id", "name", "opted_out", "messages"}
MESSAGE_WORDS = {
    *("direction", "body", "ago", "sid", "status", "error_code", "media"),
    *("location", "choice", "reply_to", "forwarded"),
    *("reactions", "edits", "unsent", "extra"),
}


def import_history(phone, values):
    """Add the messages of a customer and a line; known ones stay as they are."""
    check_words(values, WORDS, "a past conversation")
    line = phone.store.line(values.get("line", ""))
    customer = _customer(phone, line, values)
    rows = [
        phone.store.add_message(_message(phone, line, customer, each))
        for each in values.get("messages") or ()
        if each.get("sid") not in phone.store.messages
    ]
    if "opted_out" in values:
        conversation = phone.store.conversation(line.sid, customer.id)
        conversation.opted_out = bool(values["opted_out"])
        phone.store.changed("conversation", conversation)
    return {
        "customer": phone.describe(customer),
        "messages": [phone.describe(each) for each in rows],
    }


def _customer(phone, line, values):
    words = ("phone", "bsuid", "scoped_id")
    addresses = [values[word] for word in words if values.get(word)]
    for address in addresses:
        found = phone.store.customer_at(address)
        if found:
            return found
    names = [values.get(word) or "" for word in ("name", "phone", "bsuid")]
    ids = {line.sid: values["scoped_id"]} if values.get("scoped_id") else {}
    return phone.store.add_customer(*names, ids=ids)


def _message(phone, line, customer, values):
    check_words(values, MESSAGE_WORDS, "a past message")
    direction = values.get("direction", "inbound")
    usual = "received" if direction == "inbound" else "delivered"
    moment = time.time() - float(values.get("ago") or 0)
    media = [read_media(phone, each) for each in values.get("media") or ()]
    provider = providers.of_line(phone, line)
    return Message(
        sid=values.get("sid") or provider.message_sid(line, bool(media)),
        line_sid=line.sid,
        customer_id=customer.id,
        direction=direction,
        body=values.get("body") or "",
        media=media,
        location=read_location(values.get("location")),
        contact=cards.found_in(phone, media),
        choice=read_choice(values.get("choice")),
        reply_to=values.get("reply_to") or "",
        forwarded=bool(values.get("forwarded")),
        status=values.get("status") or usual,
        reactions=values.get("reactions") or {},
        edits=values.get("edits") or 0,
        unsent=bool(values.get("unsent")),
        extra=values.get("extra") or {},
        error_code=values.get("error_code"),
        seen=True,
        created_at=moment,
        updated_at=moment,
    )

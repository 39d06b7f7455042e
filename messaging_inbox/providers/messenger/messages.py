"""Reads messages: those of customers, and echoes of outbound ones."""

from __future__ import annotations

from ..error_table import MAX_DETAIL
from ..events import Event, MessageEdited, MessageReceived, MessageSent, MessageUnsent
from ..values import mapping, text
from .content import content_of, referral_of
from .item import Item, checked_id, made_up_id, message_id

OPT_IN = "OPT_IN"


def message(item: Item) -> Event:
    """Return an inbound, outbound or unsent message."""
    part = item.part("message")
    if part.get("is_deleted") is True:
        return _unsent(item)
    # An echo goes to a customer: a message to our own address is none.
    if part.get("is_echo") is True and item.recipient != item.channel.address:
        return _sent(item)
    return _received(item, message_id(part), **_content(item))


def postback(item: Item) -> MessageReceived:
    """Return a tap on a button or menu entry."""
    part = item.part("postback")
    title, payload = text(part.get("title")), text(part.get("payload"))
    data = {"title": title, "payload": payload}
    referral = referral_of(mapping(part.get("referral")) or item.part("referral"))
    if referral:
        data["referral"] = referral
    mid = message_id(part) if part.get("mid") else made_up_id(item, "postback")
    words = title or payload
    return _received(item, mid, kind="reply_choice", text=words, data=data)


def referral(item: Item) -> MessageReceived:
    """Return a message without text for a customer who came by a link or an ad."""
    data = {"referral": referral_of(item.part("referral"))}
    return _received(item, made_up_id(item, "referral"), data=data)


def optin(item: Item) -> MessageReceived | None:
    """Return an opt-in by a plugin; its ``ref`` says where it happened.

    An opt-in without a ref is about tokens for later messages; one without a sender is
    about a person who hasn't written yet.
    """
    ref = text(item.part("optin").get("ref"))
    if not (ref and item.sender):
        return None
    data = {"referral": {"ref": ref, "source": OPT_IN}}
    return _received(item, made_up_id(item, "optin"), data=data)


def edit(item: Item) -> Event | None:
    """Return the new text of a message."""
    part = item.part("message_edit")
    if part.get("text") is None and text(part.get("num_edit")) == "0":
        return _announced(item)
    return MessageEdited(
        channel=item.channel,
        external_ids=(item.customer,),
        message_id=message_id(part),
        text=text(part.get("text")),
        occurred_at=item.at,
    )


def _announced(item: Item) -> MessageReceived | None:
    """Return the announcement of a message: Instagram sends an edit without a text.

    Usually the message itself follows and replaces it. Until then it has no content
    that we can show, since a webhook makes no request. Often even the sender is
    missing: then there is nothing to show.
    """
    if not item.sender:
        return None
    data = {"original_type": "message_edit", "announced": True}
    mid = message_id(item.part("message_edit"))
    return _received(item, mid, kind="unsupported", data=data)


def _received(item: Item, mid: str, data=None, **content) -> MessageReceived:
    return MessageReceived(
        channel=item.channel,
        message_id=mid,
        external_ids=(item.customer,),
        sent_at=item.at,
        data={**(data or {}), **({"standby": True} if item.standby else {})},
        **content,
    )


def _sent(item: Item) -> MessageSent:
    part = item.part("message")
    app_id = text(part.get("app_id"))
    ours = app_id in ("", item.app_id)
    return MessageSent(
        channel=item.channel,
        message_id=message_id(part),
        external_ids=(checked_id(item.recipient),),
        sent_at=item.at,
        # Another app's metadata isn't our reference.
        reference=text(part.get("metadata"))[:MAX_DETAIL] if ours else "",
        app_id=app_id,
        **_content(item),
    )


def _unsent(item: Item) -> MessageUnsent:
    return MessageUnsent(
        channel=item.channel,
        external_ids=(item.customer,),
        message_id=message_id(item.part("message")),
        occurred_at=item.at,
    )


def _content(item: Item) -> dict:
    part = item.part("message")
    # The referral may be next to the message or inside it.
    referral = part.get("referral") or item.part("referral")
    return {
        **content_of({**part, "referral": referral}),
        "reply_to": text(mapping(part.get("reply_to")).get("mid")),
    }

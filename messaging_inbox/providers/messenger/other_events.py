"""Reads events other than messages: reactions, receipts and notices."""

from __future__ import annotations

from ..error_table import MAX_DETAIL
from ..errors import InvalidPayload
from ..events import ChannelNotice, Reacted, ReadUpTo
from ..values import items, moment, text
from .item import Item, message_id

MAX_EMOJI = 32
EMOJIS = {
    "smile": "😆",
    "love": "❤️",
    "sad": "😢",
    "angry": "😠",
    "wow": "😮",
    "like": "👍",
    "dislike": "👎",
}
UNKNOWN_EMOJI = "❔"
POLICY = {
    "warning": "Meta warns this Page",
    "block": "Meta has blocked this Page",
    "unblock": "Meta has unblocked this Page",
}
# The Page's inbox at Meta is an app, too; both ids have been observed.
PAGE_INBOX = frozenset(("263902037430900", "26390203743090"))


def reaction(item: Item) -> Reacted:
    part = item.part("reaction")
    removed = text(part.get("action")) == "unreact"
    emoji = text(part.get("emoji")) or EMOJIS.get(text(part.get("reaction")))
    return Reacted(
        channel=item.channel,
        external_ids=(item.customer,),
        message_id=message_id(part),
        emoji="" if removed else (emoji or UNKNOWN_EMOJI)[:MAX_EMOJI],
        occurred_at=item.at,
        by_us=item.is_ours,
    )


def delivery(item: Item) -> ReadUpTo:
    return _read_up_to(item, "delivery", "delivered")


def read(item: Item) -> ReadUpTo:
    return _read_up_to(item, "read", "read")


def _read_up_to(item: Item, name: str, status: str) -> ReadUpTo:
    part = item.part(name)
    mids = (part.get("mid"), *items(part.get("mids")))
    until = moment(part.get("watermark"))
    message_ids = tuple(filter(None, map(text, mids)))
    if not (until or message_ids):
        raise InvalidPayload(f"Meta sent a {name} that doesn't name any messages.")
    return ReadUpTo(
        channel=item.channel,
        external_ids=(item.customer,),
        status=status,
        until=until,
        message_ids=message_ids,
    )


def policy_enforcement(item: Item) -> ChannelNotice:
    part = item.part("policy_enforcement") or item.part("policy-enforcement")
    said = POLICY.get(text(part.get("action")), "Meta enforces its policy")
    reason = text(part.get("reason"))
    words = f"{said}: {reason}" if reason else f"{said}."
    return _notice(item, "policy_enforcement", words)


def thread_passed(item: Item) -> ChannelNotice | None:
    return _owner_changed(item, "pass_thread_control")


def thread_taken(item: Item) -> ChannelNotice | None:
    return _owner_changed(item, "take_thread_control")


def _owner_changed(item: Item, name: str) -> ChannelNotice | None:
    """Return a notice about a conversation's new owner, None if it is us."""
    owner = text(item.part(name).get("new_owner_app_id"))
    if owner == item.app_id:
        return None
    return _notice(item, "handover", f"{_app(owner)} has taken over a conversation.")


def thread_requested(item: Item) -> ChannelNotice:
    asking = text(item.part("request_thread_control").get("requested_owner_app_id"))
    return _notice(item, "handover", f"{_app(asking)} asks for a conversation.")


def _app(app_id: str) -> str:
    if app_id in PAGE_INBOX:
        return "The Page's own inbox"
    return f"Another app ({app_id})" if app_id else "Another app"


def _notice(item: Item, code: str, words: str) -> ChannelNotice:
    return ChannelNotice(
        channel=item.channel,
        code=code,
        text=words[:MAX_DETAIL],
        occurred_at=item.at,
    )

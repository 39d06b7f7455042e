"""Reads what Meta says about numbers, accounts and templates.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..error_table import MAX_DETAIL
from ..events import (
    UNLIMITED,
    ChannelNotice,
    ChannelRef,
    Standing,
    StandingChanged,
    TemplatesChanged,
)
from ..values import items, mapping, moment, text
from .item import KIND, checked, e164

Value = Mapping[str, Any]
# Meta's word and, if it sends it, the place of the reason.
POLICY = {
    "ACCOUNT_VIOLATION": (
        "The WhatsApp account violates Meta's policy",
        "violation_info",
        "violation_type",
    ),
    "ACCOUNT_RESTRICTION": (
        "Meta restricts the WhatsApp account",
        "restriction_info",
        "restriction_type",
    ),
    "DISABLED_UPDATE": (
        "Meta changed the ban of the WhatsApp account",
        "ban_info",
        "waba_ban_state",
    ),
}
REMOVED = "The app was removed from the WhatsApp account"
PROBLEMS = {
    "ACCOUNT_DELETED": ("The WhatsApp account was deleted at Meta", "", ""),
    "ACCOUNT_OFFBOARDED": (
        "The WhatsApp Business app was disconnected from Meta's API",
        "",
        "",
    ),
    "ACCOUNT_RECONNECTED": (
        "The WhatsApp Business app is connected to Meta's API again",
        "",
        "",
    ),
    "PARTNER_REMOVED": (
        "The app was removed from the WhatsApp account",
        "disconnection_info",
        "reason",
    ),
    "PARTNER_APP_UNINSTALLED": (
        "The app was removed from the WhatsApp account",
        "",
        "",
    ),
}
NAME_STATES = {
    "APPROVED": "approved",
    "AVAILABLE_WITHOUT_REVIEW": "approved",
    "DECLINED": "declined",
    "REJECTED": "declined",
    "PENDING": "pending",
    "PENDING_REVIEW": "pending",
}
TIERS = {"K": 1000, "M": 1000000}


def template(_value: Value, _time: Any) -> Iterator[TemplatesChanged]:
    yield TemplatesChanged()


def quality(value: Value, _time: Any) -> Iterator[StandingChanged]:
    """Yield a number's limit, and that its quality is low.

    Meta doesn't say which quality a number has that is no longer flagged.
    """
    is_low = text(value.get("event")) == "FLAGGED"
    standing = Standing(quality="low" if is_low else "", daily_limit=_limit(value))
    if standing != Standing():
        yield StandingChanged(_by_address(value, "display_phone_number"), standing)


def capability(value: Value, _time: Any) -> Iterator[StandingChanged]:
    """Yield the limit that all numbers of a business share."""
    limit = _limit(value)
    if limit:
        yield StandingChanged(None, Standing(daily_limit=limit))


def name(value: Value, _time: Any) -> Iterator[StandingChanged]:
    state = NAME_STATES.get(text(value.get("decision")))
    if state:
        channel = _by_address(value, "display_phone_number")
        yield StandingChanged(channel, Standing(name_state=state))


def account(value: Value, time: Any) -> Iterator[ChannelNotice]:
    """Yield what managers must know about an account; the rest is about partners."""
    word = text(value.get("event"))
    words, part, field = (POLICY | PROBLEMS).get(word, ("", "", ""))
    if words:
        reasons = ", ".join(_reasons(value.get(part), field))
        sentence = f"{words}: {reasons}." if reasons else f"{words}."
        code = "policy_enforcement" if word in POLICY else "problem"
        yield _notice(_by_address(value, "phone_number"), code, sentence, time)


def _reasons(part: Any, field: str) -> Iterator[str]:
    for each in items(part) or [part]:
        reason = text(mapping(each).get(field))
        if reason:
            yield _plain(reason)


def alert(value: Value, time: Any) -> Iterator[ChannelNotice]:
    words = text(value.get("alert_description")) or text(value.get("alert_type"))
    if not words or text(value.get("alert_severity")) == "INFORMATIONAL":
        return
    is_of_number = text(value.get("entity_type")) == "PHONE_NUMBER"
    reference = checked(text(value.get("entity_id"))) if is_of_number else ""
    channel = ChannelRef(KIND, "", reference=reference) if reference else None
    yield _notice(channel, "problem", words, time)


def security(value: Value, time: Any) -> Iterator[ChannelNotice]:
    word = text(value.get("event"))
    if word:
        words = f"Security of the number at Meta: {_plain(word)}."
        channel = _by_address(value, "display_phone_number")
        yield _notice(channel, "problem", words, time)


def _notice(
    channel: ChannelRef | None, code: str, words: str, time: Any
) -> ChannelNotice:
    return ChannelNotice(channel, code, words[:MAX_DETAIL], moment(time))


def _by_address(value: Value, field: str) -> ChannelRef | None:
    """Return the number, whose id Meta doesn't send here; None for the account."""
    address = checked(e164(value.get(field)))
    return ChannelRef(KIND, address) if address else None


def _limit(value: Value) -> int:
    """Return how many customers we may write to first in a day, 0 if unknown."""
    fields = ("max_daily_conversations_per_business", "current_limit")
    fields += ("max_daily_conversation_per_phone",)
    return next(filter(None, (tier(text(value.get(field))) for field in fields)), 0)


def tier(word: str) -> int:
    """Return the number of a tier: TIER_250, TIER_2K, TIER_UNLIMITED, 1000, -1."""
    tier = word.upper().removeprefix("TIER_")
    if tier in ("UNLIMITED", "-1"):
        return UNLIMITED
    digits = tier.rstrip("KM")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 8
    limit = int(digits) * TIERS.get(tier[-1:], 1) if is_number else 0
    return limit if limit < 2**31 else 0


def _plain(word: str) -> str:
    """Return one of Meta's constants as words."""
    return word.replace("_", " ").lower()

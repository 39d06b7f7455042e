"""The contents of an account and their approval by WhatsApp, as templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..error_table import MAX_DETAIL
from ..events import Template
from ..placeholders import filled, names_in
from ..text import clean
from .api import CONTENT_URL, Api
from .content_types import (
    media_kind,
    needs_approval,
    parts_of,
    richest,
    texts_in,
    use_of,
)

URL = f"{CONTENT_URL}/v1/ContentAndApprovals"
PAGE_SIZE = 100
STATES = {
    "": "unsubmitted",
    "unsubmitted": "unsubmitted",
    "received": "pending",
    "pending": "pending",
    "in_appeal": "pending",
    "approved": "approved",
    "rejected": "rejected",
    "paused": "paused",
    "disabled": "disabled",
}
# The left ones are WhatsApp's names before 2023, which Twilio still returns.
CATEGORIES = {
    "transactional": "utility",
    "otp": "authentication",
    "utility": "utility",
    "marketing": "marketing",
    "authentication": "authentication",
}
UNREADABLE = "This template can't be read."


def templates(api: Api) -> list[Template]:
    """Return all contents of the account."""
    pages = api.pages(URL, whole=True, PageSize=PAGE_SIZE)
    found = [content for page in pages for content in page.get("contents") or ()]
    return [
        _safely_read(content)
        for content in found
        if isinstance(content, Mapping) and content.get("sid")
    ]


def _safely_read(content: Mapping[str, Any]) -> Template:
    """Return a content, which can't be sent if it makes no sense.

    It isn't left out: the template would seem to have vanished at Twilio.
    """
    try:
        return read(content)
    except (AttributeError, KeyError, TypeError, ValueError):
        return Template(
            **_names(content),
            body="",
            state="disabled",
            rejection_reason=UNREADABLE,
            use="never",
        )


def read(content: Mapping[str, Any]) -> Template:
    """Return a content with its ``approval_requests`` as a template."""
    types = content.get("types") or {}
    name = richest(types)
    values = types.get(name) or {}
    parts = parts_of(name, values)
    shown = [parts.header, parts.body, parts.footer, parts.media_url]
    samples = _samples(content, [*shown, *texts_in(values)])
    media_url = filled(parts.media_url, samples)
    approval = content.get("approval_requests") or {}
    state, reason = _state(approval)
    return Template(
        **_names(content),
        **vars(parts),
        category=_category(approval, name),
        state=state,
        rejection_reason=reason,
        media_kind=media_kind(media_url),
        variables=samples,
        use=use_of(name, values, media_url),
        needs_approval=needs_approval(name, parts.buttons),
    )


def _names(content: Mapping[str, Any]) -> dict[str, str]:
    sid = clean(str(content["sid"]))
    approval = content.get("approval_requests")
    submitted = approval.get("name") if isinstance(approval, Mapping) else ""
    name = clean(str(content.get("friendly_name") or submitted or "")).strip()
    language = clean(str(content.get("language") or "en"))
    return {"reference": sid, "name": name or sid, "language": language}


def _samples(content: Mapping[str, Any], texts: list[str]) -> dict[str, str]:
    """Return the sample of each placeholder in the type that WhatsApp gets."""
    samples = content.get("variables") or {}
    return {name: clean(str(samples.get(name) or "")) for name in names_in(texts)}


def _category(approval: Mapping[str, Any], type_name: str) -> str:
    word = str(approval.get("category") or "").strip().lower()
    if not word and type_name == "whatsapp/authentication":
        return "authentication"
    return CATEGORIES.get(word, "")


def _state(approval: Mapping[str, Any]) -> tuple[str, str]:
    """Return the state and its reason.

    A state of tomorrow counts as disabled: submitting or sending it might be wrong.
    """
    word = str(approval.get("status") or "").strip().lower()
    reason = clean(str(approval.get("rejection_reason") or "")).strip()
    reason = "" if reason.upper() == "NONE" else reason[:MAX_DETAIL]
    if word in STATES:
        return STATES[word], reason
    return "disabled", reason or clean(f"Twilio reports its state as {word[:40]}.")

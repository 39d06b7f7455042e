"""Reads, creates and submits templates.

https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..call import CONNECT_TIMEOUT
from ..error_table import MAX_DETAIL
from ..errors import Reason, Refused, Retryable, Unsettled
from ..events import OutboundFile, Template
from ..values import mapping, text
from .accounts import account_ids
from .app import App
from .media import UPLOAD_TIMEOUT
from .template_parts import components_of, is_named, parts_of

FIELDS = (
    "id,name,language,status,category,components,parameter_format,rejected_reason,"
    "quality_score"
)
NAME = re.compile("[a-z0-9_]{1,512}")
STATES = {
    "PENDING": "pending",
    "IN_APPEAL": "pending",
    "APPROVED": "approved",
    # It lost quality, but can still be sent.
    "FLAGGED": "approved",
    "REINSTATED": "approved",
    "REJECTED": "rejected",
    "PAUSED": "paused",
    "DISABLED": "disabled",
}
CATEGORIES = ("utility", "marketing", "authentication")
QUALITIES = {"GREEN": "high", "YELLOW": "medium", "RED": "low"}
MADE_HERE = ("reply", "url", "phone")


# ----------------------------------------------------------------------
# the list
# ----------------------------------------------------------------------


def templates(app: App) -> list[Template]:
    """Return the templates of all business accounts.

    Each belongs to one of them, so that only its numbers can send it.
    """
    accounts = account_ids(app)
    found = []
    for account in accounts:
        numbers = _numbers(app, account) if len(accounts) > 1 else ()
        path = f"{account}/message_templates"
        for each in app.graph.items(path, app.access_token, whole=True, fields=FIELDS):
            if text(mapping(each).get("id")):
                found.append(replace(_read(each), channels=numbers))
    return found


def _numbers(app: App, account: str) -> tuple[str, ...]:
    path = f"{account}/phone_numbers"
    found = app.graph.items(path, app.access_token, whole=True, fields="id")
    return tuple(text(each.get("id")) for each in map(mapping, found))


def _read(found: Mapping[str, Any]) -> Template:
    state, reason = _state(found)
    category = text(found.get("category")).lower()
    return Template(
        reference=text(found["id"]),
        name=text(found.get("name")) or text(found["id"]),
        language=text(found.get("language")) or "en",
        category=category if category in CATEGORIES else "",
        state=state,
        rejection_reason=reason,
        needs_approval=True,
        quality=QUALITIES.get(
            text(mapping(found.get("quality_score")).get("score")), ""
        ),
        **parts_of(found),
    )


def _state(found: Mapping[str, Any]) -> tuple[str, str]:
    """Return the state and its reason.

    A state that we don't know counts as disabled: sending it might be wrong.
    """
    word = text(found.get("status")).strip().upper()
    reason = _words(text(found.get("rejected_reason")))[:MAX_DETAIL]
    if word in STATES:
        return STATES[word], reason
    return "disabled", reason or f"Meta reports its state as {_words(word)[:40]}."


def _words(code: str) -> str:
    """Return a code of Meta's as words: INVALID_FORMAT is "Invalid format"."""
    if code.upper() in ("", "NONE"):
        return ""
    return code.replace("_", " ").strip().capitalize()


# ----------------------------------------------------------------------
# a new template
# ----------------------------------------------------------------------


def create(app: App, template: Template) -> Template:
    """Create a template, which Meta takes for approval at once; return both."""
    if not NAME.fullmatch(template.name):
        raise _refusal("The name may only have a-z, 0-9 and underscores.")
    if not template.category:
        raise _refusal("The template needs a category.")
    if any(button.kind not in MADE_HERE for button in template.buttons):
        raise _refusal("Only replies, links and calls can be buttons.")
    account, numbers = _owner(app, template)
    handle = _upload_sample(app, template.sample) if template.media_kind else ""
    wanted = {
        "name": template.name,
        "language": template.language,
        "category": template.category.upper(),
        "parameter_format": "NAMED" if is_named(template) else "POSITIONAL",
        "components": components_of(template, handle),
    }
    path = f"{account}/message_templates"
    answer = app.graph.request("POST", path, app.access_token, json=wanted)
    reference = text(answer.get("id"))
    if not reference:
        raise Unsettled(Reason.OTHER, detail="Meta's answer names no template.")
    state, reason = _state({"status": "PENDING", **answer})
    category = text(answer.get("category")).lower()
    return replace(
        template,
        reference=reference,
        state=state,
        rejection_reason=reason,
        # Meta may find that another category is right.
        category=category if category in CATEGORIES else template.category,
        needs_approval=True,
        channels=numbers,
    )


def _owner(app: App, template: Template) -> tuple[str, tuple[str, ...]]:
    """Return the business account for a new template, and the numbers that send it.

    With several accounts, it is the one of the template's channels.
    """
    accounts = account_ids(app)
    if len(accounts) == 1:
        return accounts[0], ()
    for account in accounts:
        numbers = _numbers(app, account)
        if template.channels and set(template.channels) <= set(numbers):
            return account, numbers
    raise _refusal("Choose channels of one WhatsApp business account for it.")


def _upload_sample(app: App, sample: OutboundFile | None) -> str:
    """Upload the sample file of a header; return Meta's handle of it.

    https://developers.facebook.com/docs/graph-api/guides/upload
    """
    if not sample:
        raise _refusal("The header needs a sample file.")
    content = sample.read()
    about = {
        "file_name": sample.filename,
        "file_length": len(content),
        "file_type": sample.content_type,
    }
    token = app.access_token
    path = f"{app.id}/uploads"
    session = app.graph.request("POST", path, token, about, repeatable=True)
    name = text(session.get("id"))
    if not name.startswith("upload:"):
        raise Retryable(Reason.OTHER, detail="Meta's answer names no upload.")
    answer = app.graph.request(
        "POST",
        name,
        token,
        scheme="OAuth",
        data=content,
        headers={"file_offset": "0"},
        timeout=(CONNECT_TIMEOUT, UPLOAD_TIMEOUT),
        repeatable=True,
    )
    handle = text(answer.get("h"))
    if not handle:
        raise Retryable(Reason.OTHER, detail="Meta's answer has no file.")
    return handle


def _refusal(words: str) -> Refused:
    return Refused(Reason.TEMPLATE_REJECTED, detail=words)

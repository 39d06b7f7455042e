"""Creates a content from one of our templates, and submits it to WhatsApp."""

from __future__ import annotations

import re
from typing import Any

from ..errors import Reason, Refused, SendError, Unsettled
from ..events import Template, TemplateButton
from .api import CONTENT_URL, Api
from .content_types import ACTIONS
from .templates import read

URL = f"{CONTENT_URL}/v1/Content"
# WhatsApp's rule; the language of a template isn't a part of its name.
NAME = re.compile("[a-z0-9_]{1,512}")
ALREADY_SUBMITTED = "92009"
TYPES_BY_KIND = {kind: word for word, (kind, _field) in ACTIONS.items()}


def create(api: Api, template: Template) -> Template:
    """Create a content unless the template has one, and submit it; return both."""
    if not NAME.fullmatch(template.name):
        raise _refusal("The name may only have a-z, 0-9 and underscores.")
    if not template.category:
        raise _refusal("The template needs a category.")
    content = _content(template)
    sid = template.reference or _create(api, content)
    approval = {"category": template.category, **_submit(api, sid, template)}
    return read({**content, "sid": sid, "approval_requests": approval})


def _create(api: Api, content: dict[str, Any]) -> str:
    answer = api.request("POST", URL, json=content)
    if not answer.get("sid"):
        raise Unsettled(Reason.OTHER, detail="Twilio's answer names no content.")
    return str(answer["sid"])


def _submit(api: Api, sid: str, template: Template) -> dict[str, Any]:
    """Return the approval; without one, its state is "unsubmitted" with a reason."""
    wanted = {"name": template.name, "category": template.category.upper()}
    try:
        answer = api.request(
            "POST", f"{URL}/{sid}/ApprovalRequests/whatsapp", json=wanted
        )
    except SendError as error:
        if error.code == ALREADY_SUBMITTED:
            return {"status": "received"}
        # The content exists, so the caller must learn its id.
        return {"status": "unsubmitted", "rejection_reason": error.detail or str(error)}
    # Twilio accepted it, whatever it calls that.
    status = answer.get("status")
    is_new = status in (None, "", "unsubmitted")
    return {**answer, "status": "received" if is_new else status}


def _content(template: Template) -> dict[str, Any]:
    """Return the template as the body of a new content."""
    name, values = _type_of(template)
    return {
        "friendly_name": template.name,
        "language": template.language,
        "variables": dict(template.variables),
        "types": {name: values},
    }


def _type_of(template: Template) -> tuple[str, dict[str, Any]]:
    """Return the plainest type that can hold the template.

    A card can't be sent without approval, other types can within the reply window.
    """
    actions = [_action(button) for button in template.buttons]
    kinds = {button.kind for button in template.buttons}
    parts: dict[str, Any] = {
        "body": template.body,
        "media": [template.media_url] if template.media_url else [],
        "actions": actions,
        "header_text": template.header,
        "footer": template.footer,
    }
    values = {name: value for name, value in parts.items() if value}
    if set(values) == {"body"}:
        return "twilio/text", values
    if set(values) <= {"body", "media"}:
        return "twilio/media", values
    if set(values) == {"body", "actions"} and kinds == {"reply"}:
        return "twilio/quick-reply", values
    if set(values) == {"body", "actions"} and "reply" not in kinds:
        return "twilio/call-to-action", values
    return "whatsapp/card", values


def _action(button: TemplateButton) -> dict[str, str]:
    word = TYPES_BY_KIND.get(button.kind)
    if not word:
        raise _refusal("Only replies, links, calls and codes can be buttons.")
    field = ACTIONS[word][1]
    value = (button.payload or button.text) if field == "id" else button.value
    return {"type": word, "title": button.text, field: value}


def _refusal(words: str) -> Refused:
    return Refused(Reason.TEMPLATE_REJECTED, detail=words)
